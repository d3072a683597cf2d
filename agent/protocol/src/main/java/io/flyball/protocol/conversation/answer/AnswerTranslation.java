package io.flyball.protocol.conversation.answer;

import java.nio.ByteBuffer;

/**
 * How the answer of one provider becomes one in the words of another: text, refusals, tool calls,
 * the stop reason and usage are carried over, reasoning is left out. The model's name is that of
 * the model that answered. Immutable; a stream's state is in its {@link StreamTranslator}.
 */
public final class AnswerTranslation {
  private final String target;
  private final String application;
  private final String targetModel;
  private final boolean usageWanted;
  private final String idSeed;
  private final long createdSeconds;

  private AnswerTranslation(
      String target,
      String application,
      String targetModel,
      boolean usageWanted,
      String idSeed,
      long createdSeconds) {
    this.target = target;
    this.application = application;
    this.targetModel = targetModel;
    this.usageWanted = usageWanted;
    this.idSeed = idSeed;
    this.createdSeconds = createdSeconds;
  }

  /**
   * @param target the id of the protocol that is answered in: {@code openai.chat}, {@code
   *     anthropic.messages} or {@code gemini.generate}
   * @param application the id of the application's: one of those or {@code openai.responses}
   * @param targetModel the name the target knows its model by, told when the answer tells none
   * @param usageWanted whether an application of chat completions asked for usage in its stream
   * @param idSeed letters and digits, new for every answer, from which ids are made
   * @param createdSeconds when the answer is from, in seconds of the epoch
   * @return null when answers cannot be translated between the two
   */
  public static AnswerTranslation between(
      String target,
      String application,
      String targetModel,
      boolean usageWanted,
      String idSeed,
      long createdSeconds) {
    boolean known =
        AnswerSource.of(target, new WholeAnswer(), targetModel) != null
            && isApplication(application);
    return known
        ? new AnswerTranslation(
            target, application, targetModel, usageWanted, idSeed, createdSeconds)
        : null;
  }

  private static boolean isApplication(String protocolId) {
    switch (protocolId) {
      case "openai.chat":
      case "openai.responses":
      case "anthropic.messages":
      case "gemini.generate":
        return true;
      default:
        return false;
    }
  }

  /** The Content-Type of a translated stream or plain answer. */
  public static String contentType(boolean stream) {
    return stream ? "text/event-stream; charset=utf-8" : "application/json";
  }

  /**
   * A successful answer as the application expects it in one piece, though the target may have sent
   * a stream.
   *
   * @param targetBody all of the target's body, not compressed
   */
  public byte[] whole(byte[] targetBody) throws UnusableAnswerException {
    WholeAnswer answer = new WholeAnswer();
    Body body = new Body(AnswerSource.of(target, answer, targetModel));
    body.feed(ByteBuffer.wrap(targetBody));
    body.end();
    if (body.failure() != null) {
      throw body.failure();
    }
    Identity identity = new Identity(idSeed, createdSeconds);
    switch (application) {
      case "openai.chat":
        return ChatWords.body(answer, identity);
      case "openai.responses":
        return ResponsesStream.body(answer, identity);
      case "anthropic.messages":
        return MessagesWords.body(answer, identity);
      default:
        return GeminiWords.body(answer, identity);
    }
  }

  /** For one stream of a successful answer. */
  public StreamTranslator stream() {
    EventOutput events = new EventOutput();
    AnswerSink sink = sink(events, new Identity(idSeed, createdSeconds));
    return new StreamTranslator(AnswerSource.of(target, sink, targetModel), events);
  }

  private AnswerSink sink(EventOutput events, Identity identity) {
    switch (application) {
      case "openai.chat":
        return new ChatStream(events, identity, usageWanted);
      case "openai.responses":
        return new ResponsesStream(events, identity);
      case "anthropic.messages":
        return new MessagesStream(events, identity);
      default:
        return new GeminiStream(events, identity);
    }
  }
}
