package io.flyball.engine.telemetry.otlp;

import io.flyball.engine.call.InternalErrors;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;

/**
 * Posts OTLP requests with the JDK's own client, on the thread that exports: that of the SDK's
 * batch processor or metric reader, both daemons, never one of the application's. Repeats what the
 * OTLP specification calls retryable, within the export's timeout.
 *
 * <p>A failure is reported to {@link InternalErrors} and answered to the exporter as done, because
 * the exporter would log it through java.util.logging, which is the application's.
 */
final class UrlConnectionSender implements HttpSender {
  private static final HttpResponse DONE = new Done();
  private static final int DRAINED = 64 * 1024;

  private final HttpSenderConfig config;
  private final String place;
  private final InternalErrors errors;
  private final CountDownLatch closing;

  /**
   * @param what is sent: part of the place that failures are reported for, with the collector
   * @param closing when it is at zero nothing is repeated any more: the JVM is about to end
   */
  UrlConnectionSender(
      HttpSenderConfig config, String what, CountDownLatch closing, InternalErrors errors) {
    this.config = config;
    this.place = what + " to " + withoutSecrets(config.getEndpoint());
    this.closing = closing;
    this.errors = errors;
  }

  /** User and query of an address may be credentials. */
  private static String withoutSecrets(URI endpoint) {
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    return endpoint.getScheme() + "://" + endpoint.getHost() + port + endpoint.getRawPath();
  }

  @Override
  public void send(
      MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
    try {
      post(message);
    } catch (IOException | RuntimeException e) {
      errors.report(place, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    onResponse.accept(DONE);
  }

  private void post(MessageWriter message) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + config.getTimeout().toNanos();
    RetryPolicy policy = config.getRetryPolicy();
    int attempts = policy == null ? 1 : policy.getMaxAttempts();
    double backoff = policy == null ? 0 : policy.getInitialBackoff().toNanos();
    for (int attempt = 1; ; attempt++) {
      Failure failure = attempt(message, deadline);
      if (failure == null) {
        return;
      }
      long pause =
          Math.max(
              failure.retryAfterNanos,
              (long) (backoff * (0.8 + 0.4 * ThreadLocalRandom.current().nextDouble())));
      boolean again =
          failure.retryable && attempt < attempts && System.nanoTime() + pause - deadline < 0;
      if (!again || closing.await(pause, TimeUnit.NANOSECONDS)) {
        throw failure.cause;
      }
      backoff = Math.min(backoff * policy.getBackoffMultiplier(), policy.getMaxBackoff().toNanos());
    }
  }

  /** Null when it went through. */
  private Failure attempt(MessageWriter message, long deadline) {
    HttpURLConnection connection = null;
    try {
      connection = open(deadline);
      try (OutputStream out = body(connection)) {
        message.writeMessage(out);
      }
      int status = connection.getResponseCode();
      drain(connection);
      if (status >= 200 && status < 300) {
        return null;
      }
      IOException cause = new IOException("the collector answered " + status);
      return isRetryable(status)
          ? new Failure(cause, true, retryAfter(connection.getHeaderField("Retry-After")))
          : new Failure(cause, false, 0);
    } catch (IOException e) {
      if (connection != null) {
        connection.disconnect();
      }
      return new Failure(e, true, 0);
    }
  }

  private HttpURLConnection open(long deadline) throws IOException {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    int timeout = (int) Math.max(1, Math.min(left, Integer.MAX_VALUE));
    int connect = (int) Math.min(timeout, config.getConnectTimeout().toMillis());
    URL url = config.getEndpoint().toURL();
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    if (connection instanceof HttpsURLConnection && config.getSslContext() != null) {
      ((HttpsURLConnection) connection)
          .setSSLSocketFactory(config.getSslContext().getSocketFactory());
    }
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setUseCaches(false);
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(Math.max(1, connect));
    connection.setReadTimeout(timeout);
    connection.setRequestProperty("Content-Type", config.getContentType());
    Map<String, List<String>> headers = config.getHeadersSupplier().get();
    if (headers != null) {
      headers.forEach(
          (name, values) -> values.forEach(value -> connection.addRequestProperty(name, value)));
    }
    return connection;
  }

  private OutputStream body(HttpURLConnection connection) throws IOException {
    if (config.getCompressor() == null) {
      return connection.getOutputStream();
    }
    connection.setRequestProperty("Content-Encoding", config.getCompressor().getEncoding());
    return config.getCompressor().compress(connection.getOutputStream());
  }

  /** Reads the answer to its end, so that the connection can be used again. */
  private static void drain(HttpURLConnection connection) throws IOException {
    try (InputStream in =
        connection.getResponseCode() < 400
            ? connection.getInputStream()
            : connection.getErrorStream()) {
      byte[] buffer = new byte[4_096];
      int total = 0;
      int read = in == null ? -1 : in.read(buffer);
      while (read >= 0 && total < DRAINED) {
        total += read;
        read = in.read(buffer);
      }
    }
  }

  private static boolean isRetryable(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }

  /** Seconds; a date or nonsense counts as not given. */
  private static long retryAfter(String header) {
    try {
      return header == null
          ? 0
          : TimeUnit.SECONDS.toNanos(Math.max(0, Integer.parseInt(header.trim())));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }

  /** Why an attempt did not go through. */
  private static final class Failure {
    private final IOException cause;
    private final boolean retryable;
    private final long retryAfterNanos;

    Failure(IOException cause, boolean retryable, long retryAfterNanos) {
      this.cause = cause;
      this.retryable = retryable;
      this.retryAfterNanos = retryAfterNanos;
    }
  }

  /** What the exporter is told. */
  private static final class Done implements HttpResponse {
    @Override
    public int getStatusCode() {
      return 200;
    }

    @Override
    public String getStatusMessage() {
      return "";
    }

    @Override
    public byte[] getResponseBody() {
      return new byte[0];
    }
  }
}
