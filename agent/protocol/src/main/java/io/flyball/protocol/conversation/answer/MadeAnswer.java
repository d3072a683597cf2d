package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonSplice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** An answer with a given text that no model wrote. Immutable but for its array. */
public final class MadeAnswer {
  private static final String WRITTEN_IN = "openai.chat";

  private static final Pattern EVENTS_ASKED = Pattern.compile("(^|&)\\$?alt=sse(&|$)");

  private final boolean events;
  private final byte[] body;

  private MadeAnswer(boolean events, byte[] body) {
    this.events = events;
    this.body = body;
  }

  /**
   * Makes an answer that used no tokens.
   *
   * @param application the id of the application's protocol
   * @param query of the request, as it was sent; may be null. It says how Gemini streams
   * @param model stands where the model's name does
   * @param idSeed letters and digits, new for every answer
   * @param createdSeconds now, in seconds of the epoch
   * @return null when the protocol has no answers of text
   */
  public static MadeAnswer of(
      String application,
      boolean stream,
      String query,
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
      if (!stream) {
        return new MadeAnswer(false, translation.whole(written));
      }
      boolean inOneArray =
          application.equals("gemini.generate")
              && (query == null || !EVENTS_ASKED.matcher(query).find());
      return inOneArray
          ? new MadeAnswer(false, inArray(translation.whole(written)))
          : new MadeAnswer(true, streamed(translation, written));
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

  private static byte[] inArray(byte[] element) {
    byte[] array = new byte[element.length + 2];
    array[0] = '[';
    System.arraycopy(element, 0, array, 1, element.length);
    array[array.length - 1] = ']';
    return array;
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
    return AnswerTranslation.contentType(events);
  }
}
