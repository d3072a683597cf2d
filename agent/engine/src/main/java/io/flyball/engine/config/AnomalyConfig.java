package io.flyball.engine.config;

import io.flyball.engine.anomaly.AnomalySettings;
import io.flyball.settings.InvalidValueException;
import io.flyball.settings.Property;
import io.flyball.settings.Secret;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import io.flyball.wire.HostAndPort;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** {@code flyball.anomaly.*}: spending and conversations that are not as they used to be. */
public final class AnomalyConfig {

  /** An http or https URL that is shown to nobody: that of a webhook is often its password. */
  private static final ValueType<Secret> SECRET_URL =
      new ValueType<Secret>() {
        @Override
        public Secret parse(String text) throws InvalidValueException {
          try {
            URI url = new URI(text);
            boolean http =
                "http".equalsIgnoreCase(url.getScheme())
                    || "https".equalsIgnoreCase(url.getScheme());
            // A URI knows no host with an underscore, as names in container networks have.
            boolean user = url.getRawAuthority() != null && url.getRawAuthority().indexOf('@') >= 0;
            if (http
                && !user
                && HostAndPort.host(url) != null
                && HostAndPort.port(url) != 0
                && HostAndPort.port(url) <= 65_535) {
              return new Secret(text);
            }
          } catch (URISyntaxException notAUrl) {
            throw wrong();
          }
          throw wrong();
        }

        private InvalidValueException wrong() {
          return InvalidValueException.sensitiveMustBe(
              "an absolute http or https URL without a user in it");
        }

        @Override
        public boolean isSecret() {
          return true;
        }
      };

  /** What is done about an anomaly. */
  enum Action {
    ALERT,
    THROTTLE
  }

  static final Property<Boolean> ENABLED =
      Property.of(
              "anomaly.enabled",
              ValueType.bool(),
              "Whether spending and conversations are watched, in the background.")
          .defaultsTo("true")
          .example("false");
  static final Property<Action> ACTION =
      Property.of(
              "anomaly.action",
              ValueType.oneOf(Action.class),
              "`alert` only tells. `throttle` also holds who spends too much to the usual number of"
                  + " calls, and refuses the calls of a loop, as long as it lasts.")
          .defaultsTo("alert")
          .example("throttle");
  static final Property<Integer> FACTOR =
      Property.of(
              "anomaly.factor",
              ValueType.wholeNumber(2, 100),
              "How many times the usual is too much; more where spending is bursty, or little is"
                  + " known.")
          .defaultsTo("4")
          .example("6");
  static final Property<Duration> WINDOW =
      Property.of(
              "anomaly.window",
              ValueType.duration("1m", "1h"),
              "Over which time spending is summed; it is also summed over six of these.")
          .defaultsTo("10m")
          .example("5m");
  static final Property<Duration> HISTORY =
      Property.of(
              "anomaly.history",
              ValueType.duration("1m", "7d"),
              "How long a tenant, a feature or a user must have been watched to be judged by its own"
                  + " past. Less than a day takes every morning for an anomaly.")
          .defaultsTo("1d")
          .example("3d");
  static final Property<BigDecimal> MIN_COST =
      Property.of(
              "anomaly.min-cost",
              RequestConfig.COST,
              "What must be spent beyond the usual within one window to be worth telling.")
          .defaultsTo("1 USD")
          .example("5 USD");
  static final Property<Long> MIN_TOKENS =
      Property.of(
              "anomaly.min-tokens",
              ValueType.tokens(),
              "The same for calls whose price is not known.")
          .defaultsTo("500k tokens")
          .example("1M tokens");
  static final Property<Integer> LOOP_STEPS =
      Property.of(
              "anomaly.loop.steps",
              ValueType.orOff(ValueType.wholeNumber(5, 10_000)),
              "A conversation that calls so many times, each time with more, while no person says"
                  + " anything is a loop.")
          .defaultsTo("100")
          .example("50");
  static final Property<Integer> LOOP_REPEATS =
      Property.of(
              "anomaly.loop.repeats",
              ValueType.orOff(ValueType.wholeNumber(3, 10_000)),
              "So is one in which the same tool was called with the same arguments so many times"
                  + " since a person last spoke.")
          .defaultsTo("20")
          .example("10");
  static final Property<Secret> WEBHOOK_URL =
      Property.of(
              "anomaly.webhook.url",
              SECRET_URL,
              "Where anomalies are posted to as JSON, when they begin and when they end, and so are"
                  + " marks of budgets that are passed and prompts that grow; once each."
                  + " Give a reference when the address is a secret; it is never shown.")
          .defaultNote("none")
          .example("https://hooks.example/flyball")
          .needingRestart();
  static final Property<Secret> WEBHOOK_HEADER =
      Property.of(
              "anomaly.webhook.headers.<header>",
              ValueType.secretHeader(),
              "A header sent along. Its value is never shown.")
          .example("payments")
          .needing(WEBHOOK_URL)
          .needingRestart();
  public static final Section<AnomalyConfig> SECTION =
      Section.of(
          "Anomalies",
          "Spending and conversations that are not as they used to be: see"
              + " [anomalies.md](anomalies.md).",
          AnomalyConfig::new,
          ENABLED,
          ACTION,
          FACTOR,
          WINDOW,
          HISTORY,
          MIN_COST,
          MIN_TOKENS,
          LOOP_STEPS,
          LOOP_REPEATS,
          WEBHOOK_URL,
          WEBHOOK_HEADER);

  private final AnomalySettings settings;
  private final boolean throttles;
  private final Secret webhookUrl;
  private final Map<String, Secret> webhookHeaders;

  AnomalyConfig(Values values) {
    Integer steps = values.get(LOOP_STEPS);
    Integer repeats = values.get(LOOP_REPEATS);
    boolean enabled = values.get(ENABLED);
    this.settings =
        enabled
            ? new AnomalySettings(
                values.get(FACTOR),
                values.get(WINDOW).toMillis(),
                values.get(HISTORY).toMillis(),
                values.get(MIN_COST).doubleValue(),
                values.get(MIN_TOKENS),
                steps == null ? 0 : steps,
                repeats == null ? 0 : repeats)
            : null;
    this.throttles = enabled && values.get(ACTION) == Action.THROTTLE;
    this.webhookUrl = values.get(WEBHOOK_URL);
    Map<String, Secret> headers = new TreeMap<>();
    for (String header : values.names(WEBHOOK_HEADER)) {
      headers.put(header, values.get(WEBHOOK_HEADER, header));
    }
    this.webhookHeaders = Collections.unmodifiableMap(headers);
  }

  /** Null: nothing is watched. */
  public AnomalySettings settings() {
    return settings;
  }

  /** Whether who does what is not usual is held back. */
  public boolean throttles() {
    return throttles;
  }

  /** An absolute URL; null: nothing is posted. */
  public Secret webhookUrl() {
    return webhookUrl;
  }

  /** By name in lower case, sorted. */
  public Map<String, Secret> webhookHeaders() {
    return webhookHeaders;
  }
}
