package io.flyball.engine.telemetry.otlp;

import io.flyball.wire.HostAndPort;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.UnsupportedEncodingException;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the standard {@code otel.*} properties say about the export by OTLP. Nothing is exported
 * unless an endpoint is set. Immutable.
 */
public final class OtlpSettings {
  private static final String EXPORTER = "otel.exporter.otlp.";
  private static final String HTTP_PROTOBUF = "http/protobuf";

  private static final String QUEUE_SIZE = "otel.bsp.max.queue.size";
  private static final String BATCH_SIZE = "otel.bsp.max.export.batch.size";
  private static final String SCHEDULE_DELAY = "otel.bsp.schedule.delay";
  private static final String METRIC_INTERVAL = "otel.metric.export.interval";
  private static final int SPANS_WAITING = 2_048;
  private static final int SPANS_AT_ONCE = 512;
  private static final int SCHEDULE_DELAY_MILLIS = 5_000;
  private static final int METRIC_INTERVAL_MILLIS = 60_000;
  private static final int TIMEOUT_MILLIS = 10_000;

  /** The SDK makes a queue as long as it may become. */
  private static final int MOST_SPANS = 1_000_000;

  private static final int MOST_PORTS = 65_535;

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,1000}");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7e]*");

  private final Map<String, String> properties;
  private final List<String> warnings = new ArrayList<>();

  private OtlpSettings(Map<String, String> properties) {
    this.properties = new TreeMap<>(properties);
    limit(QUEUE_SIZE, MOST_SPANS, SPANS_WAITING);
    limit(BATCH_SIZE, MOST_SPANS, SPANS_AT_ONCE);
    limit(SCHEDULE_DELAY, Integer.MAX_VALUE, SCHEDULE_DELAY_MILLIS);
    limit(METRIC_INTERVAL, Integer.MAX_VALUE, METRIC_INTERVAL_MILLIS);
    limit(EXPORTER + "timeout", Integer.MAX_VALUE, TIMEOUT_MILLIS);
    for (Signal signal : Signal.values()) {
      limit(EXPORTER + signal.label + ".timeout", Integer.MAX_VALUE, TIMEOUT_MILLIS);
    }
  }

  /** What is too large is as if it were not there. */
  private void limit(String name, int most, int otherwise) {
    String text = properties.getOrDefault(name, "").trim();
    if (DIGITS.matcher(text).matches()
        && new BigInteger(text).compareTo(BigInteger.valueOf(most)) > 0) {
      properties.remove(name);
      warnings.add(name + " must be " + most + " at most; the default, " + otherwise + ", is used");
    }
  }

  /**
   * Reads and checks the settings.
   *
   * @param properties the {@code otel.*} properties by name
   * @throws IllegalArgumentException when one cannot be honoured; the message names the property
   *     and never a header's value
   */
  public static OtlpSettings from(Map<String, String> properties) {
    OtlpSettings settings = new OtlpSettings(properties);
    settings.warnOfExporters();
    if (!settings.isOn()) {
      // The settings of whoever else there is; nobody asked us for anything.
      settings.warnings.removeIf(warning -> !settings.namesAnEndpoint());
      return settings;
    }
    for (Signal signal : Signal.values()) {
      if (settings.endpoint(signal) != null) {
        settings.checkProtocol(signal);
        settings.headers(signal);
        settings.timeout(signal);
        settings.compression(signal);
        settings.checkClientKey(signal);
      }
    }
    if (settings.endpoint(Signal.TRACES) != null) {
      settings.sampler();
    }
    settings.resourceAttributes();
    settings.scheduleDelay();
    settings.metricInterval();
    settings.maxQueueSize();
    settings.maxBatchSize();
    return settings;
  }

  /** Which settings are not honoured, and what is done instead; for the user. */
  public List<String> warnings() {
    return Collections.unmodifiableList(warnings);
  }

  /** The kinds of telemetry that are exported. */
  enum Signal {
    TRACES("traces", "v1/traces"),
    METRICS("metrics", "v1/metrics");

    private final String label;
    private final String path;

    Signal(String label, String path) {
      this.label = label;
      this.path = path;
    }

    String label() {
      return label;
    }
  }

  /** Whether anything is exported. */
  public boolean isOn() {
    return endpoint(Signal.TRACES) != null || endpoint(Signal.METRICS) != null;
  }

  /** The URL to post to, or null when that signal is not exported. */
  String endpoint(Signal signal) {
    if (get("otel.sdk.disabled", "false").equalsIgnoreCase("true")
        || !exporters(signal).contains("otlp")) {
      return null;
    }
    String own = properties.get(EXPORTER + signal.label + ".endpoint");
    if (isSet(own)) {
      return checkedUrl(EXPORTER + signal.label + ".endpoint", own.trim());
    }
    String base = properties.get(EXPORTER + "endpoint");
    if (!isSet(base)) {
      return null;
    }
    String url = checkedUrl(EXPORTER + "endpoint", base.trim());
    return url.endsWith("/") ? url + signal.path : url + '/' + signal.path;
  }

  private List<String> exporters(Signal signal) {
    return Arrays.asList(get(exporterOf(signal), "otlp").split("\\s*,\\s*"));
  }

  private static String exporterOf(Signal signal) {
    return "otel." + signal.label + ".exporter";
  }

  private boolean namesAnEndpoint() {
    for (Signal signal : Signal.values()) {
      if (isSet(forSignal(signal, "endpoint", null))) {
        return true;
      }
    }
    return false;
  }

  /** Whoever sets an endpoint and another exporter may wait for what never comes. */
  private void warnOfExporters() {
    for (Signal signal : Signal.values()) {
      List<String> exporters = exporters(signal);
      boolean other = !exporters.contains("otlp") && !exporters.contains("none");
      if (other && isSet(forSignal(signal, "endpoint", null))) {
        warnings.add(
            exporterOf(signal)
                + " does not name otlp, the only exporter that Flyball has: it exports no "
                + signal.label);
      }
    }
  }

  private static String checkedUrl(String name, String value) {
    try {
      URI url = new URI(value);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      // A URI knows no host with an underscore, as names in container networks have.
      if (http && HostAndPort.host(url) != null) {
        if (HostAndPort.port(url) == 0 || HostAndPort.port(url) > MOST_PORTS) {
          throw new IllegalArgumentException(name + " must have a port from 1 to 65535");
        }
        return value;
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name + " must be an http or https URL", e);
    }
    throw new IllegalArgumentException(name + " must be an http or https URL");
  }

  private void checkProtocol(Signal signal) {
    String protocol = forSignal(signal, "protocol", HTTP_PROTOBUF);
    if (!protocol.equals(HTTP_PROTOBUF)) {
      throw new IllegalArgumentException(
          EXPORTER
              + "protocol="
              + protocol
              + " is not supported; Flyball exports by "
              + HTTP_PROTOBUF
              + " (a collector's port 4318, not 4317)");
    }
  }

  Map<String, String> headers(Signal signal) {
    String name = EXPORTER + signal.label + ".headers";
    if (!isSet(properties.get(name))) {
      name = EXPORTER + "headers";
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String pair : get(name, "").split(",", -1)) {
      if (!pair.trim().isEmpty()) {
        addHeader(headers, name, pair);
      }
    }
    return Collections.unmodifiableMap(headers);
  }

  /** The JDK's client repeats a value in the message of the exception it throws for it. */
  private static void addHeader(Map<String, String> headers, String property, String pair) {
    int equals = pair.indexOf('=');
    String header = equals < 0 ? "" : pair.substring(0, equals).trim();
    if (!TOKEN.matcher(header).matches()) {
      throw new IllegalArgumentException(property + " must be like name=value,name=value");
    }
    String value = decoded(property, pair.substring(equals + 1).trim());
    if (!VISIBLE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          property + ": the value of " + header + " must be one line of visible ASCII characters");
    }
    headers.put(header, value);
  }

  /** For one export, repetitions included. */
  Duration timeout(Signal signal) {
    String own = EXPORTER + signal.label + ".timeout";
    return millis(properties.containsKey(own) ? own : EXPORTER + "timeout", TIMEOUT_MILLIS);
  }

  /** {@code gzip} or {@code none}. */
  String compression(Signal signal) {
    String compression = forSignal(signal, "compression", "none");
    if (!compression.equals("gzip") && !compression.equals("none")) {
      throw new IllegalArgumentException(EXPORTER + "compression must be gzip or none");
    }
    return compression;
  }

  /** A PEM file of certificates to trust, or null for the JVM's. */
  String certificate(Signal signal) {
    return forSignal(signal, "certificate", null);
  }

  /** A PEM file with the key that goes with {@link #clientCertificate}, or null. */
  String clientKey(Signal signal) {
    return forSignal(signal, "client.key", null);
  }

  /** A PEM file of the certificates that say who we are, or null. */
  String clientCertificate(Signal signal) {
    return forSignal(signal, "client.certificate", null);
  }

  private void checkClientKey(Signal signal) {
    if ((clientKey(signal) == null) != (clientCertificate(signal) == null)) {
      throw new IllegalArgumentException(
          EXPORTER + "client.key and " + EXPORTER + "client.certificate need each other");
    }
  }

  Sampler sampler() {
    String name = get("otel.traces.sampler", "parentbased_always_on");
    switch (name) {
      case "always_on":
        return Sampler.alwaysOn();
      case "always_off":
        return Sampler.alwaysOff();
      case "traceidratio":
        return Sampler.traceIdRatioBased(ratio());
      case "parentbased_always_on":
        return Sampler.parentBased(Sampler.alwaysOn());
      case "parentbased_always_off":
        return Sampler.parentBased(Sampler.alwaysOff());
      case "parentbased_traceidratio":
        return Sampler.parentBased(Sampler.traceIdRatioBased(ratio()));
      default:
        throw new IllegalArgumentException("otel.traces.sampler=" + name + " is not supported");
    }
  }

  private double ratio() {
    String text = get("otel.traces.sampler.arg", "1");
    try {
      double ratio = Double.parseDouble(text);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("otel.traces.sampler.arg must be between 0 and 1", e);
    }
    throw new IllegalArgumentException("otel.traces.sampler.arg must be between 0 and 1");
  }

  /** {@code otel.resource.attributes} and {@code otel.service.name}, which wins. */
  Map<String, String> resourceAttributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String pair : get("otel.resource.attributes", "").split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        attributes.put(
            pair.substring(0, equals).trim(),
            decoded("otel.resource.attributes", pair.substring(equals + 1).trim()));
      }
    }
    String service = properties.get("otel.service.name");
    if (isSet(service)) {
      attributes.put("service.name", service);
    }
    return attributes;
  }

  Duration scheduleDelay() {
    return millis(SCHEDULE_DELAY, SCHEDULE_DELAY_MILLIS);
  }

  int maxQueueSize() {
    return (int) number(QUEUE_SIZE, SPANS_WAITING);
  }

  int maxBatchSize() {
    return (int) Math.min(maxQueueSize(), number(BATCH_SIZE, SPANS_AT_ONCE));
  }

  Duration metricInterval() {
    return millis(METRIC_INTERVAL, METRIC_INTERVAL_MILLIS);
  }

  private Duration millis(String name, long otherwise) {
    return Duration.ofMillis(number(name, otherwise));
  }

  private long number(String name, long otherwise) {
    String text = properties.get(name);
    if (!isSet(text)) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text.trim());
      if (value > 0 && value <= Integer.MAX_VALUE) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a whole number above 0", e);
    }
    throw new IllegalArgumentException(name + " must be a whole number above 0");
  }

  private String forSignal(Signal signal, String name, String otherwise) {
    return get(EXPORTER + signal.label + '.' + name, get(EXPORTER + name, otherwise));
  }

  private String get(String name, String otherwise) {
    String value = properties.get(name);
    return isSet(value) ? value.trim() : otherwise;
  }

  private static boolean isSet(String value) {
    return value != null && !value.trim().isEmpty();
  }

  /** Values are percent-encoded as in W3C baggage, where a plus sign is a plus sign. */
  private static String decoded(String name, String value) {
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), "UTF-8");
    } catch (UnsupportedEncodingException e) {
      throw new AssertionError(e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " holds a broken percent-encoding", e);
    }
  }
}
