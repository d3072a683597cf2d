package io.flyball.engine.attempt;

import io.flyball.engine.call.Outcome;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ContentDecoder;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.meter.ReplacedBody;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.failure.FailureReader;
import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.BodyPrefix;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.util.concurrent.CompletionStage;

/**
 * Holds an answer back until its first content is there (a stream) or all of it (a plain answer),
 * so that every failure before that is known while another attempt could still answer. A beginning
 * that failed is handed on exactly as it came.
 */
public final class CommitGate {
  /** Answers longer than this many bytes are handed on before they are whole. */
  static final int MAX_HELD_BYTES = 8 << 20;

  /** Of an error's body; what is longer is no error that we understand. */
  private static final int MAX_READ_BYTES = 1 << 20;

  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int NON_AUTHORITATIVE = 203;

  private static final byte[] NOTHING = new byte[0];

  private CommitGate() {}

  /**
   * Reads as far as is needed to tell how the answer begins, and not further; nothing at all when
   * the answer has come through a gate already. Never completes exceptionally.
   */
  public static CompletionStage<Beginning> await(WireResponse response) {
    return await(response, false, false, false);
  }

  /**
   * The same, or reads a stream to its end.
   *
   * @param whole whether a stream is held back until it is whole, too
   * @param othersMayAnswer whether somebody else could be asked; then an answer that is none is a
   *     failure, though the provider means it
   * @param eager whether a stream that has begun is handed on before it would be waited for
   */
  static CompletionStage<Beginning> await(
      WireResponse response, boolean whole, boolean othersMayAnswer, boolean eager) {
    Body body = response.body();
    if (body instanceof GatedBody && (!whole || ((GatedBody) body).ended)) {
      GatedBody gated = (GatedBody) body;
      return Completions.completed(new Beginning(gated.kind, response, gated.failure));
    }
    AnswerMeter answer = body instanceof ObservedBody ? ((ObservedBody) body).answer() : null;
    if (response.origin() == null
        || (answer != null && answer.mayBeStream() && !answer.readable())) {
      return Completions.completed(new Beginning(Beginning.Kind.COMMITTED, response, null));
    }
    boolean mayPass = !whole && answer != null && answer.mayBeStream();
    return Completions.then(
        BodyPrefix.read(
            body,
            MAX_HELD_BYTES,
            () ->
                mayPass
                    && (isDecided(answer, othersMayAnswer)
                        || (eager && isWaitedFor(body, answer)))),
        (prefix, none) -> {
          Beginning.Kind kind = kind(response, answer, prefix, othersMayAnswer);
          GatedBody held =
              new GatedBody(prefix, answer, kind, verdict(kind, response, answer, prefix), body);
          return Completions.completed(
              new Beginning(kind, response.withBody(held), prefix.failure()));
        });
  }

  /**
   * What was held back of an answer that has come through the gate and failed, without its
   * Content-Encoding; the body is left as it is. Empty when there is none or it cannot be read.
   */
  public static byte[] heldBack(WireResponse response) {
    return response.body() instanceof GatedBody && ((GatedBody) response.body()).prefix != null
        ? readable(response, ((GatedBody) response.body()).prefix)
        : NOTHING;
  }

  /**
   * Stands for an answer that was handed on before its first content and had none, as if it had
   * been held back until then.
   *
   * @param whole whether the transport saw it end as it should
   */
  public static WireResponse unanswered(int status, Verdict verdict, boolean whole) {
    return WireResponse.made(status, Headers.of(), new GatedBody(verdict, whole));
  }

  /** Whether the answer has come through the gate with all its bytes and the end that they have. */
  public static boolean isWhole(WireResponse response) {
    if (!(response.body() instanceof GatedBody)) {
      return false;
    }
    GatedBody gated = (GatedBody) response.body();
    return gated.ended && gated.failure == null;
  }

  /** Whether events of the answer are here, none of them content, and the next is waited for. */
  private static boolean isWaitedFor(Body body, AnswerMeter answer) {
    return answer.hasBegun() && body.available() == 0 && answer.factsSoFar().events();
  }

  /** Whatever it is called, what was asked for as a stream is not held longer than needed. */
  private static boolean isDecided(AnswerMeter answer, boolean othersMayAnswer) {
    if (othersMayAnswer && !answer.isOfTheKindAsked()) {
      return false;
    }
    return answer.contentSeen()
        || (!othersMayAnswer && answer.isOtherAnswer())
        // When the meter is at the end, which comes next, it reads no more.
        || (answer.outcome() == null && !answer.readable())
        // After the event of an error a server may leave the stream open; an error in JSON ends.
        || (answer.errorSeen() && answer.factsSoFar().events());
  }

  private static Beginning.Kind kind(
      WireResponse response, AnswerMeter answer, BodyPrefix prefix, boolean othersMayAnswer) {
    if (prefix.failure() != null) {
      return Beginning.Kind.CUT;
    }
    if (response.status() >= 300) {
      return Beginning.Kind.STATUS;
    }
    if (answer == null) {
      return Beginning.Kind.COMMITTED;
    }
    if (answer.errorSeen()) {
      // An answer that has its finish reason is handed on, in how many pieces it may come.
      return answer.isErrorBehindEnd() ? Beginning.Kind.COMMITTED : Beginning.Kind.ERROR_EVENT;
    }
    boolean broken = answer.outcome() == Outcome.CUT || answer.outcome() == Outcome.ERROR;
    if (!promisesAnswer(response.status()) && (broken || answer.isNoAnswer())) {
      // Nothing of a body is missing here: the provider means it.
      return othersMayAnswer ? Beginning.Kind.UNUSABLE_BODY : Beginning.Kind.COMMITTED;
    }
    if (answer.outcome() == Outcome.CUT) {
      return Beginning.Kind.CUT;
    }
    if (answer.isNoAnswer()) {
      return othersMayAnswer ? Beginning.Kind.UNUSABLE_BODY : Beginning.Kind.COMMITTED;
    }
    return answer.outcome() == Outcome.ERROR
        ? Beginning.Kind.UNUSABLE_BODY
        : Beginning.Kind.COMMITTED;
  }

  /**
   * Whether an answer with that status, which is below 300, is to have all that was asked for. A
   * part of it (206), nothing at all (204, 205), a promise (202) or another protocol (101) is not.
   */
  private static boolean promisesAnswer(int status) {
    return status == OK || status == CREATED || status == NON_AUTHORITATIVE;
  }

  private static Verdict verdict(
      Beginning.Kind kind, WireResponse response, AnswerMeter answer, BodyPrefix prefix) {
    ResponseFacts facts = answer == null ? null : answer.factsSoFar();
    switch (kind) {
      case COMMITTED:
        return Verdict.answered();
      case STATUS:
        return ofStatus(response, prefix);
      case ERROR_EVENT:
        return Verdict.of(
            facts.failedAnswer()
                ? FailureReader.ofAnswer(facts.errorType(), facts.errorMessage())
                : FailureReader.ofEvent(facts.errorType(), facts.errorMessage()));
      case UNUSABLE_BODY:
        return Verdict.of(FailureKind.MALFORMED);
      default:
        return ofCut(response, prefix);
    }
  }

  private static Verdict ofStatus(WireResponse response, BodyPrefix prefix) {
    return Verdict.of(
            FailureReader.ofStatus(
                response.status(),
                response.headers()::first,
                readable(response, prefix),
                System.currentTimeMillis()))
        .inAnswerWith(response.status())
        .advised(response.headers().first("x-should-retry"));
  }

  private static Verdict ofCut(WireResponse response, BodyPrefix prefix) {
    if (prefix.failure() == null) {
      return Verdict.of(FailureKind.CONNECTION);
    }
    Verdict broken = Verdict.of(prefix.failure(), false);
    // What the head has said of the request stands, whatever becomes of the words for it.
    boolean said =
        response.status() >= 400
            && (broken.failure() == FailureKind.CONNECTION
                || broken.failure() == FailureKind.UNKNOWN);
    return said ? ofStatus(response, prefix) : broken;
  }

  private static byte[] readable(WireResponse response, BodyPrefix prefix) {
    String encoding = response.headers().first("Content-Encoding");
    return ContentDecoder.decoded(prefix.toBytes(), encoding, MAX_READ_BYTES);
  }

  /** A body of which is known how it begins. */
  private static final class GatedBody extends ReplacedBody implements Verdict.Judged {
    private final BodyPrefix prefix;
    private final Beginning.Kind kind;
    private final Verdict verdict;
    private final Throwable failure;
    private final boolean ended;

    GatedBody(
        BodyPrefix prefix,
        AnswerMeter answer,
        Beginning.Kind kind,
        Verdict verdict,
        Body original) {
      super(prefix.size() == 0 && !prefix.ended() ? original : prefix.replay(), answer);
      this.prefix = kind == Beginning.Kind.STATUS ? prefix : null;
      this.kind = kind;
      this.verdict = verdict;
      this.failure = prefix.failure();
      this.ended = prefix.ended();
    }

    /** Of an answer that has gone on already. */
    GatedBody(Verdict verdict, boolean ended) {
      super(Bodies.of(NOTHING), null);
      this.prefix = null;
      this.kind = Beginning.Kind.CUT;
      this.verdict = verdict;
      this.failure = null;
      this.ended = ended;
    }

    @Override
    public Verdict verdict() {
      return verdict;
    }
  }
}
