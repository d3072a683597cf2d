package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.failure.ErrorWords;
import io.flyball.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.List;

/**
 * Chat completions, one choice. The ids of tool calls are not compared: a new stream has new ones,
 * and only the first piece of a call has an id.
 */
final class ChatTrack extends StreamTrack {
  private static final byte[] ID = ascii("id");
  private static final byte[] CREATED = ascii("created");
  private static final byte[] CHOICES = ascii("choices");
  private static final byte[] INDEX = ascii("index");
  private static final byte[] DELTA = ascii("delta");
  private static final byte[] FINISH_REASON = ascii("finish_reason");
  private static final byte[] LOGPROBS = ascii("logprobs");
  private static final byte[] CONTENT = ascii("content");
  private static final byte[] REFUSAL = ascii("refusal");
  private static final byte[] REASONING = ascii("reasoning");
  private static final byte[] REASONING_CONTENT = ascii("reasoning_content");
  private static final byte[] TOOL_CALLS = ascii("tool_calls");
  private static final byte[] FUNCTION = ascii("function");
  private static final byte[] NAME = ascii("name");
  private static final byte[] ARGUMENTS = ascii("arguments");
  private static final byte[] USAGE = ascii("usage");
  private static final byte[] ROLE = ascii("role");

  private final Span content = new Span();
  private final Span refusal = new Span();
  private final Span reasoning = new Span();
  private final Span reasoningContent = new Span();
  private final Span finish = new Span();
  private final Span name = new Span();
  private final Span arguments = new Span();
  private final Span other = new Span();

  private String id;
  private String created;
  private boolean roleGiven;

  /** Whether the event was given that has nothing but the usage. */
  private boolean usageGiven;

  private boolean choiceSeen;
  private boolean finishSeen;
  private boolean doneGiven;
  private int lastCall = -1;

  @Override
  void doneDelivered() {
    doneGiven = true;
    complete();
  }

  @Override
  byte[] missingEnd() {
    return isComplete() && !doneGiven ? ascii("data: [DONE]\n\n") : new byte[0];
  }

  @Override
  void delivered(String eventName) {
    if (!json.object()) {
      return;
    }
    choiceSeen = false;
    boolean usage = false;
    while (json.field()) {
      if (json.is(CHOICES) && json.array()) {
        while (json.element()) {
          choice();
        }
      } else if (id == null && json.is(ID)) {
        id = json.string(other) && !other.isEmpty() ? json.text(other) : null;
      } else if (created == null && json.is(CREATED)) {
        int seconds = json.integer();
        created = seconds > 0 ? Integer.toString(seconds) : null;
      } else if (json.is(USAGE)) {
        json.value(other);
        usage = !json.isNull(other);
      } else if (!json.is(CHOICES)) {
        json.skip();
      }
    }
    usageGiven |= usage && !choiceSeen;
  }

  private void choice() {
    choiceSeen = true;
    content.clear();
    refusal.clear();
    reasoning.clear();
    reasoningContent.clear();
    finish.clear();
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(DELTA)) {
        delta();
      } else if (json.is(FINISH_REASON)) {
        json.string(finish);
      } else if (json.is(INDEX)) {
        if (json.integer() != 0) {
          severalChoices();
        }
      } else if (json.is(LOGPROBS)) {
        json.value(other);
        giveUpUnless(json.isNull(other));
      } else {
        json.skip();
      }
    }
    if (finish.present && !finish.isEmpty()) {
      head.point(LogCursor.FINISH, 0, json.text(finish));
      finishSeen = true;
      choiceFinished();
    }
  }

  private void giveUpUnless(boolean comparable) {
    if (!comparable) {
      log.giveUp();
    }
  }

  private void text(Span into) {
    if (json.string(into)) {
      return;
    }
    giveUpUnless(json.wasNull());
  }

  private void delta() {
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(CONTENT)) {
        text(content);
      } else if (json.is(REFUSAL)) {
        text(refusal);
      } else if (json.is(REASONING_CONTENT)) {
        text(reasoningContent);
      } else if (json.is(REASONING)) {
        text(reasoning);
      } else if (json.is(ROLE)) {
        roleGiven |= json.string(other);
      } else if (json.is(TOOL_CALLS)) {
        texts();
        toolCalls();
      } else {
        json.value(other);
        giveUpUnless(isHarmless());
      }
    }
    texts();
  }

  /** Numbers, words and strings beside the answer, and whatever is empty. */
  private boolean isHarmless() {
    byte first = other.present ? json.bytes()[other.start] : 0;
    return (first != '{' && first != '[') || other.end - other.start == 2;
  }

  /** In this order, however they stand. */
  private void texts() {
    say(LogCursor.REASONING, reasoningContent);
    say(LogCursor.OTHER_REASONING, reasoning);
    say(LogCursor.TEXT, content);
    say(LogCursor.REFUSAL, refusal);
  }

  private void say(int kind, Span text) {
    if (finishSeen && text.present && !text.isEmpty()) {
      goesOnAfterFinish();
    }
    head.append(kind, 0, json, text);
    text.clear();
  }

  private void toolCalls() {
    if (json.array()) {
      while (json.element()) {
        toolCall();
      }
    }
  }

  private void toolCall() {
    name.clear();
    arguments.clear();
    int index = -1;
    boolean function = false;
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(INDEX)) {
        index = json.integer();
      } else if (json.is(FUNCTION)) {
        function = true;
        function();
      } else {
        json.skip();
      }
    }
    boolean named = name.present && !name.isEmpty();
    giveUpUnless(function && index >= 0 && named == index > lastCall);
    if (named) {
      lastCall = index;
      head.point(LogCursor.CALL, index, json.text(name));
    }
    head.append(LogCursor.ARGUMENTS, index, json, arguments);
  }

  private void function() {
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(NAME)) {
        json.string(name);
      } else if (json.is(ARGUMENTS)) {
        text(arguments);
      } else {
        json.skip();
      }
    }
  }

  // ---- the new stream

  @Override
  void joinDone(Joint.Event event) {
    if (!event.cursor().isAtEnd()) {
      event.cursor().diverge();
      return;
    }
    event.give();
    complete();
  }

  @Override
  void join(JsonTree data, String eventName, Joint.Event event) {
    if (ErrorWords.saySomething(data.get("error"))) {
      event.fail();
      return;
    }
    if (isErrorFinish(data)) {
      event.fail();
      return;
    }
    JoinedChunk chunk = new JoinedChunk(event);
    JsonTree choices = data.get("choices");
    if (choices != null) {
      for (JsonTree choice : choices.children()) {
        chunk.choice(choice);
      }
    }
    JsonTree usage = data.get("usage");
    boolean onlyUsage =
        usage != null && usage.isObject() && choices != null && choices.children().isEmpty();
    if (chunk.goesOn() && !(onlyUsage && usageGiven)) {
      usageGiven |= onlyUsage && event.cursor().isAtEnd();
      event.replace(data.get("id"), id);
      JsonTree time = data.get("created");
      if (time != null && created != null && !created.equals(time.number())) {
        event.edits().replace(time, created);
      }
      event.give();
      roleGiven |= chunk.role;
    }
    if (chunk.finished && event.cursor().isAtEnd()) {
      finishSeen = true;
      choiceFinished();
    }
  }

  private static boolean isErrorFinish(JsonTree data) {
    JsonTree choices = data.get("choices");
    if (choices != null) {
      for (JsonTree choice : choices.children()) {
        JsonTree reason = choice.get("finish_reason");
        if (reason != null && "error".equals(reason.text())) {
          return true;
        }
      }
    }
    return false;
  }

  /** One chunk of the new stream. */
  private final class JoinedChunk {
    private final Joint.Event event;
    private final LogCursor cursor;
    private final boolean caughtUp;
    private boolean said;
    private boolean isNew;
    private boolean role;
    private boolean finished;

    JoinedChunk(Joint.Event event) {
      this.event = event;
      this.cursor = event.cursor();
      this.caughtUp = cursor.isAtEnd();
    }

    /** Something new, or nothing at all but for a second beginning. */
    boolean goesOn() {
      return said ? isNew : caughtUp && !(role && roleGiven);
    }

    void choice(JsonTree choice) {
      JsonTree index = choice.get("index");
      JsonTree logprobs = choice.get("logprobs");
      boolean first = index == null || Long.valueOf(0).equals(index.integer());
      if (!first || (logprobs != null && !logprobs.isNull())) {
        event.incomparable();
      }
      JsonTree delta = choice.get("delta");
      if (delta != null && delta.isObject()) {
        delta(delta);
      }
      JsonTree reason = choice.get("finish_reason");
      if (reason != null && reason.text() != null && !reason.text().isEmpty()) {
        said = true;
        finished = true;
        isNew |= cursor.point(LogCursor.FINISH, 0, reason.text());
      }
    }

    private void delta(JsonTree delta) {
      List<JsonTree> removed = new ArrayList<>();
      text(LogCursor.REASONING, delta.get("reasoning_content"), removed);
      text(LogCursor.OTHER_REASONING, delta.get("reasoning"), removed);
      text(LogCursor.TEXT, delta.get("content"), removed);
      text(LogCursor.REFUSAL, delta.get("refusal"), removed);
      JsonTree calls = delta.get("tool_calls");
      if (calls != null && calls.isArray()) {
        List<JsonTree> repeated = new ArrayList<>();
        for (JsonTree call : calls.children()) {
          toolCall(call, repeated);
        }
        if (!repeated.isEmpty() && repeated.size() == calls.children().size()) {
          removed.add(calls);
        } else if (!repeated.isEmpty()) {
          event.edits().remove(calls, repeated);
        }
      }
      if (delta.get("function_call") != null || delta.get("audio") != null) {
        event.incomparable();
      }
      JsonTree roleField = delta.get("role");
      role |= roleField != null && roleField.text() != null;
      if (role && roleGiven) {
        removed.add(roleField);
      }
      if (!removed.isEmpty()) {
        event.edits().remove(delta, removed);
      }
    }

    /** What of a text was delivered already is taken out of the event. */
    private void text(int kind, JsonTree value, List<JsonTree> removed) {
      if (value == null || value.isNull()) {
        return;
      }
      if (value.text() == null) {
        event.incomparable();
        return;
      }
      if (rest(kind, 0, value)) {
        removed.add(value);
      }
    }

    /** Tells whether nothing is left of it. */
    private boolean rest(int kind, int index, JsonTree value) {
      String text = value.text();
      if (text.isEmpty()) {
        return false;
      }
      said = true;
      int delivered = cursor.text(kind, index, text);
      if (delivered == text.length()) {
        return true;
      }
      isNew = true;
      if (finishSeen) {
        goesOnAfterFinish();
      }
      event.replace(value, text.substring(delivered));
      return false;
    }

    private void toolCall(JsonTree call, List<JsonTree> repeated) {
      JsonTree at = call.get("index");
      Long index = at == null ? null : at.integer();
      JsonTree function = call.get("function");
      if (index == null || function == null || !function.isObject()) {
        event.incomparable();
        return;
      }
      JsonTree callName = function.get("name");
      boolean named = callName != null && callName.text() != null && !callName.text().isEmpty();
      boolean begunBefore = false;
      if (named) {
        said = true;
        begunBefore = !cursor.point(LogCursor.CALL, index.intValue(), callName.text());
        isNew |= !begunBefore;
      }
      JsonTree text = function.get("arguments");
      boolean empty = text == null || text.text() == null || text.text().isEmpty();
      boolean nothingLeft = !empty && rest(LogCursor.ARGUMENTS, index.intValue(), text);
      if ((begunBefore && empty) || (nothingLeft && (begunBefore || !named))) {
        repeated.add(call);
      } else if (begunBefore) {
        remove(call, "id", "type");
        remove(function, "name");
      }
    }

    private void remove(JsonTree object, String... fields) {
      List<JsonTree> removed = new ArrayList<>();
      for (String field : fields) {
        if (object.get(field) != null) {
          removed.add(object.get(field));
        }
      }
      event.edits().remove(object, removed);
    }
  }
}
