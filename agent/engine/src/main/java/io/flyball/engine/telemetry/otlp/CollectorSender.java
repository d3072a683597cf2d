package io.flyball.engine.telemetry.otlp;

import io.flyball.base.InternalErrors;
import io.flyball.engine.net.HttpPosts;
import io.flyball.engine.time.Timer;
import io.flyball.protocol.failure.RetryAfter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Posts OTLP requests over connections of our own, on the thread that exports: that of the SDK's
 * batch processor or metric reader, both daemons, never one of the application's. Repeats what the
 * OTLP specification calls retryable, within the export's timeout.
 *
 * <p>A failure is told as a warning, counted by {@link InternalErrors} and answered to the exporter
 * as done, because the exporter would log it through java.util.logging, which is the application's.
 */
final class CollectorSender implements HttpSender {
  private static final HttpResponse DONE = new Done();

  private final HttpSenderConfig config;
  private final String place;
  private final InternalErrors errors;
  private final CountDownLatch closing;
  private final CollectorFailures failures;
  private final HttpPosts posts;

  /**
   * @param what is sent, in the plural
   * @param closing when it is at zero nothing is repeated any more: the JVM is about to end
   * @param timer ends what a collector draws out
   * @param warnings takes lines that are fit to be shown
   */
  CollectorSender(
      HttpSenderConfig config,
      String what,
      CountDownLatch closing,
      Timer timer,
      InternalErrors errors,
      Consumer<String> warnings) {
    this.config = config;
    this.place =
        "export of " + what + " to " + CollectorFailures.withoutSecrets(config.getEndpoint());
    this.failures = new CollectorFailures(what, config.getEndpoint(), warnings);
    this.closing = closing;
    this.errors = errors;
    try {
      this.posts = new HttpPosts(config.getEndpoint(), config.getSslContext(), timer);
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("the address of " + what + " is none of HTTP", e);
    }
  }

  @Override
  public void send(
      MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
    try {
      post(message);
    } catch (IOException e) {
      failures.tell(e);
      errors.reportTold(place, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      // An error, too: it would end the SDK's thread, and nothing would be sent any more.
      errors.report(place, e);
    }
    onResponse.accept(DONE);
  }

  private void post(MessageWriter message) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + config.getTimeout().toNanos();
    RetryPolicy policy = config.getRetryPolicy();
    int attempts = policy == null ? 1 : policy.getMaxAttempts();
    byte[] body = body(message);
    Map<String, List<String>> headers = headers();
    double backoff = policy == null ? 0 : policy.getInitialBackoff().toNanos();
    for (int attempt = 1; ; attempt++) {
      Failure failure = attempt(body, headers, deadline);
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
  private Failure attempt(byte[] body, Map<String, List<String>> headers, long deadline) {
    long left = deadline - System.nanoTime();
    int timeout = millis(TimeUnit.NANOSECONDS.toMillis(left));
    int connect = millis(Math.min(timeout, config.getConnectTimeout().toMillis()));
    int status;
    HttpPosts.Answer answer;
    try {
      answer = posts.post(headers, body, connect, timeout, left);
      status = answer.status();
    } catch (IOException e) {
      return new Failure(e, true, 0);
    }
    if (status >= 200 && status < 300) {
      NotTaken refusal = NotTaken.in(answer);
      return refusal == null ? null : new Failure(refusal, false, 0);
    }
    IOException cause = new CollectorFailures.BadAnswer(status);
    return isRetryable(status)
        ? new Failure(cause, true, retryAfter(answer))
        : new Failure(cause, false, 0);
  }

  private static int millis(long timeout) {
    return (int) Math.max(1, Math.min(timeout, Integer.MAX_VALUE));
  }

  private Map<String, List<String>> headers() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    all.put("Content-Type", Collections.singletonList(config.getContentType()));
    if (config.getCompressor() != null) {
      String encoding = config.getCompressor().getEncoding();
      all.put("Content-Encoding", Collections.singletonList(encoding));
    }
    Map<String, List<String>> headers = config.getHeadersSupplier().get();
    if (headers != null) {
      all.putAll(headers);
    }
    return all;
  }

  private byte[] body(MessageWriter message) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (OutputStream out =
        config.getCompressor() == null ? body : config.getCompressor().compress(body)) {
      message.writeMessage(out);
    }
    return body.toByteArray();
  }

  private static boolean isRetryable(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }

  /** 0 when it does not say. */
  private static long retryAfter(HttpPosts.Answer answer) {
    return Math.max(0, RetryAfter.inHeaders(answer::header, System.currentTimeMillis()));
  }

  @Override
  public CompletableResultCode shutdown() {
    posts.close();
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
