package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonTree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * OpenAI's responses. Events of the new stream go on with the first one's sequence numbers, and
 * with its ids for what the first one began. The last event's response is the new one, which is the
 * one that the provider knows, but for the ids of tool calls that the application knows otherwise.
 */
final class ResponsesTrack extends StreamTrack {
  private static final byte[] TYPE = ascii("type");
  private static final byte[] SEQUENCE = ascii("sequence_number");
  private static final byte[] OUTPUT_INDEX = ascii("output_index");
  private static final byte[] CONTENT_INDEX = ascii("content_index");
  private static final byte[] ITEM = ascii("item");
  private static final byte[] PART = ascii("part");
  private static final byte[] DELTA = ascii("delta");
  private static final byte[] ID = ascii("id");
  private static final byte[] CALL_ID = ascii("call_id");
  private static final byte[] NAME = ascii("name");

  private static final byte[] TEXT_DELTA = ascii("response.output_text.delta");
  private static final byte[] ARGUMENTS_DELTA = ascii("response.function_call_arguments.delta");

  /** What the application knows an output item by. */
  private static final class Item {
    final String id;
    final String callId;

    Item(String id, String callId) {
      this.id = id;
      this.callId = callId;
    }
  }

  private final Map<Integer, Item> items = new HashMap<>();
  private final Span type = new Span();
  private final Span innerType = new Span();
  private final Span delta = new Span();
  private final Span id = new Span();
  private final Span callId = new Span();
  private final Span name = new Span();

  /** Which of the events were delivered that come before all items. */
  private final Set<String> beginnings = new HashSet<>();

  private int sequence = -1;

  @Override
  void delivered(String eventName) {
    type.clear();
    innerType.clear();
    delta.clear();
    id.clear();
    callId.clear();
    name.clear();
    int output = 0;
    int content = 0;
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(TYPE)) {
        json.string(type);
      } else if (json.is(SEQUENCE)) {
        sequence = json.integer();
      } else if (json.is(OUTPUT_INDEX)) {
        output = json.integer();
      } else if (json.is(CONTENT_INDEX)) {
        content = json.integer();
      } else if (json.is(DELTA)) {
        json.string(delta);
      } else if (json.is(ITEM) || json.is(PART)) {
        inner();
      } else {
        json.skip();
      }
    }
    if (json.isBroken()) {
      return;
    }
    if (json.equals(type, TEXT_DELTA)) {
      head.append(LogCursor.TEXT, place(output, content), json, delta);
    } else if (json.equals(type, ARGUMENTS_DELTA)) {
      head.append(LogCursor.ARGUMENTS, output, json, delta);
    } else {
      other(type.present ? json.text(type) : String.valueOf(eventName), output, content);
    }
  }

  private void inner() {
    if (!json.object()) {
      return;
    }
    while (json.field()) {
      if (json.is(TYPE)) {
        json.string(innerType);
      } else if (json.is(ID)) {
        json.string(id);
      } else if (json.is(CALL_ID)) {
        json.string(callId);
      } else if (json.is(NAME)) {
        json.string(name);
      } else {
        json.skip();
      }
    }
  }

  private static int place(int output, int content) {
    return (output << 8) + content;
  }

  private String text(Span span) {
    return span.present ? json.text(span) : null;
  }

  private void other(String kind, int output, int content) {
    switch (kind) {
      case "response.output_text.delta":
        // Its name alone says so.
        head.append(LogCursor.TEXT, place(output, content), json, delta);
        break;
      case "response.function_call_arguments.delta":
        head.append(LogCursor.ARGUMENTS, output, json, delta);
        break;
      case "response.created":
      case "response.in_progress":
      case "response.queued":
        beginnings.add(kind);
        break;
      case "response.refusal.delta":
        head.append(LogCursor.REFUSAL, place(output, content), json, delta);
        break;
      case "response.output_item.added":
        if (!isComparable(text(innerType))) {
          log.giveUp();
        }
        items.put(output, new Item(text(id), text(callId)));
        head.point(LogCursor.BEGIN, output, word(text(innerType), text(name)));
        break;
      case "response.content_part.added":
        head.point(LogCursor.BEGIN, place(output, content), word("part", text(innerType)));
        break;
      case "response.completed":
      case "response.incomplete":
        complete();
        break;
      case "response.failed":
      case "error":
        break;
      default:
        if (isEnd(kind)) {
          head.point(LogCursor.END, place(output, content), kind);
        } else {
          log.giveUp();
        }
        break;
    }
  }

  private static boolean isComparable(String itemType) {
    return "message".equals(itemType) || "function_call".equals(itemType);
  }

  private static boolean isEnd(String kind) {
    switch (kind) {
      case "response.output_text.done":
      case "response.refusal.done":
      case "response.content_part.done":
      case "response.function_call_arguments.done":
      case "response.output_item.done":
        return true;
      default:
        return false;
    }
  }

  private static String word(String kind, String name) {
    return name == null ? String.valueOf(kind) : kind + " " + name;
  }

  // ---- the new stream

  private static String string(JsonTree object, String field) {
    JsonTree value = object == null ? null : object.get(field);
    return value == null ? null : value.text();
  }

  private static int integer(JsonTree object, String field) {
    JsonTree value = object.get(field);
    Long number = value == null ? null : value.integer();
    return number == null ? 0 : number.intValue();
  }

  @Override
  void join(JsonTree data, String eventName, Joint.Event event) {
    String named = string(data, "type");
    String kind = named != null ? named : String.valueOf(eventName);
    int output = integer(data, "output_index");
    int place = place(output, integer(data, "content_index"));
    LogCursor cursor = event.cursor();
    boolean isNew;
    switch (kind) {
      case "error":
      case "response.failed":
        event.fail();
        return;
      case "response.created":
      case "response.in_progress":
      case "response.queued":
        isNew = cursor.isAtEnd() && items.isEmpty() && beginnings.add(kind);
        break;
      case "response.output_text.delta":
        isNew = rest(LogCursor.TEXT, place, data.get("delta"), event);
        break;
      case "response.refusal.delta":
        isNew = rest(LogCursor.REFUSAL, place, data.get("delta"), event);
        break;
      case "response.function_call_arguments.delta":
        isNew = rest(LogCursor.ARGUMENTS, output, data.get("delta"), event);
        break;
      case "response.output_item.added":
        isNew = added(data.get("item"), output, event);
        break;
      case "response.content_part.added":
        String part = word("part", string(data.get("part"), "type"));
        isNew = cursor.point(LogCursor.BEGIN, place, part);
        break;
      case "response.completed":
      case "response.incomplete":
        last(data.get("response"), event);
        isNew = true;
        break;
      default:
        isNew = unnamed(kind, place, event);
        break;
    }
    if (isNew && cursor.isAtEnd()) {
      give(data, output, event);
    }
  }

  private static boolean unnamed(String kind, int place, Joint.Event event) {
    if (isEnd(kind)) {
      return event.cursor().point(LogCursor.END, place, kind);
    }
    event.incomparable();
    return true;
  }

  private static boolean rest(int kind, int place, JsonTree value, Joint.Event event) {
    String whole = value == null ? null : value.text();
    if (whole == null || whole.isEmpty()) {
      return event.cursor().isAtEnd();
    }
    int delivered = event.cursor().text(kind, place, whole);
    event.replace(value, whole.substring(delivered));
    return delivered < whole.length();
  }

  private boolean added(JsonTree item, int output, Joint.Event event) {
    String kind = string(item, "type");
    if (!isComparable(kind)) {
      event.incomparable();
    }
    boolean isNew = event.cursor().point(LogCursor.BEGIN, output, word(kind, string(item, "name")));
    if (isNew) {
      items.put(output, new Item(string(item, "id"), string(item, "call_id")));
    }
    return isNew;
  }

  private void last(JsonTree response, Joint.Event event) {
    if (!event.cursor().isAtEnd()) {
      event.cursor().diverge();
      return;
    }
    complete();
    JsonTree output = response == null ? null : response.get("output");
    if (output == null || !output.isArray()) {
      return;
    }
    int index = 0;
    for (JsonTree item : output.children()) {
      Item known = items.get(index++);
      if (known != null) {
        event.replace(item.get("call_id"), known.callId);
      }
    }
  }

  private void give(JsonTree data, int output, Joint.Event event) {
    Item known = items.get(output);
    if (known != null) {
      event.replace(data.get("item_id"), known.id);
      JsonTree item = data.get("item");
      if (item != null) {
        event.replace(item.get("id"), known.id);
        event.replace(item.get("call_id"), known.callId);
      }
    }
    sequence++;
    JsonTree number = data.get("sequence_number");
    if (number != null && !Integer.toString(sequence).equals(number.number())) {
      event.edits().replace(number, Integer.toString(sequence));
    }
    event.give();
  }
}
