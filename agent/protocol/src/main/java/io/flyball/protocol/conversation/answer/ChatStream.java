package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;

/** Writes the stream of a chat completion: unnamed events in the strictest form there is. */
final class ChatStream implements AnswerSink {
  private final EventOutput events;
  private final Identity identity;
  private final boolean usageWanted;
  private String model;
  private int call = -1;

  ChatStream(EventOutput events, Identity identity, boolean usageWanted) {
    this.events = events;
    this.identity = identity;
    this.usageWanted = usageWanted;
  }

  @Override
  public void start(String servedModel, Usage soFar) {
    model = servedModel;
    delta(delta().field("role", "assistant").field("content", ""), null);
  }

  @Override
  public void text(String piece) {
    delta(delta().field("content", piece), null);
  }

  @Override
  public void refusal(String piece) {
    delta(delta().field("refusal", piece), null);
  }

  @Override
  public void toolCall(String id, String name) {
    call++;
    JsonOutput delta =
        delta()
            .array("tool_calls")
            .object()
            .field("index", call)
            .field("id", identity.callId(id, ChatWords.CALL_ID))
            .field("type", "function")
            .object("function")
            .field("name", name)
            .field("arguments", "")
            .endObject()
            .endObject()
            .endArray();
    delta(delta, null);
  }

  @Override
  public void arguments(String piece) {
    JsonOutput delta =
        delta()
            .array("tool_calls")
            .object()
            .field("index", call)
            .object("function")
            .field("arguments", piece)
            .endObject()
            .endObject()
            .endArray();
    delta(delta, null);
  }

  @Override
  public void end(StopReason reason, Usage usage) {
    delta(delta(), ChatWords.finishReason(reason));
    if (usageWanted && usage != null) {
      JsonOutput chunk = chunk().array("choices").endArray();
      ChatWords.usage(chunk, usage);
      events.data(chunk.endObject());
    }
    events.data("[DONE]");
  }

  private JsonOutput chunk() {
    return new JsonOutput()
        .object()
        .field("id", identity.id(ChatWords.ID))
        .field("object", "chat.completion.chunk")
        .field("created", identity.created())
        .field("model", model);
  }

  private JsonOutput delta() {
    return chunk().array("choices").object().field("index", 0).object("delta");
  }

  private void delta(JsonOutput delta, String finishReason) {
    delta
        .endObject()
        .nullField("logprobs")
        .field("finish_reason", finishReason)
        .endObject()
        .endArray();
    if (usageWanted) {
      delta.nullField("usage");
    }
    events.data(delta.endObject());
  }
}
