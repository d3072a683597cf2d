package io.flyball.engine;

import io.flyball.base.InternalErrors;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.engine.meter.ContentDecoder;
import io.flyball.engine.pipeline.Pipeline;
import io.flyball.engine.pipeline.StandardPipeline;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.time.SharedTimer;
import io.flyball.engine.time.StackRoom;
import io.flyball.engine.time.Timer;
import io.flyball.protocol.sdk.Sdk;
import io.flyball.wire.Caller;
import io.flyball.wire.CallerScope;
import io.flyball.wire.CapturedInbound;
import io.flyball.wire.Completions;
import io.flyball.wire.Gateway;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.InboundRequest;
import io.flyball.wire.InboundScope;
import io.flyball.wire.SdkAttempt;
import io.flyball.wire.WireRequest;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The engine: recognises model calls, runs them through the pipeline and hands a record of each to
 * the sink. Thread safe. Its settings may be replaced at any time; a call ends under the settings
 * it began with.
 */
public final class Engine implements Gateway {
  private final InternalErrors errors;
  private final TimeSource time;
  private final Timer timer;
  private final Supplier<Object> contextCapture;
  private final GivenUpCalls givenUp = new GivenUpCalls();
  private final SdkLoops sdkLoops = new SdkLoops();
  private final InboundRequests inbound;
  private final FrameworkScopes frameworks = new FrameworkScopes();
  private final LoggedValues logged = new LoggedValues();
  private final HandOver handOver;
  private final ClientLibraries clients;
  private final ForeignCalls foreign;
  private final LittleStack littleStack;
  private final CallOpener opener;
  private volatile Snapshot snapshot;
  private volatile Runnable loggedValuesUsed = () -> {};

  private Engine(Builder builder) {
    this.errors = builder.errors;
    this.time = builder.time;
    this.inbound = new InboundRequests(time);
    this.handOver = new HandOver(inbound, frameworks, logged);
    this.timer = builder.timer == null ? new SharedTimer(errors) : builder.timer;
    this.contextCapture = builder.contextCapture;
    this.clients = builder.clients;
    this.foreign = new ForeignCalls(clients);
    this.littleStack = new LittleStack(builder.notices);
    this.opener =
        new CallOpener(builder, timer, givenUp, sdkLoops, foreign, now -> caller(now, null));
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
      if (path == null) {
        return false;
      }
      boolean known = now.recogniser.mayMatch(method, host, port, path);
      if (!known && !foreign.mayMatch(method, path)
          || !now.settings.mustRead() && !littleStack.isEnough()) {
        return false;
      }
      if (known || method == null) {
        return true;
      }
      // All there is to say of it its path says: nobody has to wait for its body.
      foreign.tell(method, host, port, path, now.recogniser);
      return false;
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
      GovernedCall call = opener.openUntouched(head, now, resumed());
      if (call != null) {
        call.execute((request, cancellation) -> Completions.failed(failure));
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
      Snapshot now = snapshot;
      String host = notOpened.host();
      return (host != null && now.recogniser.isModelHost(host, notOpened.port()))
          // What is compressed may be a call.
          || !ContentDecoder.isPlain(notOpened.headers().first("Content-Encoding"))
          // It may be one that could not be opened.
          || now.recognise(notOpened) != null;
    } catch (Throwable failure) {
      errors.report("recognise", failure);
      return true;
    }
  }

  @Override
  public boolean refusesUnseen(WireRequest unseen) {
    try {
      return opener.refusesUnseen(unseen, snapshot);
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
    CapturedCaller given = (CapturedCaller) caller;
    try {
      CapturedCaller captured = given == null ? resumed() : given;
      return opener.open(request, captured == null ? snapshot : captured.now, captured);
    } catch (Throwable failure) {
      errors.report("open", failure);
      return opener.refused(request, given == null ? snapshot : given.now, given);
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

  @Override
  public void internalError(String place, Throwable failure) {
    errors.report(place, failure);
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
    final CallSink sink;
    final InternalErrors errors;
    TimeSource time = TimeSource.SYSTEM;
    private Timer timer;
    private Supplier<Object> contextCapture;
    Supplier<CallPricing> pricing = () -> null;
    Consumer<String> notices = line -> {};
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
