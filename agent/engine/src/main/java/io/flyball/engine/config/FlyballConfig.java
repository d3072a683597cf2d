package io.flyball.engine.config;

import io.flyball.engine.Mode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All settings in force. Immutable; a change of the file makes a new one. */
public final class FlyballConfig {
  static final Property<Boolean> ENABLED =
      Property.of("enabled", ValueType.bool(), "`false`: the agent does nothing at all.")
          .defaultsTo("true")
          .example("false")
          .needingRestart();
  static final Property<Mode> MODE =
      Property.of(
              "mode",
              ValueType.oneOf(Mode.class),
              "`govern` applies every policy. `observe` measures and reports everything and changes"
                  + " nothing on the wire: budgets are counted and refuse nobody.")
          .defaultsTo("govern")
          .example("observe");
  static final Property<Path> CONFIG_FILE =
      Property.of(
              "config.file",
              ValueType.path(),
              "The YAML file; it is read again when it changes. Not to be set in the file itself.")
          .defaultNote("none")
          .example("/etc/app/flyball.yaml")
          .needingRestart();
  static final Property<OnError> CONFIG_ON_ERROR =
      Property.of(
              "config.on-error",
              ValueType.oneOf(OnError.class),
              "What a configuration with errors does at start: `disable` switches Flyball off and"
                  + " lets the application run, `exit` stops the JVM. In the YAML file it does nothing"
                  + " where that file is no valid YAML: set it elsewhere.")
          .defaultsTo("disable")
          .example("exit")
          .needingRestart();
  static final Property<String> SERVICE =
      Property.of("service", ValueType.text(), "The application's name in everything reported.")
          .defaultNote(
              "`otel.service.name`, else `service.name` in `otel.resource.attributes`, else the"
                  + " main class without its package, or the jar's name")
          .example("checkout")
          .needingRestart();
  static final Property<Path> DATA_DIR =
      Property.of(
              "data.dir",
              ValueType.pathOrNone(),
              "Where durable local state is kept; made when first needed, for its owner alone."
                  + " `none`: memory only.")
          .defaultNote(
              "`~/.flyball/<service>`; where nobody names the service `~/.flyball/` and the main"
                  + " class with its package, or the jar's name without its version")
          .example("none")
          .needingRestart();
  static final Section SECTION =
      new Section("Agent", "", ENABLED, MODE, CONFIG_FILE, CONFIG_ON_ERROR, SERVICE, DATA_DIR);

  private final Values values;
  private final Map<String, String> otel;
  private final LogConfig log;
  private final InstrumentationConfig instrumentation;
  private final EndpointConfig endpoint;
  private final TargetConfig target;
  private final RetryConfig retry;
  private final TimeoutConfig timeout;
  private final BreakerConfig breaker;
  private final FallbackConfig fallback;
  private final StreamConfig stream;
  private final HedgeConfig hedge;
  private final LimitConfig limit;
  private final RequestConfig request;
  private final BypassConfig bypass;
  private final MemoryConfig memory;
  private final AttributionConfig attribution;
  private final EventsConfig events;
  private final ContentConfig content;
  private final ConsoleConfig console;
  private final BudgetConfig budget;
  private final AnomalyConfig anomaly;
  private final RedisConfig redis;
  private final PricesConfig prices;
  private final String formerService;

  /**
   * @param formerService by what name earlier versions kept durable local state
   */
  FlyballConfig(Values values, Map<String, String> otel, String formerService) {
    this.values = values;
    this.formerService = formerService;
    this.otel = Collections.unmodifiableMap(new TreeMap<>(otel));
    this.log = new LogConfig(values);
    this.instrumentation = new InstrumentationConfig(values);
    this.endpoint = new EndpointConfig(values);
    this.target = new TargetConfig(values);
    this.retry = new RetryConfig(values);
    this.timeout = new TimeoutConfig(values);
    this.breaker = new BreakerConfig(values);
    this.fallback = new FallbackConfig(values);
    this.stream = new StreamConfig(values);
    this.hedge = new HedgeConfig(values);
    this.limit = new LimitConfig(values);
    this.request = new RequestConfig(values);
    this.bypass = new BypassConfig(values);
    this.memory = new MemoryConfig(values);
    this.attribution = new AttributionConfig(values);
    this.events = new EventsConfig(values);
    this.content = new ContentConfig(values);
    this.console = new ConsoleConfig(values);
    this.budget = new BudgetConfig(values);
    this.anomaly = new AnomalyConfig(values);
    this.redis = new RedisConfig(values);
    this.prices = new PricesConfig(values);
  }

  /** {@code flyball.enabled}. */
  public boolean enabled() {
    return values.get(ENABLED);
  }

  /** {@code flyball.mode}. */
  public Mode mode() {
    return values.get(MODE);
  }

  /** {@code flyball.config.file}; null when there is none. */
  public Path configFile() {
    return values.get(CONFIG_FILE);
  }

  /** {@code flyball.config.on-error}. */
  public OnError onError() {
    return values.get(CONFIG_ON_ERROR);
  }

  /** {@code flyball.service}; never null, {@code unknown} when nothing tells. */
  public String service() {
    return values.get(SERVICE);
  }

  /**
   * {@code flyball.data.dir}; null: memory only. It may not exist yet, and need not be writable.
   */
  public Path dataDir() {
    return values.get(DATA_DIR);
  }

  /**
   * Where earlier versions kept durable local state, which named the folder otherwise where nobody
   * has named the service. Null where it is the same, or the user has said where.
   */
  public Path formerDataDir() {
    Path dir = dataDir();
    if (dir == null || values.isSet(DATA_DIR)) {
      return null;
    }
    Path former = dir.resolveSibling(ServiceFolder.name(formerService));
    return former.equals(dir) ? null : former;
  }

  /** {@code flyball.log.*}. */
  public LogConfig log() {
    return log;
  }

  /** {@code flyball.instrumentation.*}. */
  public InstrumentationConfig instrumentation() {
    return instrumentation;
  }

  /** {@code flyball.endpoint.*}. */
  public EndpointConfig endpoint() {
    return endpoint;
  }

  /** {@code flyball.target.*}. */
  public TargetConfig target() {
    return target;
  }

  /** {@code flyball.retry.*}. */
  public RetryConfig retry() {
    return retry;
  }

  /** {@code flyball.timeout.*}. */
  public TimeoutConfig timeout() {
    return timeout;
  }

  /** {@code flyball.breaker.*}. */
  public BreakerConfig breaker() {
    return breaker;
  }

  /** {@code flyball.fallback.*}. */
  public FallbackConfig fallback() {
    return fallback;
  }

  /** {@code flyball.stream.*}. */
  public StreamConfig stream() {
    return stream;
  }

  /** {@code flyball.hedge.*}. */
  public HedgeConfig hedge() {
    return hedge;
  }

  /** {@code flyball.limit.*}. */
  public LimitConfig limit() {
    return limit;
  }

  /** {@code flyball.request.*}. */
  public RequestConfig request() {
    return request;
  }

  /** {@code flyball.bypass.*}. */
  public BypassConfig bypass() {
    return bypass;
  }

  /** {@code flyball.memory.*}. */
  public MemoryConfig memory() {
    return memory;
  }

  /** {@code flyball.attribution.*}. */
  public AttributionConfig attribution() {
    return attribution;
  }

  /** {@code flyball.events.*}. */
  public EventsConfig events() {
    return events;
  }

  /** {@code flyball.content.*}. */
  public ContentConfig content() {
    return content;
  }

  /** {@code flyball.console.*}. */
  public ConsoleConfig console() {
    return console;
  }

  /** {@code flyball.budget.*}. */
  public BudgetConfig budget() {
    return budget;
  }

  /** {@code flyball.anomaly.*}. */
  public AnomalyConfig anomaly() {
    return anomaly;
  }

  /** {@code flyball.redis.*}. */
  public RedisConfig redis() {
    return redis;
  }

  /** {@code flyball.prices.*}. */
  public PricesConfig prices() {
    return prices;
  }

  /**
   * The standard OpenTelemetry settings that are not ours to judge, by their system property names
   * ({@code otel.exporter.otlp.endpoint}): from agent arguments, else system properties, else
   * {@code OTEL_*} variables. Values may be secrets.
   */
  public Map<String, String> otel() {
    return otel;
  }

  /** Every setting with its value and where it comes from, secrets masked. */
  public List<EffectiveSetting> describe() {
    return values.all();
  }

  /**
   * The settings whose values differ in the other configuration, as they are there; a setting that
   * is no longer there as it is here.
   */
  public List<EffectiveSetting> changesTo(FlyballConfig next) {
    return values.changesTo(next.values);
  }

  /** This configuration, with what needs a restart as it was in the one started with. */
  FlyballConfig keepingStartup(FlyballConfig startup) {
    return new FlyballConfig(
        values.keepingStartup(startup.values), startup.otel, startup.formerService);
  }

  @Override
  public String toString() {
    return "FlyballConfig" + describe();
  }
}
