package io.flyball.javaagent;

import io.flyball.base.log.Log;
import io.flyball.base.log.LoggedInternalErrors;
import io.flyball.engine.CallRecordQueue;
import io.flyball.engine.anomaly.Anomalies;
import io.flyball.engine.anomaly.AnomalyMemory;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.config.AgentConfig;
import io.flyball.engine.config.AnomalyConfig;
import io.flyball.engine.config.ConsoleConfig;
import io.flyball.engine.config.ContentConfig;
import io.flyball.engine.config.EventsConfig;
import io.flyball.engine.content.ContentCapture;
import io.flyball.engine.content.ProviderNames;
import io.flyball.engine.content.Redactor;
import io.flyball.engine.content.ShownNames;
import io.flyball.engine.event.Alerts;
import io.flyball.engine.event.EventFileListener;
import io.flyball.engine.event.PromptHashes;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.signal.PromptGrowth;
import io.flyball.engine.telemetry.Instruments;
import io.flyball.engine.telemetry.MemoryMetrics;
import io.flyball.engine.telemetry.MetricsListener;
import io.flyball.engine.telemetry.SignalMetrics;
import io.flyball.engine.time.Timer;
import io.flyball.settings.Settings;
import io.flyball.wire.HeldBytes;
import java.util.concurrent.TimeUnit;

/** From the record of a call that ended to everything that is told of it. */
final class Accounting {
  /** Of a prompt and of an answer that are kept, each. */
  static final int CAPTURED_CHARACTERS = 64 * 1024;

  private static final int WAITING_RECORDS = 10_000;
  private static final int MAX_TAG_VALUES = 100;
  private static final int WATCHED_FEATURES = 100;
  private static final long EVENT_FILE_BYTES = 50L << 20;

  /**
   * How long the end of a JVM waits for what is work of ours alone: the first estimate of tokens
   * takes a second where the machine is busy.
   */
  private static final long RECORD_SECONDS = 10;

  /** How long it then waits for those whom something is sent to. */
  private static final long SEND_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Listeners listeners;
  private final CallRecordQueue queue;
  private final LoggedInternalErrors errors;

  private final PromptGrowth growth;
  private final Anomalies anomalies;
  private final Alerts alerts;
  private final Log log;

  /** Our own; null without one, and until it is open. */
  private volatile OwnExport export;

  private Accounting(
      Listeners listeners,
      CallRecordQueue queue,
      LoggedInternalErrors errors,
      PromptGrowth growth,
      Anomalies anomalies,
      Alerts alerts,
      Log log) {
    this.listeners = listeners;
    this.queue = queue;
    this.errors = errors;
    this.growth = growth;
    this.anomalies = anomalies;
    this.alerts = alerts;
    this.log = log;
  }

  /**
   * Calls are accounted for from now on. Who else hears of them is told of all of them once it is
   * {@linkplain #complete complete}.
   *
   * @param anomalies hears of every call
   * @param alerts hears of prompts that grow
   */
  static Accounting start(
      Settings config,
      Pricing pricing,
      Anomalies anomalies,
      Alerts alerts,
      Log log,
      LoggedInternalErrors errors) {
    log.redactWith(new Redactor()::redact);
    Listeners listeners = new Listeners(pricing, errors);
    listeners.hold();
    CallRecordQueue queue = new CallRecordQueue(listeners, WAITING_RECORDS, errors);
    PromptGrowth growth = new PromptGrowth(WATCHED_FEATURES, alerts::tell);
    Accounting accounting =
        new Accounting(listeners, queue, errors, growth, anomalies, alerts, log);
    accounting.apply(config);
    listeners.names(new ProviderNames(ShownNames.ofThisJvm())::apply);
    listeners.settleWith(new SettlingListener());
    listeners.add(growth);
    if (config.get(AnomalyConfig.SECTION).settings() != null
        && config.get(AgentConfig.SECTION).dataDir() != null) {
      listeners.addFirst(
          new AnomalyMemory(
              config.get(AgentConfig.SECTION).dataDir(),
              AgentConfig.formerDataDir(config),
              anomalies,
              TimeSource.SYSTEM,
              log::info));
    }
    listeners.addFirst(anomalies);
    if (isToldOfOneByOne(config)) {
      listeners.hashes(new PromptHashes()::apply);
    }
    if (config.get(EventsConfig.SECTION).file() != null) {
      EventFileListener events =
          new EventFileListener(
              config.get(EventsConfig.SECTION).file(),
              EVENT_FILE_BYTES,
              EventsConfig.FILES,
              config.get(AgentConfig.SECTION).service(),
              TimeSource.SYSTEM,
              log::warn);
      listeners.add(events);
      anomalies.listen(events);
      alerts.listen(events);
    }
    return accounting;
  }

  /**
   * Opens the export of spans and metrics, where there is one.
   *
   * @param host where they go when we are an extension, or null
   * @param version Flyball's own
   * @param timer ends exports that a collector draws out
   * @return where metrics are exported to; null when nowhere
   */
  Instruments export(Settings config, OpenTelemetryOutput host, String version, Timer timer) {
    export = host == null ? OwnExport.start(config, version, timer, log, errors) : null;
    OpenTelemetryOutput output = export == null ? host : export.output();
    if (output == null) {
      return null;
    }
    listeners.spans(output.spans()::record);
    Instruments exported = output.instruments();
    record(exported);
    return exported;
  }

  /** Everybody is there who is to hear of calls. */
  void complete() {
    listeners.release();
  }

  /** Whether somebody sees single calls, with what tells their prompts from each other. */
  static boolean isToldOfOneByOne(Settings config) {
    return config.get(EventsConfig.SECTION).file() != null
        || config.get(ConsoleConfig.SECTION).port().isPresent();
  }

  /** One more that is told of every call. */
  void tell(CallListener listener) {
    listeners.add(listener);
  }

  /** Takes over what may change while the application runs. */
  void apply(Settings config) {
    anomalies.apply(config.get(AnomalyConfig.SECTION).settings());
    ContentConfig content = config.get(ContentConfig.SECTION);
    Redactor redactor = new Redactor();
    ContentCapture.Redaction redaction =
        content.redact() ? redactor::redact : (text, end) -> text.substring(0, end);
    listeners.content(new ContentCapture(redaction, CAPTURED_CHARACTERS)::apply);
  }

  void add(CallListener listener) {
    listeners.add(listener);
  }

  /** Keeps the metrics of all calls there too. */
  void record(Instruments instruments) {
    listeners.add(new MetricsListener(instruments, MAX_TAG_VALUES, errors::count, queue::dropped));
    MemoryMetrics.show(instruments, HeldBytes.ofThisJvm());
    SignalMetrics.show(instruments, growth);
    SignalMetrics.show(instruments, anomalies);
    SignalMetrics.show(instruments, alerts);
  }

  /** Where the engine puts the records. */
  CallSink sink() {
    return queue;
  }

  /** Calls that ended just before the JVM does are still accounted for. */
  void flush() {
    boolean recorded = queue.flush(RECORD_SECONDS, TimeUnit.SECONDS);
    if (!listeners.awaitRelease(RECORD_SECONDS, TimeUnit.SECONDS) || !recorded) {
      log.warn("the JVM ends before its last calls are recorded: they are in no event and no span");
    }
    long deadline = System.nanoTime() + SEND_NANOS;
    // An alert's receiver that is slow leaves the collector its half.
    alerts.flush((deadline - System.nanoTime()) / 2, TimeUnit.NANOSECONDS);
    listeners.flush();
    OwnExport own = export;
    if (own != null) {
      own.close(deadline - System.nanoTime());
    }
  }
}
