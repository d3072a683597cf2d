package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonSplice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An answer with a given text that no model wrote. Immutable but for its array. */
public final class MadeAnswer {
  private static final String WRITTEN_IN = "openai.chat";

  private final boolean stream;
  private final byte[] body;

  private MadeAnswer(boolean stream, byte[] body) {
    this.stream = stream;
    this.body = body;
  }

  /**
   * Makes an answer that used no tokens.
   *
   * @param application the id of the application's protocol
   * @param model stands where the model's name does
   * @param idSeed letters and digits, new for every answer
   * @param createdSeconds now, in seconds of the epoch
   * @return null when the protocol has no answers of text
   */
  public static MadeAnswer of(
      String application,
      boolean stream,
      String text,
      String model,
      String idSeed,
      long createdSeconds) {
    AnswerTranslation translation =
        AnswerTranslation.between(WRITTEN_IN, application, model, false, idSeed, createdSeconds);
    if (translation == null) {
      return null;
    }
    byte[] written = written(text, model).getBytes(StandardCharsets.UTF_8);
    try {
      return new MadeAnswer(
          stream, stream ? streamed(translation, written) : translation.whole(written));
    } catch (UnusableAnswerException e) {
      throw new IllegalStateException("an answer of our own is whole", e);
    }
  }

  private static String written(String text, String model) {
    return "{\"id\":\"made\",\"object\":\"chat.completion\",\"created\":0,\"model\":"
        + JsonSplice.quoted(model)
        + ",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
        + JsonSplice.quoted(text)
        + "},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,"
        + "\"total_tokens\":0}}";
  }

  private static byte[] streamed(AnswerTranslation translation, byte[] written)
      throws UnusableAnswerException {
    StreamTranslator translator = translation.stream();
    ByteBuffer first = translator.feed(ByteBuffer.wrap(written));
    ByteBuffer last = translator.end();
    ByteBuffer all = ByteBuffer.allocate(first.remaining() + last.remaining());
    all.put(first).put(last);
    return all.array();
  }

  /** Not a copy. */
  public byte[] body() {
    return body;
  }

  public String contentType() {
    return AnswerTranslation.contentType(stream);
  }
}
