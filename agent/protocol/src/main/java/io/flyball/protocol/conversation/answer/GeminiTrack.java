package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.failure.ErrorWords;
import io.flyball.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.List;

/** Gemini's generateContent, one candidate. A function call is whole and is compared as a whole. */
final class GeminiTrack extends StreamTrack {
  private static final byte[] CANDIDATES = ascii("candidates");
  private static final byte[] CONTENT = ascii("content");
  private static final byte[] PARTS = ascii("parts");
  private static final byte[] INDEX = ascii("index");
  private static final byte[] FINISH_REASON = ascii("finishReason");
  private static final byte[] UNSPECIFIED = ascii("FINISH_REASON_UNSPECIFIED");
  private static final byte[] RESPONSE_ID = ascii("responseId");
  private static final byte[] FEEDBACK = ascii("promptFeedback");
  private static final byte[] BLOCK_REASON = ascii("blockReason");
  private static final byte[] TEXT = ascii("text");
  private static final byte[] THOUGHT = ascii("thought");
  private static final byte[] SIGNATURE = ascii("thoughtSignature");
  private static final byte[] CALL = ascii("functionCall");
  private static final byte[] NAME = ascii("name");
  private static final byte[] ARGS = ascii("args");
  private static final byte[] ID = ascii("id");

  private final Span text = new Span();
  private final Span name = new Span();
  private final Span args = new Span();
  private final Span finish = new Span();
  private final Span other = new Span();
  private boolean call;

  /** Older models give every piece of an answer a finish reason. */
  private boolean finishSeen;

  private String responseId;

  @Override
  void delivered(String eventName) {
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(CANDIDATES)) {
        candidates();
      } else if (responseId == null && json.is(RESPONSE_ID)) {
        responseId = json.string(other) ? json.text(other) : null;
      } else if (json.is(FEEDBACK)) {
        feedback();
      } else {
        json.skip();
      }
    }
  }

  private void feedback() {
    if (json.object()) {
      while (json.field()) {
        if (json.is(BLOCK_REASON) && json.string(other)) {
          complete();
        } else if (!json.is(BLOCK_REASON)) {
          json.skip();
        }
      }
    }
  }

  private void candidates() {
    if (json.array()) {
      while (json.element()) {
        candidate();
      }
    }
  }

  private void candidate() {
    finish.clear();
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(CONTENT)) {
        content();
      } else if (json.is(FINISH_REASON)) {
        json.string(finish);
        if (json.equals(finish, UNSPECIFIED)) {
          finish.clear();
        }
      } else if (json.is(INDEX)) {
        if (json.integer() != 0) {
          severalChoices();
        }
      } else {
        json.skip();
      }
    }
    if (finish.present) {
      head.point(LogCursor.FINISH, 0, json.text(finish));
      finishSeen = true;
      choiceFinished();
    }
  }

  private void content() {
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(PARTS) && json.array()) {
        while (json.element()) {
          part();
        }
      } else if (!json.is(PARTS)) {
        json.skip();
      }
    }
  }

  private void part() {
    text.clear();
    call = false;
    boolean thought = false;
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(TEXT)) {
        json.string(text);
      } else if (json.is(THOUGHT)) {
        json.value(other);
        thought = other.present && json.bytes()[other.start] == 't';
      } else if (json.is(CALL)) {
        call();
      } else {
        if (!json.is(SIGNATURE)) {
          log.giveUp();
        }
        json.skip();
      }
    }
    if (finishSeen && (call || (text.present && !text.isEmpty()))) {
      goesOnAfterFinish();
    }
    if (call) {
      head.point(LogCursor.CALL, 0, word(name.present ? json.text(name) : "", rawArgs()));
    }
    head.append(thought ? LogCursor.REASONING : LogCursor.TEXT, 0, json, text);
  }

  private String rawArgs() {
    return args.present ? json.raw(args) : "";
  }

  private void call() {
    name.clear();
    args.clear();
    call = true;
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(NAME)) {
        json.string(name);
      } else if (json.is(ARGS)) {
        json.value(args);
      } else {
        if (!json.is(ID)) {
          log.giveUp();
        }
        json.skip();
      }
    }
  }

  private static String word(String callName, String callArgs) {
    return callName + ' ' + compact(callArgs);
  }

  /** JSON without the white space between its values. */
  private static String compact(String value) {
    StringBuilder out = new StringBuilder(value.length());
    boolean inString = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && inString && i + 1 < value.length()) {
        out.append(c).append(value.charAt(++i));
        continue;
      }
      if (c == '"') {
        inString = !inString;
      }
      if (inString || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) {
        out.append(c);
      }
    }
    return out.toString();
  }

  // ---- the new stream

  @Override
  void join(JsonTree data, String eventName, Joint.Event event) {
    if (ErrorWords.saySomething(data.get("error"))) {
      event.fail();
      return;
    }
    JoinedResponse response = new JoinedResponse(event);
    JsonTree candidates = data.get("candidates");
    if (candidates != null) {
      for (JsonTree candidate : candidates.children()) {
        response.candidate(candidate);
      }
    }
    if (response.goesOn()) {
      event.replace(data.get("responseId"), responseId);
      event.give();
    }
    if (response.isNew && finishSeen && !response.onlyFinish) {
      goesOnAfterFinish();
    }
    if (response.finished && event.cursor().isAtEnd()) {
      finishSeen = true;
      choiceFinished();
    }
  }

  /** One response of the new stream. */
  private static final class JoinedResponse {
    private final Joint.Event event;
    private final LogCursor cursor;
    private final boolean caughtUp;
    private boolean said;
    private boolean isNew;
    private boolean finished;
    private boolean onlyFinish = true;

    JoinedResponse(Joint.Event event) {
      this.event = event;
      this.cursor = event.cursor();
      this.caughtUp = cursor.isAtEnd();
    }

    boolean goesOn() {
      return said ? isNew : caughtUp;
    }

    void candidate(JsonTree candidate) {
      JsonTree index = candidate.get("index");
      if (index != null && !Long.valueOf(0).equals(index.integer())) {
        event.incomparable();
      }
      JsonTree content = candidate.get("content");
      JsonTree parts = content == null ? null : content.get("parts");
      if (parts != null && parts.isArray()) {
        List<JsonTree> repeated = new ArrayList<>();
        for (JsonTree part : parts.children()) {
          if (isRepeated(part)) {
            repeated.add(part);
          }
        }
        if (!repeated.isEmpty()) {
          event.edits().remove(parts, repeated);
        }
      }
      JsonTree reason = candidate.get("finishReason");
      if (reason != null
          && reason.text() != null
          && !reason.text().equals("FINISH_REASON_UNSPECIFIED")) {
        said = true;
        finished = true;
        isNew |= cursor.point(LogCursor.FINISH, 0, reason.text());
      }
    }

    /** Whether nothing new is left of the part, but for an empty one. */
    private boolean isRepeated(JsonTree part) {
      for (JsonTree field : part.children()) {
        if (!isKnown(field.name())) {
          event.incomparable();
        }
      }
      boolean repeated = false;
      JsonTree function = part.get("functionCall");
      if (function != null) {
        said = true;
        JsonTree callName = function.get("name");
        JsonTree callArgs = function.get("args");
        String word =
            word(
                callName == null || callName.text() == null ? "" : callName.text(),
                callArgs == null ? "" : callArgs.json());
        boolean newCall = cursor.point(LogCursor.CALL, 0, word);
        isNew |= newCall;
        onlyFinish &= !newCall;
        repeated = !newCall;
      }
      JsonTree value = part.get("text");
      String whole = value == null ? null : value.text();
      if (whole == null || whole.isEmpty()) {
        return repeated;
      }
      said = true;
      JsonTree thought = part.get("thought");
      boolean thinks = thought != null && thought.isTrue();
      int delivered = cursor.text(thinks ? LogCursor.REASONING : LogCursor.TEXT, 0, whole);
      if (delivered == whole.length()) {
        return true;
      }
      isNew = true;
      onlyFinish = false;
      event.replace(value, whole.substring(delivered));
      return false;
    }

    private static boolean isKnown(String field) {
      return "text".equals(field)
          || "thought".equals(field)
          || "thoughtSignature".equals(field)
          || "functionCall".equals(field);
    }
  }
}
