package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;

/** Writes the stream of a message; every event has its name, without which SDKs drop it. */
final class MessagesStream implements AnswerSink {
  private final EventOutput events;
  private final Identity identity;
  private int blocks;
  private boolean blockOpen;
  private boolean textOpen;
  private boolean refused;

  MessagesStream(EventOutput events, Identity identity) {
    this.events = events;
    this.identity = identity;
  }

  @Override
  public void start(String model, Usage soFar) {
    JsonOutput out = event("message_start").object("message");
    MessagesWords.head(out, identity, model);
    out.endArray().nullField("stop_reason").nullField("stop_sequence");
    MessagesWords.usage(out, soFar);
    write("message_start", out.endObject());
  }

  @Override
  public void text(String piece) {
    if (!textOpen) {
      closeBlock();
      openBlock(block -> block.field("type", "text").field("text", ""));
      textOpen = true;
    }
    delta(delta -> delta.field("type", "text_delta").field("text", piece));
  }

  @Override
  public void refusal(String piece) {
    refused = true;
    text(piece);
  }

  @Override
  public void toolCall(String id, String name) {
    closeBlock();
    String callId = identity.callId(id, MessagesWords.CALL_ID);
    openBlock(
        block ->
            block
                .field("type", "tool_use")
                .field("id", callId)
                .field("name", name)
                .object("input")
                .endObject());
  }

  @Override
  public void arguments(String piece) {
    delta(delta -> delta.field("type", "input_json_delta").field("partial_json", piece));
  }

  @Override
  public void end(StopReason reason, Usage usage) {
    closeBlock();
    StopReason why = refused ? StopReason.CONTENT_FILTER : reason;
    JsonOutput out =
        event("message_delta")
            .object("delta")
            .field("stop_reason", MessagesWords.stopReason(why))
            .nullField("stop_sequence")
            .endObject();
    MessagesWords.usage(out, usage);
    write("message_delta", out);
    write("message_stop", event("message_stop"));
  }

  private interface Fields {
    void write(JsonOutput out);
  }

  private void openBlock(Fields fields) {
    blockOpen = true;
    JsonOutput out = event("content_block_start").field("index", blocks).object("content_block");
    fields.write(out);
    write("content_block_start", out.endObject());
  }

  private void delta(Fields fields) {
    JsonOutput out = event("content_block_delta").field("index", blocks).object("delta");
    fields.write(out);
    write("content_block_delta", out.endObject());
  }

  private void closeBlock() {
    if (blockOpen) {
      write("content_block_stop", event("content_block_stop").field("index", blocks));
      blocks++;
    }
    blockOpen = false;
    textOpen = false;
  }

  private static JsonOutput event(String type) {
    return new JsonOutput().object().field("type", type);
  }

  private void write(String type, JsonOutput open) {
    events.event(type, open.endObject());
  }
}
