package io.flyball.engine.telemetry.otlp;

import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the standard {@code otel.*} properties say about the export by OTLP. Nothing is exported
 * unless an endpoint is set. Immutable.
 */
public final class OtlpSettings {
  private static final String EXPORTER = "otel.exporter.otlp.";
  private static final String HTTP_PROTOBUF = "http/protobuf";

  private final Map<String, String> properties;

  private OtlpSettings(Map<String, String> properties) {
    this.properties = properties;
  }

  /**
   * Reads and checks the settings.
   *
   * @param properties the {@code otel.*} properties by name
   * @throws IllegalArgumentException when one cannot be honoured; the message names the property
   *     and never a header's value
   */
  public static OtlpSettings from(Map<String, String> properties) {
    OtlpSettings settings = new OtlpSettings(new TreeMap<>(properties));
    for (Signal signal : Signal.values()) {
      if (settings.endpoint(signal) != null) {
        settings.checkProtocol(signal);
        settings.headers(signal);
        settings.timeout(signal);
        settings.compression(signal);
      }
    }
    settings.sampler();
    settings.resourceAttributes();
    settings.scheduleDelay();
    settings.metricInterval();
    settings.maxQueueSize();
    settings.maxBatchSize();
    return settings;
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
    String exporter = get("otel." + signal.label + ".exporter", "otlp");
    if (get("otel.sdk.disabled", "false").equalsIgnoreCase("true") || exporter.equals("none")) {
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

  private static String checkedUrl(String name, String value) {
    try {
      URI url = new URI(value);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (!http || url.getHost() == null) {
        throw new IllegalArgumentException(name + " must be an http or https URL");
      }
      return value;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name + " must be an http or https URL", e);
    }
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
    Map<String, String> headers = new LinkedHashMap<>();
    for (String pair : forSignal(signal, "headers", "").split(",", -1)) {
      if (pair.trim().isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(EXPORTER + "headers must be like name=value,name=value");
      }
      headers.put(
          pair.substring(0, equals).trim(),
          decoded(EXPORTER + "headers", pair.substring(equals + 1).trim()));
    }
    return Collections.unmodifiableMap(headers);
  }

  /** For one export, repetitions included. */
  Duration timeout(Signal signal) {
    String own = EXPORTER + signal.label + ".timeout";
    return millis(properties.containsKey(own) ? own : EXPORTER + "timeout", 10_000);
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
    return millis("otel.bsp.schedule.delay", 5_000);
  }

  int maxQueueSize() {
    return (int) number("otel.bsp.max.queue.size", 2_048);
  }

  int maxBatchSize() {
    return (int) Math.min(maxQueueSize(), number("otel.bsp.max.export.batch.size", 512));
  }

  Duration metricInterval() {
    return millis("otel.metric.export.interval", 60_000);
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
