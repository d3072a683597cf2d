package io.flyball.engine;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.CallLimit;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.call.CallTerms;
import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.engine.meter.CallMeter;
import io.flyball.engine.meter.ContentDecoder;
import io.flyball.engine.meter.DroppedAnswers;
import io.flyball.engine.meter.StreamEnds;
import io.flyball.engine.pipeline.Pipeline;
import io.flyball.engine.pipeline.StandardPipeline;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.time.SharedTimer;
import io.flyball.engine.time.StackRoom;
import io.flyball.engine.time.Timer;
import io.flyball.engine.wire.Caller;
import io.flyball.engine.wire.CallerScope;
import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.CapturedInbound;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.Gateway;
import io.flyball.engine.wire.GovernedCall;
import io.flyball.engine.wire.InboundRequest;
import io.flyball.engine.wire.InboundScope;
import io.flyball.engine.wire.RequestEncoding;
import io.flyball.engine.wire.SdkAttempt;
import io.flyball.engine.wire.WireRequest;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.sdk.Sdk;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The engine: recognises model calls, runs them through the pipeline and hands a record of each to
 * the sink. Thread safe. Its settings may be replaced at any time; a call ends under the settings
 * it began with.
 */
public final class Engine implements Gateway {
  private static final String NOT_OPENED =
      "the request's body could not be read for a failure in Flyball";

  private final CallSink sink;
  private final InternalErrors errors;
  private final TimeSource time;
  private final Timer timer;
  private final Supplier<Object> contextCapture;
  private final DroppedAnswers dropped = new DroppedAnswers();
  private final StreamEnds streamEnds = new StreamEnds();
  private final GivenUpCalls givenUp = new GivenUpCalls();
  private final LeftCalls leftCalls = new LeftCalls();
  private final SdkLoops sdkLoops = new SdkLoops();
  private final InboundRequests inbound;
  private final Supplier<CallPricing> pricing;
  private final FrameworkScopes frameworks = new FrameworkScopes();
  private final LoggedValues logged = new LoggedValues();
  private final HandOver handOver;
  private final OwnRequestHeaders ownHeaders;
  private final UnreadRequests unread;
  private final ClientLibraries clients;
  private final ForeignCalls foreign;
  private final LittleStack littleStack;
  private volatile Snapshot snapshot;
  private volatile Runnable loggedValuesUsed = () -> {};

  private Engine(Builder builder) {
    this.sink = builder.sink;
    this.errors = builder.errors;
    this.time = builder.time;
    this.inbound = new InboundRequests(time);
    this.handOver = new HandOver(inbound, frameworks, logged);
    this.timer = builder.timer == null ? new SharedTimer(errors) : builder.timer;
    this.contextCapture = builder.contextCapture;
    this.pricing = builder.pricing;
    this.ownHeaders = new OwnRequestHeaders(builder.notices);
    this.unread = new UnreadRequests(builder.notices);
    this.clients = builder.clients;
    this.foreign = new ForeignCalls(clients);
    this.littleStack = new LittleStack(builder.notices);
    this.snapshot = snapshot(builder.settings);
  }

  /**
   * Starts to build an engine.
   *
   * @param sink takes the record of every call that ended
   * @param errors takes the engine's own failures
   */
  public static Builder builder(EngineSettings settings, CallSink sink, InternalErrors errors) {
    return new Builder(settings, sink, errors);
  }

  /** Replaces the settings for the calls opened from now on. */
  public void apply(EngineSettings settings) {
    snapshot = snapshot(settings);
  }

  /**
   * From now on the retry loop of that SDK ends, in this JVM, where a governed call was given up.
   *
   * @param sdk its name; one that is not known is passed over
   */
  public void endsRetriesOf(String sdk) {
    sdkLoops.endsRetriesOf(sdk);
  }

  private Snapshot snapshot(EngineSettings settings) {
    boolean observes = settings.mode() == Mode.OBSERVE;
    Pipeline pipeline =
        observes
            ? StandardPipeline.observing(settings.policies(), time, errors)
            : StandardPipeline.governing(
                settings.addedStages(),
                settings.policies(),
                settings.recogniser(),
                timer,
                time,
                errors);
    Pipeline bypassing =
        observes ? pipeline : StandardPipeline.bypassing(settings.policies(), time, errors);
    Pipeline unreadable =
        settings.mustRead()
            ? StandardPipeline.refusingUnread(settings.policies(), errors)
            : bypassing;
    Pipeline guarding =
        observes ? pipeline : StandardPipeline.guarding(settings.policies(), time, errors);
    return new Snapshot(settings, pipeline, bypassing, unreadable, guarding);
  }

  @Override
  public boolean mayGovern(String method, String host, int port, String path) {
    try {
      Snapshot now = snapshot;
      return path != null
          && (now.recogniser.mayMatch(method, host, port, path) || foreign.mayMatch(method, path))
          && (now.settings.mustRead() || littleStack.isEnough());
    } catch (Throwable failure) {
      errors.report("recognise", failure);
      // A guard that fails looks closer.
      return snapshot.settings.mustRead();
    }
  }

  @Override
  public void ungovernedConnection(String client, String host, int port) {
    try {
      if (clients != null) {
        clients.connected(client, host, port, snapshot.recogniser.isModelHost(host, port));
      }
    } catch (Throwable failure) {
      errors.report("clients", failure);
    }
  }

  @Override
  public boolean observesOnly() {
    return snapshot.settings.mode() == Mode.OBSERVE;
  }

  @Override
  public boolean answersForUnreachable() {
    EngineSettings settings = snapshot.settings;
    return settings.mode() != Mode.OBSERVE
        && (!settings.addedStages().isEmpty() || settings.policies().hasChain());
  }

  @Override
  public void notConnected(WireRequest head, IOException failure) {
    try {
      Snapshot now = snapshot;
      RequestFacts facts = recogniseUnread(head, now.recogniser);
      if (facts != null) {
        long start = time.nanoTime();
        opened(head, facts, now, now.bypassing, resumed(), start)
            .execute((request, cancellation) -> Completions.failed(failure));
      }
    } catch (IOException recorded) {
      // It is the adapter that hands it on.
    } catch (Throwable internal) {
      errors.report("connect", internal);
    }
  }

  @Override
  public boolean suppressesSdkRetries() {
    return snapshot.settings.suppressSdkRetries();
  }

  @Override
  public SdkAttempt beginSdkAttempt(String sdk) {
    return beginSdkAttempt(sdk, -1);
  }

  @Override
  public SdkAttempt beginSdkAttempt(String sdk, int retries) {
    return suppressesSdkRetries() ? givenUp.begin(Sdk.ofId(sdk), retries) : null;
  }

  @Override
  public boolean hasGivenUp(Throwable failure) {
    return suppressesSdkRetries() && givenUp.include(failure);
  }

  @Override
  public InboundScope beginInbound(InboundRequest request) {
    return inbound.begin(request);
  }

  @Override
  public CallerScope beginNamed(String source, String name) {
    return snapshot.settings.attribution().ask(source) ? frameworks.named(source, name) : null;
  }

  @Override
  public String named(String source) {
    String name = frameworks.names().get(source);
    CapturedCaller resumed = name == null ? resumed() : null;
    return resumed == null ? name : resumed.origin.name(source);
  }

  @Override
  public String place() {
    return snapshot.settings.attribution().place();
  }

  @Override
  public CallerScope resume(Caller caller) {
    return caller == null ? null : frameworks.resumed(caller);
  }

  @Override
  public boolean worksForInbound() {
    return handOver.works();
  }

  @Override
  public CapturedInbound captureInbound() {
    try {
      return handOver.captured(snapshot.settings.attribution());
    } catch (Throwable failure) {
      errors.report("inbound", failure);
      return null;
    }
  }

  @Override
  public InboundScope leaveInbound() {
    return handOver.leave();
  }

  @Override
  public void logged(String key) {
    AttributionRules rules = snapshot.settings.attribution();
    if (!logged.areUsed() && rules.askLogged(key)) {
      // All that reading it needs is loaded here, and not in the middle of the JDK's scheduling.
      rules.logged();
      rules.logged();
      logged.used();
      loggedValuesUsed.run();
    }
  }

  /**
   * Whom to tell when the application first sets a value of its logging context that calls are
   * charged by; on its thread.
   */
  public void whenLogged(Runnable listener) {
    loggedValuesUsed = listener;
  }

  @Override
  public int maxRequestBytes() {
    return snapshot.settings.maxRequestBytes();
  }

  @Override
  public boolean mustRead() {
    return snapshot.settings.mustRead();
  }

  @Override
  public boolean takesOwnHeadersOff(String method, String host, int port, String path) {
    if (observesOnly()) {
      return false;
    }
    try {
      Recogniser recogniser = snapshot.recogniser;
      return (path != null && recogniser.mayMatch(method, path))
          || (host != null && recogniser.isModelHost(host, port));
    } catch (Throwable failure) {
      errors.report("recognise", failure);
      return true;
    }
  }

  @Override
  public boolean takesOwnHeadersOff(WireRequest notOpened) {
    if (observesOnly()) {
      return false;
    }
    try {
      Recogniser recogniser = snapshot.recogniser;
      String host = notOpened.host();
      return (host != null && recogniser.isModelHost(host, notOpened.port()))
          // What is compressed may be a call.
          || !ContentDecoder.isPlain(notOpened.headers().first("Content-Encoding"))
          // It may be one that could not be opened.
          || recognise(notOpened, recogniser) != null;
    } catch (Throwable failure) {
      errors.report("recognise", failure);
      return true;
    }
  }

  @Override
  public boolean refusesUnseen(WireRequest unseen) {
    try {
      Snapshot now = snapshot;
      if (recogniseUnread(unseen, now.recogniser) == null
          && (!now.settings.mustRead() || recogniseUnknown(unseen, now.recogniser) == null)) {
        return false;
      }
      boolean refused = now.settings.mustRead() && !asked(unseen, now.settings).bypass;
      unread.tell(unseen, refused ? UnreadRequests.REFUSED : UnreadRequests.UNSEEN);
      return refused;
    } catch (Throwable failure) {
      errors.report("open", failure);
      // A guard that fails lets nothing through.
      return snapshot.settings.mustRead();
    }
  }

  @Override
  public Caller caller() {
    return callerAt(null);
  }

  @Override
  public Caller callerAt(String place) {
    try {
      CapturedCaller resumed = resumed();
      return resumed == null ? caller(snapshot, place) : resumed.at(place);
    } catch (Throwable failure) {
      errors.report("caller", failure);
      return null;
    }
  }

  /** Whose work this thread does, as it is on this thread; null when it is its own. */
  private CapturedCaller resumed() {
    CapturedCaller resumed = (CapturedCaller) frameworks.resumed();
    return resumed == null ? null : resumed.on(frameworks.names(), givenUp.current());
  }

  private CapturedCaller caller(Snapshot now, String place) {
    Object context = captureContext();
    return new CapturedCaller(
        now,
        now.settings
            .attribution()
            .origin(
                inbound.current(now.settings.attribution()),
                context,
                place,
                frameworks.names(),
                logged.current(now.settings.attribution())),
        context,
        givenUp.current(),
        now.settings.inboundDeadline() ? inbound.deadline() : Long.MAX_VALUE);
  }

  @Override
  public GovernedCall open(WireRequest request) {
    return open(request, null);
  }

  @Override
  public GovernedCall open(WireRequest request, Caller caller) {
    if (!StackRoom.isEnough()) {
      return openedAside(request, caller);
    }
    try {
      return opened(request, (CapturedCaller) caller);
    } catch (Throwable failure) {
      errors.report("open", failure);
      return refused(request, (CapturedCaller) caller);
    }
  }

  /** Null where nothing is lost but the record: then the call ends as it would without us. */
  private GovernedCall openedAside(WireRequest request, Caller given) {
    try {
      if (!snapshot.settings.mustRead()) {
        littleStack.tell();
        return null;
      }
      return littleStack.open(given, () -> caller(snapshot, null), caller -> open(request, caller));
    } catch (Throwable failure) {
      return snapshot.settings.mustRead() ? new RefusedCall(failure) : null;
    }
  }

  /** A call that could not be opened must not get past a hard guard; null where there is none. */
  private GovernedCall refused(WireRequest request, CapturedCaller captured) {
    Snapshot now = captured == null ? snapshot : captured.now;
    if (!now.settings.mustRead()) {
      return null;
    }
    try {
      return openedUnread(request.unread(NOT_OPENED), now, captured, time.nanoTime());
    } catch (Throwable failure) {
      return new RefusedCall(failure);
    }
  }

  @Override
  public void internalError(String place, Throwable failure) {
    errors.report(place, failure);
  }

  private GovernedCall opened(WireRequest request, CapturedCaller given) {
    long start = time.nanoTime();
    CapturedCaller captured = given == null ? resumed() : given;
    Snapshot now = captured == null ? snapshot : captured.now;
    if (request.unreadBecause() != null) {
      return openedUnread(request, now, captured, start);
    }
    boolean named = RequestEncoding.isNamed(request.headers());
    RequestFacts facts = named ? null : recognise(request, now.recogniser);
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
   * What is in no format that is spoken goes its way, and is told. Where it goes to an endpoint
   * that the user declared, and may be a model call, a hard guard refuses it: it could be held
   * against nothing.
   */
  private EngineCall openedUnknown(
      WireRequest request, Snapshot now, CapturedCaller captured, long start) {
    RequestFacts facts = recogniseUnknown(request, now.recogniser);
    boolean refused =
        facts != null && now.settings.mustRead() && !asked(request, now.settings).bypass;
    if (!refused) {
      foreign.tell(request, now.recogniser, facts);
      return null;
    }
    WireRequest unreadable = isReadable(request) ? request.unread(unknownFormat(facts)) : request;
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
    RequestFacts facts = recogniseUnread(request, now.recogniser);
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
    RequestFacts facts = recognise(read, now.recogniser);
    boolean isNoJson = facts == null && readable != null && isNoJsonWhereItMustBe(readable, now);
    boolean isUnread = facts == null && (readable == null || isNoJson);
    if (isUnread) {
      read = isNoJson ? request.unread(UnreadRequests.NO_JSON) : request;
      facts = recogniseUnread(read, now.recogniser);
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
    CapturedCaller caller = captured == null ? caller(now, null) : captured;
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

  private static RequestFacts recognise(WireRequest request, Recogniser recogniser) {
    RequestHead head = head(request);
    return head == null ? null : recogniser.recognise(head, request.body());
  }

  /** As far as address and headers tell; null for what is no model call by them. */
  private static RequestFacts recogniseUnread(WireRequest request, Recogniser recogniser) {
    RequestHead head = head(request);
    return head == null ? null : recogniser.recogniseUnread(head);
  }

  /** What may be a call to an endpoint that was declared; null for all else. */
  private static RequestFacts recogniseUnknown(WireRequest request, Recogniser recogniser) {
    RequestHead head = head(request);
    byte[] body = isReadable(request) ? request.body() : null;
    return head == null ? null : recogniser.recogniseUnknown(head, body);
  }

  private static boolean isReadable(WireRequest request) {
    return request.unreadBecause() == null
        && (request.isEncoded() || RequestEncoding.of(request.headers()).isEmpty());
  }

  /** Null for an address that is none. */
  private static RequestHead head(WireRequest request) {
    URI uri = request.uri();
    String host = request.host();
    if (host == null || uri.getScheme() == null) {
      return null;
    }
    String path = uri.getRawPath();
    return new RequestHead(
        request.method(),
        uri.getScheme(),
        host,
        request.port(),
        path == null ? "" : path,
        uri.getRawQuery(),
        request.headers()::first);
  }

  private Object captureContext() {
    if (contextCapture == null) {
      return null;
    }
    try {
      return contextCapture.get();
    } catch (Throwable failure) {
      errors.report("context", failure);
      return null;
    }
  }

  /** Builds an {@link Engine}. */
  public static final class Builder {
    private final EngineSettings settings;
    private final CallSink sink;
    private final InternalErrors errors;
    private TimeSource time = TimeSource.SYSTEM;
    private Timer timer;
    private Supplier<Object> contextCapture;
    private Supplier<CallPricing> pricing = () -> null;
    private Consumer<String> notices = line -> {};
    private ClientLibraries clients;

    private Builder(EngineSettings settings, CallSink sink, InternalErrors errors) {
      this.settings = Objects.requireNonNull(settings, "settings");
      this.sink = Objects.requireNonNull(sink, "sink");
      this.errors = Objects.requireNonNull(errors, "errors");
    }

    public Builder time(TimeSource value) {
      this.time = value;
      return this;
    }

    /** By default a thread of the engine's own, started when it is first needed. */
    public Builder timer(Timer value) {
      this.timer = value;
      return this;
    }

    /**
     * Asked on the thread of the application that makes a call; what it gives stands in the record
     * as {@code parentContext}. None by default.
     */
    public Builder contextCapture(Supplier<Object> value) {
      this.contextCapture = value;
      return this;
    }

    /**
     * Gives what prices calls, or null as long as it is not at hand; asked when a call begins and
     * when its answer is handed over, and must not block. None by default, and answers then do not
     * say what they cost.
     */
    public Builder pricing(Supplier<CallPricing> value) {
      this.pricing = value;
      return this;
    }

    /** Takes lines for the user, none of them with a secret or a prompt in it. */
    public Builder notices(Consumer<String> value) {
      this.notices = value;
      return this;
    }

    /** Takes what is seen to go past Flyball. Nobody by default. */
    public Builder clients(ClientLibraries value) {
      this.clients = value;
      return this;
    }

    public Engine build() {
      return new Engine(this);
    }
  }
}
