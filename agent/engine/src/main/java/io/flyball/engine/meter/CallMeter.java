package io.flyball.engine.meter;

import io.flyball.base.InternalErrors;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.CallRecordBuilder;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Settlement;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.Aside;
import io.flyball.engine.time.StackRoom;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import io.flyball.wire.Body;
import io.flyball.wire.Cancellation;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Follows one call from its opening to its end and makes its record, exactly once however it ends.
 * Thread safe; never throws.
 */
public final class CallMeter {
  /** Characters of a stream's text kept in case its usage has to be estimated. */
  private static final int ESTIMATE_CHARACTERS = 4096;

  private final String id;
  private final WireRequest request;
  private final RequestFacts facts;
  private final Attribution attribution;
  private final Object parentContext;
  private final int captureCharacters;
  private final boolean keepsRequest;
  private final Cancellation cancellation;
  private final CallJournal journal;
  private final CallSink sink;
  private final TimeSource time;
  private final InternalErrors errors;
  private final DroppedAnswers dropped;
  private final StreamEnds ends;
  private final long startEpochNanos;
  private final long startNanoTime;
  private final AtomicBoolean finished = new AtomicBoolean();
  private final List<AttemptMeter> attempts = new ArrayList<>(1);
  private volatile AnswerMeter delivered;
  private volatile Consumer<Throwable> whenCut;
  private volatile DroppedAnswers.Watch watch;
  private long overheadNanos;
  private boolean recorded;

  /**
   * @param startNanoTime when the application made the call, of {@link TimeSource#nanoTime()}
   * @param captureCharacters how much of the answer's text to capture, 0 when this call's content
   *     is not captured
   * @param keepsRequest whether the record has the request even when it is not captured
   * @param parentContext what the telemetry captured when the call was opened, or null
   */
  public CallMeter(
      String id,
      WireRequest request,
      RequestFacts facts,
      Attribution attribution,
      Object parentContext,
      int captureCharacters,
      boolean keepsRequest,
      long startNanoTime,
      Cancellation cancellation,
      CallJournal journal,
      CallSink sink,
      TimeSource time,
      InternalErrors errors,
      DroppedAnswers dropped,
      StreamEnds ends) {
    this.id = id;
    this.request = request;
    this.facts = facts;
    this.attribution = attribution;
    this.parentContext = parentContext;
    this.captureCharacters = captureCharacters;
    this.keepsRequest = keepsRequest;
    this.cancellation = cancellation;
    this.journal = journal;
    this.sink = sink;
    this.time = time;
    this.errors = errors;
    this.dropped = dropped;
    this.ends = ends;
    this.startNanoTime = startNanoTime;
    long now = time.nanoTime();
    this.startEpochNanos = time.epochNanos() - (now - startNanoTime);
    this.overheadNanos = now - startNanoTime;
  }

  public String id() {
    return id;
  }

  public Attribution attribution() {
    return attribution;
  }

  /** A request goes on the wire now. */
  public synchronized AttemptMeter beginAttempt(ModelCall proceeding) {
    AttemptMeter attempt = new AttemptMeter(this, attempts.size() + 1, proceeding, time.nanoTime());
    attempts.add(attempt);
    Settlement settlement = proceeding.settlement();
    if (settlement != null) {
      settlement.begun();
      if (recorded) {
        // A cancelled call: nothing is sent for it any more.
        settlement.settle(null, null);
      }
    }
    return attempt;
  }

  /** Time Flyball spent on the caller's path that is not seen here by itself. */
  public synchronized void addOverhead(long nanos) {
    overheadNanos += nanos;
  }

  /** How many requests have gone on the wire. */
  public synchronized int attempts() {
    return attempts.size();
  }

  /**
   * What became of every attempt, when all are over before this answer is delivered; null when one
   * is still under way.
   */
  public synchronized List<AttemptRecord> attemptsBefore(WireResponse response) {
    AttemptMeter answering = attemptOf(response);
    List<AttemptRecord> all = new ArrayList<>(attempts.size());
    for (AttemptMeter attempt : attempts) {
      if (!attempt.isOver()) {
        return null;
      }
      all.add(attempt.record(attempt == answering));
    }
    return all;
  }

  /** The target that gave this answer, or null when it did not come over the wire. */
  public String targetOf(WireResponse response) {
    AttemptMeter attempt = attemptOf(response);
    return attempt == null ? null : attempt.target();
  }

  /**
   * The answer as the application gets it; its end ends the call.
   *
   * @param whenCut told of the exception when the application's reading fails
   * @return the same answer, its body watched
   */
  public WireResponse deliver(WireResponse response, Consumer<Throwable> whenCut) {
    this.whenCut = whenCut;
    AttemptMeter attempt = attemptOf(response);
    Body body = response.body();
    if (attempt == null) {
      AnswerMeter made = answerMeter(facts, request, response);
      if (body instanceof OwnRefusal) {
        made.refused((OwnRefusal) body);
        journal.refused(((OwnRefusal) body).word());
      }
      body = new MeteredBody(body, made, this::isCancelled, thrown -> thrown, () -> {});
    }
    AnswerMeter observed = ObservedBody.answerOf(body);
    delivered = observed == null && attempt != null ? attempt.answer() : observed;
    DeliveredBody handedOut = new DeliveredBody(body, this);
    if (observed != null && observed.isRefusal() && areAttemptsOver()) {
      // Nothing is left to wait for, and not everybody reads what a no says.
      ended();
    }
    if (!finished.get()) {
      watch = dropped.watch(handedOut, this);
    }
    return response.withBody(handedOut);
  }

  private synchronized boolean areAttemptsOver() {
    return attempts.stream().allMatch(AttemptMeter::isOver);
  }

  /** A stream in the application's hands goes on with another attempt's answer. */
  void continuedBy(AnswerMeter answer) {
    delivered = answer;
  }

  /** The application got an exception instead of an answer. */
  public void failed(Throwable failure) {
    finish(null, 0, Failures.outcome(failure, isCancelled()), Failures.type(failure));
  }

  /** The application gets no answer but an exception that stands for our own no. */
  public void failed(Throwable failure, OwnRefusal refusal) {
    finish(
        null,
        0,
        isCancelled() ? Failures.outcome(failure, true) : refusal.outcome(),
        refusal.word());
  }

  /** The application walked away; what is known now is the record. */
  public void cancelled() {
    if (delivered != null) {
      closed();
      return;
    }
    AnswerMeter seen = latestAnswer();
    if (seen != null) {
      seen.close();
    }
    finish(seen, 0, Outcome.CANCELLED, "cancelled");
  }

  /** Of the latest attempt that got one; null when none did. */
  private synchronized AnswerMeter latestAnswer() {
    for (int i = attempts.size() - 1; i >= 0; i--) {
      if (attempts.get(i).answer() != null) {
        return attempts.get(i).answer();
      }
    }
    return null;
  }

  /** The application read the answer to its end. */
  void ended() {
    AnswerMeter answer = delivered;
    answer.end();
    finish(answer, answer.status(), answer.outcome(), answer.errorType());
  }

  /** The application has waited in vain, and may read on: the call ends when it does not. */
  void silent(Throwable failure) {
    whenCut.accept(failure);
  }

  /** The application's reading failed. */
  void cut(Throwable failure) {
    AnswerMeter answer = delivered;
    answer.fail(failure, isCancelled());
    whenCut.accept(failure);
    // The answer itself may have ended well before a stage failed to hand it on.
    boolean whole = answer.outcome() == Outcome.SUCCESS;
    finish(
        answer,
        answer.status(),
        whole ? Failures.outcome(failure, isCancelled()) : answer.outcome(),
        whole ? Failures.type(failure) : answer.errorType());
  }

  /** The application closed the answer, or let go of it. Returns whether that ended it early. */
  boolean closed() {
    AnswerMeter answer = delivered;
    answer.close();
    finish(answer, answer.status(), answer.outcome(), answer.errorType());
    return answer.outcome() == Outcome.CANCELLED;
  }

  /** An attempt ended early: whoever set something aside for it can do with less. */
  void brokeOff(Settlement settlement, ResponseFacts said) {
    try {
      settlement.brokeOff(said);
    } catch (Throwable internal) {
      errors.report("settlement", internal);
    }
  }

  void cancel(Throwable why) {
    cancellation.cancel(why);
  }

  AnswerMeter answerMeter(RequestFacts answered, WireRequest sent, WireResponse response) {
    return new AnswerMeter(
        answered, sent, response, ends, ESTIMATE_CHARACTERS, captureCharacters, time, errors);
  }

  boolean isCancelled() {
    return cancellation.isCancelled();
  }

  /** Whether that answer is the one the application got. */
  boolean isDelivered(AnswerMeter answer) {
    return delivered == answer;
  }

  /** When the client's time limit for the call ended it, the reason; else null. */
  Throwable timeout() {
    Throwable reason = cancellation.reason();
    return Failures.isTimeout(reason) ? reason : null;
  }

  long nanoTime() {
    return time.nanoTime();
  }

  long epochNanos(long nanoTime) {
    return startEpochNanos + (nanoTime - startNanoTime);
  }

  /** The wire's answers keep the client's own response object through every stage. */
  private synchronized AttemptMeter attemptOf(WireResponse response) {
    if (response.origin() != null) {
      for (int i = attempts.size() - 1; i >= 0; i--) {
        if (attempts.get(i).origin() == response.origin()) {
          return attempts.get(i);
        }
      }
    }
    return null;
  }

  /** Where there is little stack left, on a thread of ours: this must not end half way. */
  private void finish(AnswerMeter answer, int status, Outcome outcome, String errorType) {
    if (finished.get()) {
      return;
    }
    if (StackRoom.isEnough()) {
      finishHere(answer, status, outcome, errorType);
    } else {
      Aside.execute(() -> finishHere(answer, status, outcome, errorType));
    }
  }

  private void finishHere(AnswerMeter answer, int status, Outcome outcome, String errorType) {
    if (!finished.compareAndSet(false, true)) {
      return;
    }
    DroppedAnswers.Watch watching = watch;
    if (watching != null) {
      watching.stop();
    }
    Throwable timeout = outcome == Outcome.CANCELLED ? timeout() : null;
    try {
      sink.accept(
          timeout == null
              ? record(answer, status, outcome, errorType)
              : record(answer, status, Outcome.TIMEOUT, Failures.type(timeout)));
    } catch (Throwable failure) {
      forfeit();
      errors.report("record", failure);
    }
    try {
      journal.end();
    } catch (Throwable failure) {
      errors.report("end", failure);
    }
  }

  /** There is no record to tell what the attempts did cost. */
  private synchronized void forfeit() {
    attempts.forEach(AttemptMeter::forfeit);
  }

  private CallRecord record(AnswerMeter answer, int status, Outcome outcome, String errorType) {
    CallRecordBuilder record = CallRecord.builder(id, facts);
    List<AttemptRecord> attemptRecords = new ArrayList<>();
    long overhead;
    Usage usage = null;
    synchronized (this) {
      for (AttemptMeter attempt : attempts) {
        boolean isDelivered = answer != null && attempt.answer() == answer;
        attempt.over();
        AttemptRecord attemptRecord = attempt.record(isDelivered);
        attemptRecords.add(attemptRecord);
        usage = isDelivered ? attemptRecord.usage() : usage;
      }
      overhead = overheadNanos;
      recorded = true;
    }
    if (answer != null) {
      record.response(answer.billedFacts()).contentChunks(answer.contentChunks());
      if (answer.stream() && answer.contentSeen()) {
        record.timeToFirstTokenNanos(answer.firstContentNanoTime() - startNanoTime);
      }
      overhead += answer.spentNanos();
    }
    boolean sampled = captureCharacters > 0;
    if (sampled) {
      record.content(request.body(), answer == null ? null : answer.text());
    } else if (keepsRequest) {
      record.content(request.body(), null);
    }
    return record
        .attribution(attribution)
        .attempts(attemptRecords)
        .outcome(outcome, status, errorType)
        .usage(usage)
        .times(startEpochNanos, epochNanos(time.nanoTime()))
        .overheadNanos(overhead)
        .journal(journal)
        .traceparent(request.headers().first("traceparent"))
        .parentContext(parentContext)
        .requestBytes(request.body().length)
        .contentSampled(sampled)
        .build();
  }
}
