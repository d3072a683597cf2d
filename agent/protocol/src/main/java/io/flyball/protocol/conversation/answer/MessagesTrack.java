package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonTree;
import java.nio.charset.StandardCharsets;

/**
 * Anthropic's messages. The ids of messages and tool calls are not compared: they are told only
 * where something begins.
 */
final class MessagesTrack extends StreamTrack {
  private static final byte[] TYPE = ascii("type");
  private static final byte[] INDEX = ascii("index");
  private static final byte[] DELTA = ascii("delta");
  private static final byte[] BLOCK = ascii("content_block");
  private static final byte[] TEXT = ascii("text");
  private static final byte[] THINKING = ascii("thinking");
  private static final byte[] SIGNATURE = ascii("signature");
  private static final byte[] PARTIAL_JSON = ascii("partial_json");
  private static final byte[] STOP_REASON = ascii("stop_reason");
  private static final byte[] NAME = ascii("name");
  private static final byte[] INPUT = ascii("input");

  private static final byte[] MESSAGE_START = ascii("message_start");
  private static final byte[] BLOCK_DELTA = ascii("content_block_delta");
  private static final byte[] BLOCK_START = ascii("content_block_start");
  private static final byte[] BLOCK_STOP = ascii("content_block_stop");
  private static final byte[] MESSAGE_DELTA = ascii("message_delta");
  private static final byte[] MESSAGE_STOP = ascii("message_stop");

  private final Span type = new Span();
  private final Span innerType = new Span();
  private final Span text = new Span();
  private final Span thinking = new Span();
  private final Span signature = new Span();
  private final Span partialJson = new Span();
  private final Span stopReason = new Span();
  private final Span name = new Span();
  private final Span input = new Span();

  /** Whether the event was given that the message begins with: others may come before it. */
  private boolean started;

  @Override
  void delivered(String eventName) {
    type.clear();
    innerType.clear();
    text.clear();
    thinking.clear();
    signature.clear();
    partialJson.clear();
    stopReason.clear();
    name.clear();
    input.clear();
    int index = 0;
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(TYPE)) {
        json.string(type);
      } else if (json.is(INDEX)) {
        index = json.integer();
      } else if (json.is(DELTA) || json.is(BLOCK)) {
        inner();
      } else {
        json.skip();
      }
    }
    if (!json.isBroken()) {
      say(eventName, index);
    }
  }

  /** The event's name stands in for the type that its data lacks. */
  private boolean is(byte[] kind, String eventName) {
    return type.present
        ? json.equals(type, kind)
        : eventName != null && new String(kind, StandardCharsets.US_ASCII).equals(eventName);
  }

  private void inner() {
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(TYPE)) {
        json.string(innerType);
      } else if (json.is(TEXT)) {
        json.string(text);
      } else if (json.is(PARTIAL_JSON)) {
        json.string(partialJson);
      } else if (json.is(THINKING)) {
        json.string(thinking);
      } else if (json.is(SIGNATURE)) {
        json.string(signature);
      } else if (json.is(STOP_REASON)) {
        json.string(stopReason);
      } else if (json.is(NAME)) {
        json.string(name);
      } else if (json.is(INPUT)) {
        json.value(input);
      } else {
        json.skip();
      }
    }
  }

  private void say(String eventName, int index) {
    if (is(BLOCK_DELTA, eventName)) {
      texts(index);
      if (!text.present && !partialJson.present && !thinking.present && !signature.present) {
        log.giveUp();
      }
    } else if (is(BLOCK_START, eventName)) {
      String kind = innerType.present ? json.text(innerType) : "";
      boolean given = input.present && input.end - input.start > 2;
      if (!isComparable(kind) || given) {
        log.giveUp();
      }
      head.point(LogCursor.BEGIN, index, word(kind, name.present ? json.text(name) : null));
      texts(index);
    } else if (is(BLOCK_STOP, eventName)) {
      head.point(LogCursor.END, index, "");
    } else if (is(MESSAGE_DELTA, eventName)) {
      if (stopReason.present) {
        head.point(LogCursor.FINISH, 0, json.text(stopReason));
      }
    } else if (is(MESSAGE_STOP, eventName)) {
      complete();
    } else {
      started |= is(MESSAGE_START, eventName);
    }
  }

  private void texts(int index) {
    head.append(LogCursor.TEXT, index, json, text);
    head.append(LogCursor.ARGUMENTS, index, json, partialJson);
    head.append(LogCursor.REASONING, index, json, thinking);
    head.append(LogCursor.SIGNATURE, index, json, signature);
  }

  private static boolean isComparable(String blockType) {
    return "text".equals(blockType) || "tool_use".equals(blockType) || "thinking".equals(blockType);
  }

  private static String word(String blockType, String toolName) {
    return toolName == null ? blockType : blockType + ' ' + toolName;
  }

  // ---- the new stream

  @Override
  void join(JsonTree data, String eventName, Joint.Event event) {
    JsonTree named = data.get("type");
    String kind = named != null && named.text() != null ? named.text() : String.valueOf(eventName);
    LogCursor cursor = event.cursor();
    switch (kind) {
      case "error":
        event.fail();
        break;
      case "message_start":
        if (!started) {
          event.give();
          started = true;
        }
        break;
      case "content_block_start":
        joinStart(data, event);
        break;
      case "content_block_delta":
        joinDelta(data, event);
        break;
      case "content_block_stop":
        if (cursor.point(LogCursor.END, index(data), "")) {
          event.give();
        }
        break;
      case "message_delta":
        joinMessageDelta(data, event);
        break;
      case "message_stop":
        if (!cursor.isAtEnd()) {
          cursor.diverge();
          return;
        }
        event.give();
        complete();
        break;
      default:
        if (isSuperseded()) {
          event.give();
        }
        break;
    }
  }

  private static int index(JsonTree data) {
    JsonTree index = data.get("index");
    Long value = index == null ? null : index.integer();
    return value == null ? 0 : value.intValue();
  }

  private static String string(JsonTree object, String field) {
    JsonTree value = object == null ? null : object.get(field);
    return value == null ? null : value.text();
  }

  private void joinStart(JsonTree data, Joint.Event event) {
    JsonTree block = data.get("content_block");
    String kind = String.valueOf(string(block, "type"));
    JsonTree given = block == null ? null : block.get("input");
    if (!isComparable(kind) || (given != null && !given.children().isEmpty())) {
      event.incomparable();
    }
    LogCursor cursor = event.cursor();
    boolean isNew = cursor.point(LogCursor.BEGIN, index(data), word(kind, string(block, "name")));
    boolean more = block != null && rests(block, index(data), event);
    if (isNew) {
      event.give();
    } else if (more) {
      // A block does not begin twice, so what it begins with cannot be told in part.
      cursor.diverge();
    }
  }

  private void joinDelta(JsonTree data, Joint.Event event) {
    JsonTree delta = data.get("delta");
    boolean known =
        string(delta, "text") != null
            || string(delta, "partial_json") != null
            || string(delta, "thinking") != null
            || string(delta, "signature") != null;
    if (!known) {
      event.incomparable();
      event.give();
      return;
    }
    boolean caughtUp = event.cursor().isAtEnd();
    boolean isNew = rests(delta, index(data), event);
    boolean empty = caughtUp && !isNew;
    if (isNew || empty) {
      event.give();
    }
  }

  /** Takes out of the texts of a delta what was delivered; tells whether something is left. */
  private boolean rests(JsonTree delta, int index, Joint.Event event) {
    boolean left = rest(LogCursor.TEXT, index, delta.get("text"), event);
    left |= rest(LogCursor.ARGUMENTS, index, delta.get("partial_json"), event);
    left |= rest(LogCursor.REASONING, index, delta.get("thinking"), event);
    left |= rest(LogCursor.SIGNATURE, index, delta.get("signature"), event);
    return left;
  }

  private static boolean rest(int kind, int index, JsonTree value, Joint.Event event) {
    String whole = value == null ? null : value.text();
    if (whole == null || whole.isEmpty()) {
      return false;
    }
    int delivered = event.cursor().text(kind, index, whole);
    event.replace(value, whole.substring(delivered));
    return delivered < whole.length();
  }

  private static void joinMessageDelta(JsonTree data, Joint.Event event) {
    String reason = string(data.get("delta"), "stop_reason");
    if (reason == null || event.cursor().point(LogCursor.FINISH, 0, reason)) {
      event.give();
    }
  }
}
