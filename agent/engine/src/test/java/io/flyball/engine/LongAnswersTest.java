package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Around each of the lengths from which on something is not kept, held or looked at any more, an
 * answer has the same bytes and the same end as without Flyball, and what it reports is read.
 */
class LongAnswersTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int PIECE = 8192;

  /** Of an event that the meter keeps; above which one is not taken out. */
  private static final int KEPT = 1 << 20;

  /** Of a plain answer that is held until it is whole. */
  private static final int HELD = 8 << 20;

  /** Of an event of a stream that can be joined. */
  private static final int JOINED = 16 << 20;

  /** Of what is compressed. */
  private static final int DECODED = 64 << 20;

  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String GEMINI_URL =
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-image:";
  private static final String GEMINI_HI =
      "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}";
  private static final String GEMINI_BEGIN =
      "{\"candidates\":[{\"index\":0,\"content\":{\"parts\":[{\"text\":\"Here\"}]}}]}";
  private static final String GEMINI_END =
      "{\"candidates\":[{\"index\":0,\"finishReason\":\"STOP\",\"content\":{\"parts\":[{"
          + "\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"%\"}}]}}],"
          + "\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":2000,"
          + "\"totalTokenCount\":2010}}";

  /** A form of an answer; {@code %} is what makes it long. */
  private enum Form {
    CHAT(
        "https://api.openai.com/v1/chat/completions",
        "{\"model\":\"gpt-4o\",\"stream\":true," + HI,
        "text/event-stream",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n",
        "data: {\"odd\":\"%\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2000,"
            + "\"total_tokens\":2010}}\n\n"),
    RESPONSES(
        "https://api.openai.com/v1/responses",
        "{\"model\":\"gpt-4o\",\"stream\":true,\"input\":\"Hi\"}",
        "text/event-stream",
        "event: response.output_text.delta\n"
            + "data: {\"type\":\"response.output_text.delta\",\"delta\":\"hi\"}\n\n",
        "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{"
            + "\"status\":\"completed\",\"output\":[{\"type\":\"image_generation_call\","
            + "\"status\":\"completed\",\"result\":\"%\"}],\"usage\":{\"input_tokens\":10,"
            + "\"output_tokens\":2000,\"total_tokens\":2010}}}\n\n"),
    MESSAGES(
        "https://api.anthropic.com/v1/messages",
        "{\"model\":\"claude-sonnet-4-5\",\"stream\":true,\"max_tokens\":9000," + HI,
        "text/event-stream",
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{"
            + "\"input_tokens\":10,\"output_tokens\":1}}}\n\n"
            + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
            + "\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}\n\n",
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"odd\":\"%\",\"delta\":{"
            + "\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2000}}\n\n"
            + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
    GEMINI(
        GEMINI_URL + "streamGenerateContent?alt=sse",
        GEMINI_HI,
        "text/event-stream",
        "data: " + GEMINI_BEGIN + "\n\n",
        "data: " + GEMINI_END + "\n\n"),
    GEMINI_ARRAY(
        GEMINI_URL + "streamGenerateContent",
        GEMINI_HI,
        "application/json",
        "[" + GEMINI_BEGIN,
        "," + GEMINI_END + "]"),
    PLAIN_CHAT(
        "https://api.openai.com/v1/chat/completions",
        "{\"model\":\"gpt-4o\"," + HI,
        "application/json",
        "",
        "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}],"
            + "\"odd\":\"%\",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2000,"
            + "\"total_tokens\":2010}}");

    final String url;
    final String request;
    final String type;
    final String begin;
    final String end;

    Form(String url, String request, String type, String begin, String end) {
      this.url = url;
      this.request = request;
      this.type = type;
      this.begin = begin;
      this.end = end;
    }

    /** Whose last part has that length. */
    byte[] answer(int length) {
      char[] filling = new char[length - end.length() + 1];
      Arrays.fill(filling, 'A');
      return (begin + end.replace("%", new String(filling))).getBytes(StandardCharsets.US_ASCII);
    }
  }

  private final ReliabilityHarness harness =
      new ReliabilityHarness(
          Policies.builder()
              .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
              .retry(
                  3,
                  new Backoff(SECOND / 2, SECOND, () -> 1.0),
                  new RetryBudget(0.2, 100, new ManualTime()))
              .streamRecovery(StreamRecovery.SPLICE)
              .build());

  private void comesAsItIs(Form form, byte[] body) throws Exception {
    comes(form, body, body);
    itsUsageIsRead();
  }

  private void itsUsageIsRead() {
    AttemptRecord attempt = harness.onlyRecord().attempts().get(0);
    assertThat(attempt.usage().output()).isEqualTo(2000);
  }

  /**
   * @param plain the same without its encoding, which an event that is looked for may cost it
   */
  private void comes(Form form, byte[] body, byte[] plain, String... headers) throws Exception {
    Pieces pieces = new Pieces();
    for (int from = 0; from < body.length; from += PIECE) {
      pieces.give(Arrays.copyOfRange(body, from, Math.min(body.length, from + PIECE)));
    }
    pieces.give(null);
    harness.records.clear();
    harness.upstream.sent.clear();
    Headers.Builder head = Headers.of(headers).toBuilder();
    head.set("Content-Type", form.type);
    harness.upstream.responds(200, head.build(), pieces);
    CompletableFuture<WireResponse> asked =
        harness
            .callAt(form.url, form.request)
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture();
    assertThat(asked).isDone();

    WireResponse answer = asked.get();
    boolean encoded = answer.headers().first("Content-Encoding") != null;
    assertThat(Arrays.equals(bytes(answer), encoded ? body : plain)).as("same bytes").isTrue();
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(harness.errors.counts()).isEmpty();
  }

  private void comesAsItIsAround(Form form, int length) throws Exception {
    // The line end and the head of an event are counted by some, and not by others.
    for (int longer : new int[] {-1, 0, 1, 2, 100}) {
      comesAsItIs(form, form.answer(length + longer));
    }
  }

  /** With a flush behind its first events, as they come one by one. */
  private static byte[] compressed(Form form, byte[] body) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out, 512, true)) {
      gzip.write(body, 0, form.begin.length());
      gzip.flush();
      gzip.write(body, form.begin.length(), body.length - form.begin.length());
    }
    return out.toByteArray();
  }

  private static byte[] random(byte[] answer) {
    Random random = new Random(1);
    byte[] body = answer.clone();
    for (int i = 0; i < body.length; i++) {
      if (body[i] == 'A' && (i == 0 || body[i - 1] >= '0')) {
        body[i] = (byte) ('a' + random.nextInt(26));
      }
    }
    return body;
  }

  @ParameterizedTest
  @EnumSource
  void aroundWhatIsKeptOfAnEvent(Form form) throws Exception {
    comesAsItIsAround(form, KEPT);
  }

  @Test
  void aroundWhatIsHeldOfAPlainAnswer() throws Exception {
    comesAsItIsAround(Form.PLAIN_CHAT, HELD);
  }

  @ParameterizedTest
  @EnumSource
  void aroundWhatIsKeptOfWhatIsCompressed(Form form) throws Exception {
    for (int longer : new int[] {-1, 0, 1, KEPT}) {
      byte[] body = form.answer(KEPT + longer);
      for (byte[] plain : new byte[][] {body, random(body)}) {
        comes(form, compressed(form, plain), plain, "Content-Encoding", "gzip");
        itsUsageIsRead();
      }
    }
  }

  @Test
  void aroundWhatIsDecoded() throws Exception {
    for (int longer : new int[] {-1000, 1000}) {
      byte[] body = Form.RESPONSES.answer(DECODED + longer);
      comes(Form.RESPONSES, compressed(Form.RESPONSES, body), body, "Content-Encoding", "gzip");
    }
  }

  /**
   * What ends behind an event that was not kept, within another one, may have been whole before.
   */
  @Test
  void whatIsCutBehindALongEventEndsAsItCame() throws Exception {
    for (int length : new int[] {KEPT / 2, KEPT + 9, JOINED + 9}) {
      byte[] whole = Form.CHAT.answer(length);
      byte[] half = "data: {\"id\":".getBytes(StandardCharsets.US_ASCII);
      byte[] body = Arrays.copyOf(whole, whole.length + half.length);
      System.arraycopy(half, 0, body, whole.length, half.length);
      comesAsItIs(Form.CHAT, body);
    }
  }

  @Test
  void aroundWhatCanBeJoined() throws Exception {
    comesAsItIsAround(Form.RESPONSES, JOINED);
  }
}
