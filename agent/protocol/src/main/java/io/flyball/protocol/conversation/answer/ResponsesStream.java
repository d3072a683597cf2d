package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Writes the stream of a response. Its last events repeat the whole answer, so that this keeps all
 * of it. A whole response is what such a stream ends with.
 */
final class ResponsesStream implements AnswerSink {
  private final EventOutput events;
  private final Identity identity;
  private String model;
  private int sequence;
  private String response;

  private final List<String> items = new ArrayList<>();

  /** Of the item at hand; null when none is open. */
  private String itemId;

  /** When the item at hand is a tool call. */
  private Call call;

  /** Of the message at hand: its finished parts and the one that is open, if any. */
  private List<String> parts;

  private StringBuilder part;
  private boolean partRefuses;

  ResponsesStream(EventOutput events, Identity identity) {
    this.events = events;
    this.identity = identity;
  }

  static byte[] body(WholeAnswer answer, Identity identity) {
    ResponsesStream stream = new ResponsesStream(new EventOutput(), identity);
    stream.start(answer.model, null);
    if (answer.text.length() > 0) {
      stream.text(answer.text.toString());
    }
    if (answer.refusal.length() > 0) {
      stream.refusal(answer.refusal.toString());
    }
    for (Call whole : answer.calls) {
      stream.toolCall(whole.id, whole.name);
      stream.arguments(whole.arguments.toString());
    }
    stream.end(answer.reason, answer.usage);
    return new JsonOutput().json(stream.response).bytes();
  }

  @Override
  public void start(String servedModel, Usage soFar) {
    model = servedModel;
    String begun =
        ResponsesWords.response(identity, model, null, Collections.<String>emptyList(), null);
    write("response.created", out -> out.json("response", begun));
    write("response.in_progress", out -> out.json("response", begun));
  }

  @Override
  public void text(String piece) {
    openPart(false);
    part.append(piece);
    write(
        "response.output_text.delta",
        out -> place(out).field("delta", piece).json("logprobs", "[]"));
  }

  @Override
  public void refusal(String piece) {
    openPart(true);
    part.append(piece);
    write("response.refusal.delta", out -> place(out).field("delta", piece));
  }

  @Override
  public void toolCall(String id, String name) {
    closeItem("completed");
    call = new Call(identity.callId(id, ResponsesWords.CALL_ID), name);
    itemId = identity.id("fc_") + '_' + items.size();
    addItem(callItem("in_progress"));
  }

  @Override
  public void arguments(String piece) {
    call.arguments.append(piece);
    write("response.function_call_arguments.delta", out -> place(out).field("delta", piece));
  }

  @Override
  public void end(StopReason reason, Usage usage) {
    boolean complete = ResponsesWords.isComplete(reason);
    closeItem(complete ? "completed" : "incomplete");
    response = ResponsesWords.response(identity, model, reason, items, usage);
    write(
        complete ? "response.completed" : "response.incomplete",
        out -> out.json("response", response));
  }

  private String callItem(String status) {
    return ResponsesWords.functionCall(
        itemId, call.id, call.name, call.arguments.toString(), status);
  }

  private void openPart(boolean refuses) {
    if (part != null && partRefuses == refuses) {
      return;
    }
    if (parts == null) {
      closeItem("completed");
      itemId = identity.id("msg_") + '_' + items.size();
      parts = new ArrayList<>();
      addItem(ResponsesWords.message(itemId, "in_progress", parts));
    }
    closePart();
    part = new StringBuilder();
    partRefuses = refuses;
    String empty = partJson();
    write("response.content_part.added", out -> place(out).json("part", empty));
  }

  private String partJson() {
    String text = part.toString();
    return partRefuses ? ResponsesWords.refusalPart(text) : ResponsesWords.textPart(text);
  }

  private void closePart() {
    if (part == null) {
      return;
    }
    String text = part.toString();
    if (partRefuses) {
      write("response.refusal.done", out -> place(out).field("refusal", text));
    } else {
      write(
          "response.output_text.done",
          out -> place(out).field("text", text).json("logprobs", "[]"));
    }
    String json = partJson();
    write("response.content_part.done", out -> place(out).json("part", json));
    parts.add(json);
    part = null;
  }

  private void addItem(String item) {
    write(
        "response.output_item.added",
        out -> out.field("output_index", items.size()).json("item", item));
  }

  private void closeItem(String status) {
    if (itemId == null) {
      return;
    }
    String item;
    if (call != null) {
      String arguments = call.arguments.toString();
      write(
          "response.function_call_arguments.done",
          out -> place(out).field("name", call.name).field("arguments", arguments));
      item = callItem(status);
    } else {
      closePart();
      item = ResponsesWords.message(itemId, status, parts);
    }
    write(
        "response.output_item.done",
        out -> out.field("output_index", items.size()).json("item", item));
    items.add(item);
    itemId = null;
    call = null;
    parts = null;
  }

  private JsonOutput place(JsonOutput out) {
    out.field("item_id", itemId).field("output_index", items.size());
    return parts == null ? out : out.field("content_index", parts.size());
  }

  private interface Fields {
    void write(JsonOutput out);
  }

  private void write(String type, Fields fields) {
    JsonOutput out =
        new JsonOutput().object().field("type", type).field("sequence_number", sequence++);
    fields.write(out);
    events.event(type, out.endObject());
  }
}
