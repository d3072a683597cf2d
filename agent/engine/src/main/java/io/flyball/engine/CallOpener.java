package io.flyball.engine;

import io.flyball.base.InternalErrors;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.CallLimit;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.call.CallTerms;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.CallMeter;
import io.flyball.engine.meter.DroppedAnswers;
import io.flyball.engine.meter.SettledAtOnce;
import io.flyball.engine.meter.StreamEnds;
import io.flyball.engine.pipeline.Pipeline;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.time.Timer;
import io.flyball.protocol.RequestFacts;
import io.flyball.wire.Cancellation;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.RequestEncoding;
import io.flyball.wire.WireRequest;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Opens calls: tells what a request is, and what it goes through. Thread safe; the settings come
 * with each request.
 */
final class CallOpener {
  private static final String NOT_OPENED =
      "the request's body could not be read for a failure in Flyball";

  private final CallSink sink;
  private final InternalErrors errors;
  private final TimeSource time;
  private final Timer timer;
  private final Supplier<CallPricing> pricing;
  private final DroppedAnswers dropped = new DroppedAnswers();
  private final StreamEnds streamEnds = new StreamEnds();
  private final LeftCalls leftCalls = new LeftCalls();
  private final OwnRequestHeaders ownHeaders;
  private final UnreadRequests unread;
  private final GivenUpCalls givenUp;
  private final SdkLoops sdkLoops;
  private final ForeignCalls foreign;
  private final Function<Snapshot, CapturedCaller> thisThread;

  /**
   * @param thisThread captures the caller that this thread is
   */
  CallOpener(
      Engine.Builder parts,
      Timer timer,
      GivenUpCalls givenUp,
      SdkLoops sdkLoops,
      ForeignCalls foreign,
      Function<Snapshot, CapturedCaller> thisThread) {
    this.errors = parts.errors;
    this.time = parts.time;
    this.pricing = parts.pricing;
    this.sink = new SettledAtOnce(parts.sink, parts.pricing, parts.errors);
    this.ownHeaders = new OwnRequestHeaders(parts.notices);
    this.unread = new UnreadRequests(parts.notices);
    this.timer = timer;
    this.givenUp = givenUp;
    this.sdkLoops = sdkLoops;
    this.foreign = foreign;
    this.thisThread = thisThread;
  }

  /**
   * Opens a call, if the request is one.
   *
   * @param captured who makes it; null for this thread
   * @return null for what goes its way
   */
  GovernedCall open(WireRequest request, Snapshot now, CapturedCaller captured) {
    long start = time.nanoTime();
    if (request.unreadBecause() != null) {
      return openedUnread(request, now, captured, start);
    }
    boolean named = RequestEncoding.isNamed(request.headers());
    RequestFacts facts = named ? null : now.recognise(request);
    if (facts != null) {
      return opened(request, facts, now, null, captured, start);
    }
    String path = request.uri().getRawPath();
    if ((named || EncodedRequest.isGzip(request.body()))
        && now.recogniser.mayMatch(request.method(), request.host(), request.port(), path)) {
      return openedEncoded(request, now, captured, start);
    }
    if (isNoJsonWhereItMustBe(request, now)) {
      GovernedCall call =
          openedUnread(request.unread(UnreadRequests.NO_JSON), now, captured, start);
      if (call != null) {
        return call;
      }
    }
    return openedUnknown(request, now, captured, start);
  }

  /**
   * Opens a call that is recorded, and that no policy touches.
   *
   * @param head of a request without its body
   * @return null when its head does not say that it is a model call
   */
  GovernedCall openUntouched(WireRequest head, Snapshot now, CapturedCaller captured) {
    RequestFacts facts = now.recogniseUnread(head);
    return facts == null
        ? null
        : opened(head, facts, now, now.bypassing, captured, time.nanoTime());
  }

  /**
   * The last no of a hard guard, for a call that could not be opened.
   *
   * @return null where there is no such guard: it goes its way
   */
  GovernedCall refused(WireRequest request, Snapshot now, CapturedCaller captured) {
    if (!now.settings.mustRead()) {
      return null;
    }
    try {
      return openedUnread(request.unread(NOT_OPENED), now, captured, time.nanoTime());
    } catch (Throwable failure) {
      return new RefusedCall(failure);
    }
  }

  /** Whether a hard guard lets a request not go that nobody can read; tells of it either way. */
  boolean refusesUnseen(WireRequest unseen, Snapshot now) {
    if (now.recogniseUnread(unseen) == null
        && (!now.settings.mustRead() || now.recogniseUnknown(unseen) == null)) {
      return false;
    }
    boolean refused = now.settings.mustRead() && !asked(unseen, now.settings).bypass;
    unread.tell(unseen, refused ? UnreadRequests.REFUSED : UnreadRequests.UNSEEN);
    return refused;
  }

  /**
   * What is in no format that is spoken goes its way, and is told. Where it goes to an endpoint
   * that the user declared, and may be a model call, a hard guard refuses it: it could be held
   * against nothing.
   */
  private EngineCall openedUnknown(
      WireRequest request, Snapshot now, CapturedCaller captured, long start) {
    RequestFacts facts = now.recogniseUnknown(request);
    boolean refused =
        facts != null && now.settings.mustRead() && !asked(request, now.settings).bypass;
    if (!refused) {
      foreign.tell(request, now.recogniser, facts);
      return null;
    }
    WireRequest unreadable =
        Snapshot.isReadable(request) ? request.unread(unknownFormat(facts)) : request;
    EngineCall call = opened(unreadable, facts, now, now.unread, captured, start);
    tellUnread(unreadable, now, call);
    return call;
  }

  private static String unknownFormat(RequestFacts facts) {
    String endpoint = facts.endpointName();
    return "the request's body is in no format that Flyball knows, at the endpoint `"
        + endpoint
        + "` (what is no model call goes on with `x-flyball-bypass: true`, or where"
        + " flyball.endpoint."
        + endpoint
        + ".url does not lead)";
  }

  private static boolean isNoJsonWhereItMustBe(WireRequest request, Snapshot now) {
    return now.settings.mustRead() && UnreadRequests.isNoJson(request.body());
  }

  /** Null when its head does not say that it is a model call. */
  private GovernedCall openedUnread(
      WireRequest request, Snapshot now, CapturedCaller captured, long start) {
    RequestFacts facts = now.recogniseUnread(request);
    if (facts == null) {
      return openedUnknown(request, now, captured, start);
    }
    EngineCall call = opened(request, facts, now, now.unread, captured, start);
    tellUnread(request, now, call);
    return call;
  }

  private void tellUnread(WireRequest request, Snapshot now, EngineCall call) {
    boolean refused = now.unread != now.bypassing && !call.journal().isBypassed();
    unread.tell(request, refused ? UnreadRequests.REFUSED : UnreadRequests.RECORDED);
  }

  /** Null when it is no model call, as far as that can be told. */
  private GovernedCall openedEncoded(
      WireRequest request, Snapshot now, CapturedCaller captured, long start) {
    EncodedRequest encoded =
        new EncodedRequest(request, now.settings.maxPlainBytes(), now.settings.mustRead());
    EngineCall call = null;
    try {
      call = openedEncoded(request, encoded, now, captured, start);
    } finally {
      if (call == null) {
        encoded.release();
      }
    }
    return call;
  }

  private EngineCall openedEncoded(
      WireRequest request,
      EncodedRequest encoded,
      Snapshot now,
      CapturedCaller captured,
      long start) {
    WireRequest readable = encoded.read();
    // What is called encoded and is not can be read as it is.
    WireRequest read = readable == null ? request : readable;
    RequestFacts facts = now.recognise(read);
    boolean isNoJson = facts == null && readable != null && isNoJsonWhereItMustBe(readable, now);
    boolean isUnread = facts == null && (readable == null || isNoJson);
    if (isUnread) {
      read = isNoJson ? request.unread(UnreadRequests.NO_JSON) : request;
      facts = now.recogniseUnread(read);
    }
    EngineCall call =
        facts == null
            ? openedUnknown(read, now, captured, start)
            : opened(read, facts, now, isUnread ? now.unread : null, captured, start);
    if (call == null) {
      return null;
    }
    if (facts != null && isUnread) {
      tellUnread(read, now, call);
    }
    call.whenEnded(encoded::release);
    return call;
  }

  /**
   * @param ofUnread what a call goes through whose request is not read; null for one that is
   */
  private EngineCall opened(
      WireRequest request,
      RequestFacts facts,
      Snapshot now,
      Pipeline ofUnread,
      CapturedCaller captured,
      long start) {
    boolean isUnread = ofUnread != null;
    Cancellation cancellation = new Cancellation();
    String id = CallIds.next();
    CallJournal journal = new CallJournal();
    AttributionRules attribution = now.settings.attribution();
    OwnRequestHeaders.Asked asked = asked(request, now.settings);
    if (asked.bypass) {
      journal.bypassed();
    }
    // Where the path is of no API, nobody knows the format of the answer.
    boolean guessed =
        !isUnread && !now.recogniser.mayMatch(request.method(), request.uri().getRawPath());
    Pipeline ofRead = guessed ? now.guarding : now.pipeline;
    Pipeline pipeline = asked.bypass ? now.bypassing : isUnread ? ofUnread : ofRead;
    CapturedCaller caller = captured == null ? thisThread.apply(now) : captured;
    CallMeter meter =
        new CallMeter(
            id,
            request,
            facts,
            attribution.attribute(request, caller.origin),
            caller.context,
            // What cannot be read cannot be redacted.
            isUnread ? 0 : now.captureCharacters(),
            !isUnread && now.settings.keepsRequests(),
            start,
            cancellation,
            journal,
            sink,
            time,
            errors,
            dropped,
            streamEnds);
    GivenUpCalls.Attempt attempt =
        caller.sdkAttempt == null ? givenUp.current() : caller.sdkAttempt;
    int retries = attempt == null ? leftCalls.retriesOf(request, start) : attempt.retries();
    return new EngineCall(
        id,
        cancellation,
        timer,
        time,
        start,
        asked.bypass || isUnread || guessed
            ? CallTerms.NONE
            : new CallTerms(
                limit(now, asked.timeoutNanos, caller.nanosLeft(start)),
                now.settings.policies().timeouts().begin(),
                retries),
        journal,
        new MeteredWork(
            request, facts, now, pipeline, meter, givenUp, leftCalls, sdkLoops, attempt, pricing,
            time, errors));
  }

  private OwnRequestHeaders.Asked asked(WireRequest request, EngineSettings settings) {
    return ownHeaders.read(
        request.headers(), settings.attribution()::asksHeader, settings.bypassAllowed());
  }

  private static CallLimit limit(Snapshot now, long askedNanos, long inboundNanos) {
    TimeoutSettings timeouts = now.settings.policies().timeouts();
    return CallLimit.NONE
        .and(timeouts.call(), "flyball.timeout.call")
        .and(askedNanos, OwnRequestHeaders.TIMEOUT)
        .and(inboundNanos, "the deadline of the request that the application serves");
  }
}
