package io.flyball.javaagent;

import io.flyball.base.DetachedThread;
import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.base.log.LoggedInternalErrors;
import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Tasks;
import io.flyball.engine.Engine;
import io.flyball.engine.anomaly.Anomalies;
import io.flyball.engine.attribute.InitialisedClasses;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.StageProvider;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.engine.config.AgentConfig;
import io.flyball.engine.config.ConsoleConfig;
import io.flyball.engine.config.InstrumentationConfig;
import io.flyball.engine.config.LogConfig;
import io.flyball.engine.config.MemoryConfig;
import io.flyball.engine.config.OnError;
import io.flyball.engine.config.PricesConfig;
import io.flyball.engine.config.Sections;
import io.flyball.engine.event.Alerts;
import io.flyball.engine.fleet.Fleet;
import io.flyball.engine.telemetry.Instruments;
import io.flyball.engine.time.Aside;
import io.flyball.engine.time.SharedTimer;
import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.ConfigProblem;
import io.flyball.settings.ConfigWatcher;
import io.flyball.settings.LoadedConfig;
import io.flyball.settings.Settings;
import io.flyball.wire.HeldBytes;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * The agent inside its own loader: puts configuration, engine, listeners and hooks together. Called
 * from the jar's root, by name.
 */
public final class Agent {
  /** As sysexits.h has it: a configuration error. */
  private static final int BAD_CONFIGURATION = 78;

  private final String arguments;
  private final String version;

  /** Null as long as nothing was set and nothing is governed: all is as by default. */
  private LoadedConfig loaded;

  private Settings config;

  /** Why it does nothing; null as long as it may. */
  private String off;

  /** Of the watch and of the engine after it. Null until one of them begins. */
  private Log log;

  private LoggedInternalErrors errors;
  private ClientLibraries clients;

  /** What {@link #open} does. */
  private Runnable opening = () -> {};

  private Agent(String arguments, String version, LoadedConfig loaded) {
    this.arguments = arguments;
    this.version = version;
    this.loaded = loaded;
    this.config = loaded == null ? null : loaded.config();
  }

  /** Where nothing is set: the configuration is read when the engine is to start. */
  public static Agent unconfigured(String arguments, String version) {
    return new Agent(arguments, version, null);
  }

  /**
   * Reads the configuration.
   *
   * @param arguments the agent arguments, or null
   * @param version Flyball's own
   * @return one that is {@link #off} when it is bad, which has then been told, or switches Flyball
   *     off
   */
  public static Agent configure(String arguments, String version) {
    LoadedConfig loaded = load(arguments);
    Settings config = loaded.config();
    Agent agent = new Agent(arguments, version, loaded);
    if (loaded.ok()) {
      agent.off = config.get(AgentConfig.SECTION).enabled() ? null : "flyball.enabled=false";
      return agent;
    }
    boolean exit = config.get(AgentConfig.SECTION).onError() == OnError.EXIT;
    Log log = Log.open(config.get(LogConfig.SECTION).level(), config.get(LogConfig.SECTION).file());
    for (ConfigProblem error : loaded.errors()) {
      log.error("configuration: " + error);
    }
    log.error(
        exit
            ? "the JVM ends because of its configuration (flyball.config.on-error=exit)"
            : "off because of its configuration, the program runs without it");
    if (exit) {
      Runtime.getRuntime().halt(BAD_CONFIGURATION);
    }
    agent.off = loaded.explain();
    return agent;
  }

  /** Why it does nothing, fit to be shown; null when it does, or may. */
  public String off() {
    return off;
  }

  private static LoadedConfig load(String arguments) {
    Map<String, String> properties = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      properties.put(name, System.getProperty(name, ""));
    }
    return ConfigLoader.load(Sections.SCHEMA, arguments, properties, System.getenv());
  }

  /** Whether the start must not wait for the first client: the console is to be there at once. */
  public boolean startsAtOnce() {
    return config != null && config.get(ConsoleConfig.SECTION).port().isPresent();
  }

  /**
   * Whether clients that are not governed can be told of without the engine: not where metrics tell
   * of them, too.
   *
   * @param hostTelemetry the {@code OpenTelemetry} of the agent we are an extension of, or null
   */
  public boolean mayWatch(Object hostTelemetry) {
    return hostTelemetry == null
        && !startsAtOnce()
        && !(config == null ? OwnExport.isWanted() : OwnExport.isWanted(config));
  }

  /**
   * Tells of clients that are not governed, and of the model hosts that they connect to, until the
   * engine is started, if ever.
   *
   * @param instrumentation the JVM's
   * @return what weaves the classes that tell of such clients
   */
  public ClassFileTransformer watch(Instrumentation instrumentation) {
    if (config == null) {
      beginToTell(Level.INFO, null);
    } else {
      beginToTell(config.get(LogConfig.SECTION).level(), config.get(LogConfig.SECTION).file());
    }
    AtExit.run("flyball-flush-clients", clients::flush);
    List<ClientInstrumentation> known = enabled(client -> !client.governs());
    Bridge.connect(
        new HookRouter(
            known,
            Collections.emptyList(),
            new ClientWatch(
                clients,
                config == null ? Collections.emptyList() : EngineConfiguration.endpoints(config),
                errors)));
    BootDelegation bridge = new BootDelegation(instrumentation, Agent.class.getClassLoader());
    Aside.prepare();
    return new RoomyWeaver(new ShowingWeaver(known, bridge::reaches, this::sighted));
  }

  private void beginToTell(Level level, Path file) {
    log = Log.open(level, file);
    if (loaded != null) {
      tellWarnings();
    }
    errors = new LoggedInternalErrors(log);
    DetachedThread.reportTo(errors);
    clients = new ClientLibraries(log, errors);
  }

  private void tellWarnings() {
    for (ConfigProblem warning : loaded.warnings()) {
      log.warn("configuration: " + warning);
    }
  }

  /** False when it is bad, or switches Flyball off: the application has set that meanwhile. */
  private boolean configureLate() {
    Agent late = configure(arguments, version);
    off = late.off;
    if (off != null) {
      return false;
    }
    loaded = late.loaded;
    config = late.config;
    if (log != null) {
      tellWarnings();
      log.setLevel(config.get(LogConfig.SECTION).level());
    }
    return true;
  }

  private List<ClientInstrumentation> enabled(Predicate<ClientInstrumentation> wanted) {
    List<ClientInstrumentation> enabled = new ArrayList<>();
    for (ClientInstrumentation client : Instrumentations.in(Agent.class.getClassLoader())) {
      if (wanted.test(client)
          && (config == null
              || config.get(InstrumentationConfig.SECTION).isEnabled(client.name()))) {
        enabled.add(client);
      }
    }
    return enabled;
  }

  private void sighted(ClientInstrumentation client, String type, ProtectionDomain domain) {
    if (client.clientOf(type) != null) {
      clients.found(client.clientOf(type), location(domain), client.governs());
    }
  }

  /**
   * Starts the engine and connects the bridge. Threads of the application wait for it that are amid
   * the loading of a class, and hold whatever locks that is under: what may need one of those waits
   * for {@link #open}.
   *
   * @param instrumentation the JVM's
   * @param hostTelemetry the {@code OpenTelemetry} of the agent we are an extension of, or null
   * @return what weaves the classes that our instrumentations hook; null when it does not start
   */
  public ClassFileTransformer start(Instrumentation instrumentation, Object hostTelemetry) {
    if (loaded == null && !configureLate()) {
      return null;
    }
    if (log == null) {
      beginToTell(config.get(LogConfig.SECTION).level(), config.get(LogConfig.SECTION).file());
    }
    HeldBytes.ofThisJvm().tellTo(log::warn);
    HeldBytes.ofThisJvm().limitTo(config.get(MemoryConfig.SECTION).maxHeldBytes());
    OpenTelemetryOutput host =
        hostTelemetry == null ? null : new OpenTelemetryOutput(hostTelemetry, version);
    Pricing pricing = new Pricing(config.get(PricesConfig.OWN));
    SharedTimer timer = new SharedTimer(errors);
    AccountStore accounts = Accounts.open(config, log);
    Fleet fleet = Fleets.of(config, accounts, TimeSource.SYSTEM, timer, log, errors);
    Alerts alerts = AnomalyAlerts.alerts(log, errors);
    Anomalies anomalies = AnomalyAlerts.watch(config, timer, alerts, log, errors);
    Accounting accounting = Accounting.start(config, pricing, anomalies, alerts, log, errors);
    PolicyConfiguration policies =
        new PolicyConfiguration(
            TimeSource.SYSTEM,
            timer,
            accounts,
            fleet,
            anomalies.throttle(),
            pricing,
            alerts::tell,
            log,
            errors);
    accounting.tell(policies.stored());
    List<Stage> addedStages = addedStages();
    InitialisedClasses classes = initialisedClasses(instrumentation, log);
    Engine.Builder builder =
        Engine.builder(
                EngineConfiguration.settings(config, policies, addedStages, classes),
                accounting.sink(),
                errors)
            .timer(timer)
            .clients(clients)
            .pricing(pricing::soon)
            .notices(log::warn);
    if (host != null) {
      builder.contextCapture(OpenTelemetryOutput::currentContext);
    }
    Engine engine = builder.build();
    AtomicReference<Settings> inForce = new AtomicReference<>(config);
    ConfigWatcher.start(
        config,
        () -> load(arguments),
        (next, changes) -> {
          inForce.set(next);
          log.setLevel(next.get(LogConfig.SECTION).level());
          HeldBytes.ofThisJvm().limitTo(next.get(MemoryConfig.SECTION).maxHeldBytes());
          accounting.apply(next);
          engine.apply(EngineConfiguration.settings(next, policies, addedStages, classes));
        },
        log);
    AtExit.run(
        "flyball-flush",
        () -> {
          clients.flush();
          accounting.flush();
          policies.ledger().close();
          if (fleet != null) {
            fleet.close();
          }
        });

    ClassLoader own = Agent.class.getClassLoader();
    List<ClientInstrumentation> all = enabled(client -> true);
    List<ClientInstrumentation> instrumentations = new ArrayList<>();
    List<ClientInstrumentation> following = new ArrayList<>();
    List<ClientInstrumentation> known = new ArrayList<>();
    for (ClientInstrumentation client : all) {
      if (!client.governs()) {
        known.add(client);
      } else {
        (client.follows().isEmpty() ? instrumentations : following).add(client);
      }
    }
    HookRouter router = new HookRouter(all, following, engine);
    Bridge.connect(router);
    log.info(
        version
            + " attached, mode="
            + config.get(AgentConfig.SECTION).mode().name().toLowerCase(Locale.ROOT)
            + ", service="
            + config.get(AgentConfig.SECTION).service());
    opening =
        () -> {
          try {
            if (fleet != null) {
              fleet.start();
            }
            Instruments exported = accounting.export(config, host, version, timer);
            if (exported != null) {
              policies.show(exported, clients);
            }
            LocalConsole.open(
                inForce::get,
                version,
                accounting,
                policies,
                clients,
                anomalies,
                alerts,
                log,
                errors);
          } finally {
            accounting.complete();
          }
        };
    BootDelegation bridge = new BootDelegation(instrumentation, own);
    Weaver followers =
        new Weaver(following, own, bridge::reaches, woven -> {}, this::sighted, log::warn);
    Followers follow = new Followers(instrumentation, following, followers, router, log::warn);
    engine.whenLogged(
        () -> {
          for (ClientInstrumentation each : instrumentations) {
            if (!each.leadsWhenWoven()) {
              follow.found(each);
            }
          }
          Tasks.beginToCarryLoggedValues();
        });
    WarmUp warmUp =
        new WarmUp(
            () ->
                EngineConfiguration.settings(
                    config,
                    PolicyConfiguration.unheard(timer, pricing, errors),
                    Collections.emptyList(),
                    classes),
            timer,
            pricing::soon,
            errors);
    Aside.prepare();
    return new RoomyWeaver(
        new ShowingWeaver(known, bridge::reaches, this::sighted)
            .before(
                new Weaver(
                    instrumentations,
                    own,
                    bridge::reaches,
                    woven -> {
                      if (woven.isLoadedBeforeItsFirstCall()) {
                        warmUp.begin();
                      }
                      woven.endsRetriesOf().forEach(engine::endsRetriesOf);
                      if (woven.leadsWhenWoven()) {
                        follow.found(woven);
                      }
                    },
                    this::sighted,
                    log::warn)));
  }

  /**
   * Opens what speaks with others: the fleet, the export, the console. All of it may set up TLS,
   * look names up, and log as the JDK does, so nobody waits for it. Once, after the start.
   */
  public void open() {
    opening.run();
  }

  /** What the boot loader defines has no domain and is the JDK's. */
  private static String location(ProtectionDomain domain) {
    if (domain == null) {
      return "jrt:/java.base";
    }
    CodeSource source = domain.getCodeSource();
    return source == null || source.getLocation() == null ? null : source.getLocation().toString();
  }

  private static InitialisedClasses initialisedClasses(Instrumentation instrumentation, Log log) {
    try {
      return LoadedClasses.in(instrumentation);
    } catch (ReflectiveOperationException | RuntimeException noWay) {
      log.warn("the application's logging context (mdc:) is not read, this JVM hides it: " + noWay);
      return InitialisedClasses.NONE;
    }
  }

  private static List<Stage> addedStages() {
    List<Stage> stages = new ArrayList<>();
    for (StageProvider provider :
        ServiceLoader.load(StageProvider.class, Agent.class.getClassLoader())) {
      stages.add(provider.create());
    }
    return stages;
  }
}
