package io.flyball.engine.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.UnicodeText;
import java.util.Objects;

/**
 * Completes the usage of an attempt: keeps what the provider reported, counts what it did not. For
 * the record thread only: counting takes time in proportion to the text.
 */
public final class UsageEstimate {
  /** Tokens that chat formats add for each message, and once for the answer's beginning. */
  private static final int PER_MESSAGE = 3;

  private static final int CHARACTERS_PER_TOKEN = 4;

  private static final int SPARE_SHARE = 10;
  private static final int SPARE_PER_MESSAGE = 10;
  private static final int SPARE_PER_PART = 4;

  /** What a model reads that the provider keeps and a request only names. */
  public interface KeptInput {

    /** Tokens at most. */
    long of(RequestFacts request, String host, int port);
  }

  /** What is kept is taken to be so long where nobody has seen any usage. */
  private static final long USUAL_WINDOW = 200_000;

  private final TokenCounter counter;
  private final KeptInput kept;
  private final JsonFactory json = RequestText.factory();
  private final MediaCounter media = new MediaCounter();

  /** For requests that name nothing of the kind, or where nobody knows how long that is. */
  public UsageEstimate(TokenCounter counter) {
    this(counter, (request, host, port) -> request.storedInputs().isEmpty() ? 0 : USUAL_WINDOW);
  }

  /**
   * @param kept what the model reads besides
   */
  public UsageEstimate(TokenCounter counter, KeptInput kept) {
    this.counter = Objects.requireNonNull(counter, "counter");
    this.kept = Objects.requireNonNull(kept, "kept");
  }

  /**
   * The usage of an attempt that ended.
   *
   * @param request what was asked for, as it was sent
   * @return null when nothing was used: the attempt failed before an answer began, or only counted
   *     tokens
   */
  public Usage usageOf(RequestFacts request, AttemptRecord attempt) {
    if (request.operation() == Operation.COUNT_TOKENS || !(attempt.used() || attempt.openEnded())) {
      return null;
    }
    ResponseFacts response =
        attempt.response() == null ? ResponseFacts.builder().build() : attempt.response();
    String model = response.model() == null ? request.model() : response.model();
    Usage reported = attempt.usage() == null ? response.usage() : attempt.usage();
    boolean whole = attempt.outcome() == Outcome.SUCCESS || response.complete();
    if (reported == null) {
      Usage.Source source = whole ? Usage.Source.ESTIMATED : Usage.Source.PARTIAL;
      Usage besides = response.besidesTokens();
      return (besides == null ? Usage.builder(source) : besides.toBuilder(source))
          .input(inputOf(attempt, request, model))
          .output(
              attempt.unreadBytes() > 0
                  ? unread(attempt.unreadBytes(), request)
                  : outputOf(attempt, response, model))
          .build();
    }
    boolean tellsInput = reported.source() != Usage.Source.PARTIAL || reported.input() > 0;
    return whole && tellsInput ? reported : partial(reported, request, attempt, response, model);
  }

  /**
   * How many tokens all of a request but its media will be counted as, with some to spare: other
   * models' tokenizers are not known exactly. What only the provider can read counts by its bytes.
   *
   * @param model may be null
   */
  public long atMost(byte[] sent, String model) {
    byte[] body = UnicodeText.utf8(sent);
    MediaTokens found = media.atMost(null, model, body, 0, 0);
    RequestText request = RequestText.of(json, body, found);
    long text = Counts.plus(counter.atMost(model, request.text()), request.tokenIds());
    return text
        + text / SPARE_SHARE
        + (request.messages() + 1L) * SPARE_PER_MESSAGE
        + request.parts() * SPARE_PER_PART
        + request.sealed();
  }

  /**
   * An answer that is compressed is about as many tokens as bytes; a stream of events is fewer, and
   * none is more than was allowed.
   */
  private static long unread(long bytes, RequestFacts request) {
    Long limit = request.maxOutputTokens();
    boolean limited = limit != null && limit > 0 && !request.outputUnlimited();
    return limited ? Math.min(bytes, Counts.times(limit, request.answers())) : bytes;
  }

  /**
   * What was reported before an early end is no more than the least of it: the output is at least
   * what was delivered, and a prompt of no tokens is a placeholder.
   */
  private Usage partial(
      Usage reported,
      RequestFacts request,
      AttemptRecord attempt,
      ResponseFacts response,
      String model) {
    long input = reported.input();
    return reported.toBuilder(Usage.Source.PARTIAL)
        .input(input > 0 || isRefused(attempt) ? input : inputOf(attempt, request, model))
        .output(Math.max(reported.output(), outputOf(attempt, response, model)))
        .build();
  }

  /** What an error in the place of an answer says it used is all. */
  private static boolean isRefused(AttemptRecord attempt) {
    return attempt.outcome() == Outcome.ERROR && !attempt.contentSeen();
  }

  private long inputOf(AttemptRecord attempt, RequestFacts sent, String model) {
    return Counts.plus(inBody(attempt, sent, model), kept.of(sent, attempt.host(), attempt.port()));
  }

  private long inBody(AttemptRecord attempt, RequestFacts sent, String model) {
    if (attempt.requestBody() == null) {
      return roughly(attempt.requestBytes());
    }
    byte[] body = UnicodeText.utf8(attempt.requestBody());
    MediaTokens found =
        sent.media() > 0
            ? media.atMost(sent.provider(), model, body, 0, sent.media())
            : MediaTokens.NONE;
    RequestText request = RequestText.of(json, body, found);
    long tokens =
        counter.count(model, request.text()) + request.tokenIds() + roughly(request.sealed());
    tokens = Counts.plus(tokens, found.total());
    if (tokens == 0) {
      return roughly(attempt.requestBytes());
    }
    int messages = request.messages();
    return messages == 0 ? tokens : Counts.plus(tokens, (messages + 1L) * PER_MESSAGE);
  }

  private long outputOf(AttemptRecord attempt, ResponseFacts response, String model) {
    long characters = response.outputCharacters();
    String text = attempt.outputText();
    if (text == null || text.isEmpty()) {
      return roughly(characters);
    }
    long tokens = counter.count(model, text);
    return characters <= text.length()
        ? tokens
        : Math.round((double) tokens * characters / text.length());
  }

  private static long roughly(long characters) {
    return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
  }
}
