package io.flyball.engine.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Usage;
import java.util.List;
import java.util.Objects;

/**
 * Completes the usage of a call: keeps what the provider reported, counts what it did not. For the
 * record thread only: counting takes time in proportion to the text.
 */
public final class UsageEstimate {
  /** Tokens that chat formats add for each message, and once for the answer's beginning. */
  private static final int PER_MESSAGE = 3;

  private static final int CHARACTERS_PER_TOKEN = 4;

  private static final int SPARE_SHARE = 10;
  private static final int SPARE_PER_MESSAGE = 10;

  /** What models charge for a large image in high detail, about. */
  private static final int MOST_PER_MEDIUM = 5_000;

  private final TokenCounter counter;
  private final JsonFactory json = new JsonFactory();

  public UsageEstimate(TokenCounter counter) {
    this.counter = Objects.requireNonNull(counter, "counter");
  }

  /**
   * The usage of a call that ended.
   *
   * @return null when nothing was used: the call was refused, failed before an answer began, or
   *     only counted tokens
   */
  public Usage usageOf(CallRecord record) {
    if (record.request().operation() == Operation.COUNT_TOKENS
        || record.outcome() == Outcome.REFUSED) {
      return null;
    }
    Usage reported = record.usage() == null ? record.response().usage() : record.usage();
    boolean whole = record.outcome() == Outcome.SUCCESS || record.response().complete();
    if (reported != null && (whole || reported.source() != Usage.Source.REPORTED)) {
      return reported;
    }
    if (reported != null) {
      return partial(record, reported);
    }
    if (!answerBegan(record)) {
      return null;
    }
    Usage.Source source = whole ? Usage.Source.ESTIMATED : Usage.Source.PARTIAL;
    return Usage.builder(source).input(inputOf(record)).output(outputOf(record)).build();
  }

  /**
   * How many tokens a request will be counted as, with some to spare: images are not counted by
   * their size, other models' tokenizers are not known exactly.
   *
   * @param model may be null
   */
  public long atMost(byte[] body, String model) {
    RequestText request = RequestText.of(json, body);
    long text = counter.count(model, request.text()) + request.tokenIds();
    return text
        + text / SPARE_SHARE
        + (request.messages() + 1L) * SPARE_PER_MESSAGE
        + (long) request.media() * MOST_PER_MEDIUM;
  }

  private Usage partial(CallRecord record, Usage reported) {
    return Usage.builder(Usage.Source.PARTIAL)
        .input(reported.input())
        .cacheRead(reported.cacheRead())
        .cacheWrite5m(reported.cacheWrite5m())
        .cacheWrite1h(reported.cacheWrite1h())
        .inputAudio(reported.inputAudio())
        .output(Math.max(reported.output(), outputOf(record)))
        .reasoning(reported.reasoning())
        .outputAudio(reported.outputAudio())
        .build();
  }

  /** Whether the provider took the request up: providers do not charge for an error status. */
  private static boolean answerBegan(CallRecord record) {
    if (record.response().outputCharacters() > 0) {
      return true;
    }
    if (record.outcome() == Outcome.ERROR) {
      return false;
    }
    List<AttemptRecord> attempts = record.attempts();
    int status = attempts.isEmpty() ? record.status() : attempts.get(attempts.size() - 1).status();
    return status >= 200 && status < 300;
  }

  private long inputOf(CallRecord record) {
    byte[] body = record.requestBody();
    if (body == null) {
      return roughly(record.requestBytes());
    }
    RequestText request = RequestText.of(json, body);
    long tokens = counter.count(modelOf(record), request.text()) + request.tokenIds();
    if (tokens == 0) {
      return roughly(record.requestBytes());
    }
    int messages = request.messages();
    return messages == 0 ? tokens : tokens + (messages + 1L) * PER_MESSAGE;
  }

  private long outputOf(CallRecord record) {
    long characters = record.response().outputCharacters();
    String text = record.outputText();
    if (text == null || text.isEmpty()) {
      return roughly(characters);
    }
    long tokens = counter.count(modelOf(record), text);
    return characters <= text.length()
        ? tokens
        : Math.round((double) tokens * characters / text.length());
  }

  private static String modelOf(CallRecord record) {
    String answered = record.response().model();
    return answered == null ? record.request().model() : answered;
  }

  private static long roughly(long characters) {
    return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
  }
}
