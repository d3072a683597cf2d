package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.Sending;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.protocol.RedirectLocations;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;

/**
 * Every attempt is a request of its own that the application's client executes, with all that the
 * client does for the application. While the application waits, it is executed with the
 * application's context, which is then as after the application's own request. What runs beside
 * that, or after it, has a context of its own with the application's behind it: a context is one
 * thread's.
 *
 * <p>For another host {@link StrangersClients} have the client's connections and routes, and
 * nothing of what it knows of the application.
 */
final class ClassicTransport implements Transport {
  private static final int FIRST_ERROR = 400;

  private final CloseableHttpClient client;
  private final StrangersClients strangers;
  private final HttpHost target;
  private final ClassicHttpRequest original;
  private final HttpContext context;
  private final RecordedEntity recorded;
  private final WireRequest asked;
  private final BooleanSupplier cancelled;
  private volatile boolean left;

  /** The body of the latest answer of the application's own host. */
  private volatile ResponseStream latest;

  /**
   * @param recorded null where the entity was not read
   * @param cancelled whether the application has cancelled its request
   */
  ClassicTransport(
      CloseableHttpClient client,
      StrangersClients strangers,
      HttpHost target,
      ClassicHttpRequest original,
      HttpContext context,
      RecordedEntity recorded,
      WireRequest asked,
      BooleanSupplier cancelled) {
    this.client = client;
    this.strangers = strangers;
    this.target = target;
    this.original = original;
    this.context = context == null ? HttpClientContext.create() : context;
    this.recorded = recorded;
    this.asked = asked;
    this.cancelled = cancelled;
  }

  /** The application has its answer: its context is its own again. */
  void leave() {
    left = true;
  }

  @Override
  public boolean maySendElsewhere() {
    return true;
  }

  @Override
  public long readTimeoutNanos() {
    RequestConfig config = Contexts.config(original, context, client);
    Timeout timeout = config == null ? null : config.getResponseTimeout();
    return timeout == null || timeout.getDuration() <= 0
        ? -1
        : timeout.getTimeUnit().toNanos(timeout.getDuration());
  }

  @Override
  public IOException cutFailure(String message) {
    return new ConnectionClosedException(message);
  }

  @Override
  public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
    return send(request, cancellation, Sending.UNHEARD);
  }

  @Override
  public CompletionStage<WireResponse> send(
      WireRequest request, Cancellation cancellation, Sending sending) {
    try {
      boolean foreign = !request.isSameOrigin(asked);
      AttemptRequest attempt =
          Messages.toAttempt(request, asked, original, foreign, recorded, sending);
      cancellation.onCancel(attempt::cancel);
      return Completions.completed(
          foreign
              ? sendToStranger(request, attempt, cancellation)
              : sendHome(attempt, cancellation));
    } catch (Throwable failure) {
      return Completions.failed(cancelled.getAsBoolean() ? cancelled(failure) : failure);
    }
  }

  private WireResponse sendHome(AttemptRequest attempt, Cancellation cancellation)
      throws IOException {
    boolean holding = isHolding();
    HttpContext mine =
        left || holding || cancellation.isOfOneAttempt() ? Contexts.beside(context) : context;
    if (holding) {
      attempt.setConfig(Contexts.impatient(Contexts.config(original, context, client)));
    }
    CloseableHttpResponse response = execute(client, target, attempt, mine);
    ResponseStream stream = stream(response, attempt, cancellation);
    latest = stream;
    WireResponse received = received(response, stream);
    return isRepeated(response, attempt, mine) ? received.repeatedByClient() : received;
  }

  private WireResponse sendToStranger(
      WireRequest request, AttemptRequest attempt, Cancellation cancellation) throws IOException {
    RequestConfig config = Contexts.config(original, context, client);
    attempt.setConfig(StrangersClients.config(isHolding() ? Contexts.impatient(config) : config));
    CloseableHttpResponse response =
        execute(
            strangers.counterpart(client),
            Messages.host(request),
            attempt,
            HttpClientContext.create());
    return received(response, stream(response, attempt, cancellation));
  }

  private static CloseableHttpResponse execute(
      CloseableHttpClient by, HttpHost to, AttemptRequest attempt, HttpContext context)
      throws IOException {
    try {
      return by.execute(to, attempt, context);
    } catch (NoHttpResponseException failure) {
      Unanswered.tellGarbage(failure, context);
      throw failure;
    }
  }

  /**
   * Whether an answer that may still become the application's has a connection of a pool that the
   * next attempt may wait for in vain.
   */
  private boolean isHolding() {
    ResponseStream before = latest;
    return before != null && !before.isOver();
  }

  /** Null where there is no entity. */
  private static ResponseStream stream(
      CloseableHttpResponse response, AttemptRequest attempt, Cancellation cancellation)
      throws IOException {
    if (response.getEntity() == null) {
      return null;
    }
    ResponseStream stream = new ResponseStream(attempt, response.getEntity());
    if (cancellation.isCancelled()) {
      stream.close();
      throw new IOException("Request aborted");
    }
    return stream;
  }

  private static WireResponse received(CloseableHttpResponse response, ResponseStream stream) {
    Headers headers = Messages.toWire(response);
    Body body = stream == null ? Bodies.empty() : Bodies.ofStream(stream, stream);
    return WireResponse.received(
        response.getCode(), headers, body, new Received(response, headers));
  }

  /**
   * By default the client itself sends a request once more after a 429 or a 503, a second later. A
   * redirection is none such.
   */
  private static boolean isRepeated(
      CloseableHttpResponse response, AttemptRequest attempt, HttpContext context) {
    if (response.getCode() < FIRST_ERROR || !(attempt.getEntity() instanceof RecordedEntity)) {
      return false;
    }
    RedirectLocations redirects = HttpClientContext.adapt(context).getRedirectLocations();
    int written = ((RecordedEntity) attempt.getEntity()).timesWritten();
    return written - (redirects == null ? 0 : redirects.size()) > 1;
  }

  private static CancellationException cancelled(Throwable failure) {
    CancellationException cancelled = new CancellationException("cancelled by the application");
    cancelled.initCause(failure);
    return cancelled;
  }
}
