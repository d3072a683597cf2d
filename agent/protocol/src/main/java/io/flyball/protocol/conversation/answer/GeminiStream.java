package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;

/** Writes a stream of generateContent. A tool call is held until it is whole, as it is there. */
final class GeminiStream implements AnswerSink {
  private final EventOutput events;
  private final Identity identity;
  private String model;
  private Call call;
  private boolean refused;

  GeminiStream(EventOutput events, Identity identity) {
    this.events = events;
    this.identity = identity;
  }

  /** There is nothing to say before the first part. */
  @Override
  public void start(String servedModel, Usage soFar) {
    model = servedModel;
  }

  @Override
  public void text(String piece) {
    JsonOutput parts = GeminiWords.open();
    GeminiWords.text(parts, piece);
    write(parts, null, null);
  }

  @Override
  public void refusal(String piece) {
    refused = true;
    text(piece);
  }

  @Override
  public void toolCall(String id, String name) throws UnusableAnswerException {
    writeCall();
    call = new Call(id, name);
  }

  @Override
  public void arguments(String piece) {
    call.arguments.append(piece);
  }

  private void writeCall() throws UnusableAnswerException {
    if (call != null) {
      JsonOutput parts = GeminiWords.open();
      GeminiWords.call(parts, call);
      call = null;
      write(parts, null, null);
    }
  }

  /** The last event has an empty text: SDKs expect parts. */
  @Override
  public void end(StopReason reason, Usage usage) throws UnusableAnswerException {
    writeCall();
    JsonOutput parts = GeminiWords.open();
    GeminiWords.text(parts, "");
    write(parts, refused ? StopReason.CONTENT_FILTER : reason, usage);
  }

  private void write(JsonOutput parts, StopReason reason, Usage usage) {
    events.dataWithCarriageReturns(GeminiWords.close(parts, reason, usage, model, identity));
  }
}
