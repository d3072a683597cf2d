package io.flyball.engine.telemetry.otlp;

import io.flyball.base.DetachedThread;
import io.flyball.base.InternalErrors;
import io.flyball.base.file.FileReads;
import io.flyball.base.file.UnreadableFileException;
import io.flyball.engine.time.Timer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.OpenTelemetrySdkBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.Closeable;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Flyball's own OpenTelemetry SDK, which exports to a collector by OTLP over HTTP. It is never made
 * global. Queues are bounded, threads are daemons; a collector that is down or silent costs
 * telemetry, nothing else.
 */
public final class OtlpExport implements Closeable {
  /** Our metrics are bounded where they are recorded; beyond its limit the SDK would log. */
  private static final int MAX_SERIES = 20_000;

  private static final int MAX_CERTIFICATES = 1024 * 1024;
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final OpenTelemetrySdk sdk;
  private final CountDownLatch closing;

  /** Null where no traces are exported. */
  private final SpanQueue spans;

  private final Consumer<String> warnings;

  private OtlpExport(
      OpenTelemetrySdk sdk, CountDownLatch closing, SpanQueue spans, Consumer<String> warnings) {
    this.sdk = sdk;
    this.closing = closing;
    this.spans = spans;
    this.warnings = warnings;
  }

  /**
   * Starts exporting what {@link #openTelemetry()} is given.
   *
   * @param settings must be on
   * @param service the service's name where the settings have none
   * @param version Flyball's
   * @param timer ends what a collector draws out
   * @param errors counts exports that failed
   * @param warnings takes lines that say why they did, fit to be shown
   * @throws IllegalArgumentException when a certificate file cannot be read
   */
  public static OtlpExport start(
      OtlpSettings settings,
      String service,
      String version,
      Timer timer,
      InternalErrors errors,
      Consumer<String> warnings) {
    Resource resource = resource(settings, service, version);
    CountDownLatch closing = new CountDownLatch(1);
    OpenTelemetrySdkBuilder sdk = OpenTelemetrySdk.builder();
    SpanQueue spans = null;
    if (settings.endpoint(OtlpSettings.Signal.TRACES) != null) {
      spans =
          new SpanQueue(
              spanExporter(settings, closing, timer, errors, warnings), settings, errors, warnings);
      sdk.setTracerProvider(
          SdkTracerProvider.builder()
              .setResource(resource)
              .setSampler(settings.sampler())
              .addSpanProcessor(spans)
              .build());
    }
    if (settings.endpoint(OtlpSettings.Signal.METRICS) != null) {
      sdk.setMeterProvider(
          SdkMeterProvider.builder()
              .setResource(resource)
              .registerMetricReader(
                  PeriodicMetricReader.builder(
                          metricExporter(settings, closing, timer, errors, warnings))
                      .setInterval(settings.metricInterval())
                      .build(),
                  instrument -> MAX_SERIES)
              .build());
    }
    return new OtlpExport(sdk.build(), closing, spans, warnings);
  }

  private static Resource resource(OtlpSettings settings, String service, String version) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("service.name", service)
            .put("telemetry.distro.name", "flyball")
            .put("telemetry.distro.version", version);
    ProcessFacts.describe(attributes);
    for (Map.Entry<String, String> each : settings.resourceAttributes().entrySet()) {
      attributes.put(each.getKey(), each.getValue());
    }
    return Resource.getDefault().merge(Resource.create(attributes.build()));
  }

  private static OtlpHttpSpanExporter spanExporter(
      OtlpSettings settings,
      CountDownLatch closing,
      Timer timer,
      InternalErrors errors,
      Consumer<String> warnings) {
    OtlpSettings.Signal signal = OtlpSettings.Signal.TRACES;
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint(signal))
            .setTimeout(settings.timeout(signal))
            .setCompression(settings.compression(signal))
            .setMaxRequestBodySize(Integer.MAX_VALUE)
            .setComponentLoader(senders(signal, closing, timer, errors, warnings));
    settings.headers(signal).forEach(builder::addHeader);
    useCertificates(settings, signal, builder::setTrustedCertificates, builder::setClientTls);
    return builder.build();
  }

  private static OtlpHttpMetricExporter metricExporter(
      OtlpSettings settings,
      CountDownLatch closing,
      Timer timer,
      InternalErrors errors,
      Consumer<String> warnings) {
    OtlpSettings.Signal signal = OtlpSettings.Signal.METRICS;
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(settings.endpoint(signal))
            .setTimeout(settings.timeout(signal))
            .setCompression(settings.compression(signal))
            .setMaxRequestBodySize(Integer.MAX_VALUE)
            .setComponentLoader(senders(signal, closing, timer, errors, warnings));
    settings.headers(signal).forEach(builder::addHeader);
    useCertificates(settings, signal, builder::setTrustedCertificates, builder::setClientTls);
    return builder.build();
  }

  private static void useCertificates(
      OtlpSettings settings,
      OtlpSettings.Signal signal,
      Consumer<byte[]> trusted,
      BiConsumer<byte[], byte[]> client) {
    String file = settings.certificate(signal);
    if (file != null) {
      trusted.accept(file(file, "certificate"));
    }
    String key = settings.clientKey(signal);
    if (key != null) {
      byte[] secret = file(key, "client.key");
      byte[] shown = file(settings.clientCertificate(signal), "client.certificate");
      try {
        client.accept(secret, shown);
      } catch (RuntimeException e) {
        // Without the cause, whose message may quote what is in there.
        throw new IllegalArgumentException(
            "otel.exporter.otlp.client.key and .client.certificate must be files in PEM form, the"
                + " key in PKCS#8 and not encrypted");
      }
    }
  }

  private static byte[] file(String file, String setting) {
    String told = "otel.exporter.otlp." + setting + ": " + file + " cannot be read";
    try {
      return new FileReads(FileReads.USUAL_MILLIS).read(Paths.get(file), MAX_CERTIFICATES);
    } catch (UnreadableFileException e) {
      throw new IllegalArgumentException(told + ": it " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(told, e);
    }
  }

  /** Gives the exporter our sender without a lookup through class loaders. */
  private static ComponentLoader senders(
      OtlpSettings.Signal signal,
      CountDownLatch closing,
      Timer timer,
      InternalErrors errors,
      Consumer<String> warnings) {
    HttpSenderProvider ours =
        config -> new CollectorSender(config, signal.label(), closing, timer, errors, warnings);
    return new ComponentLoader() {
      @Override
      public <T> Iterable<T> load(Class<T> type) {
        return type == HttpSenderProvider.class
            ? Collections.singletonList(type.cast(ours))
            : Collections.<T>emptyList();
      }
    };
  }

  /** Where spans and metrics go; those of a signal that is off go nowhere. */
  public OpenTelemetry openTelemetry() {
    return sdk;
  }

  /**
   * Exports what is waiting.
   *
   * @param atMost how long to wait for it
   */
  public void flush(Duration atMost) {
    CompletableResultCode.ofAll(
            Arrays.asList(
                sdk.getSdkTracerProvider().forceFlush(), sdk.getSdkMeterProvider().forceFlush()))
        .join(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The same as {@link #close(Duration)} with two seconds. */
  @Override
  public void close() {
    close(CLOSING);
  }

  /**
   * Exports what is waiting, once, and ends the threads. What is lost when that takes too long is
   * told.
   *
   * @param atMost returns after that at the latest
   */
  public void close(Duration atMost) {
    closing.countDown();
    // The SDK's reader of metrics exports on the thread that ends it, for as long as that takes.
    Thread farewell = DetachedThread.create("flyball-export-end", this::shutdown);
    farewell.start();
    try {
      // 0 would be for ever.
      farewell.join(Math.max(1, atMost.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (farewell.isAlive()) {
      int lost = spans == null ? 0 : spans.waiting();
      warnings.accept(
          "the JVM ends and the collector has not answered in time: "
              + (lost == 0 ? "" : lost + (lost == 1 ? " span and " : " spans and "))
              + "the last metrics may be lost");
    }
  }

  private void shutdown() {
    // Ends with the JVM where that never ends.
    sdk.shutdown().join(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }
}
