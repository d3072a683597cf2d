package io.flyball.instrumentation.httpurlconnection;

import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.Transport;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketException;
import java.net.URL;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Attempts of one call. The first one goes over the application's own connection when that can send
 * it; the others, and a request that was changed in its head, over fresh ones made like it.
 */
final class ConnectionTransport implements Transport {
  private final RealConnections connections;
  private final HttpURLConnection original;
  private final URL url;
  private final Proxy proxy;
  private final RequestSettings settings;
  private final RecordedOutput output;
  private final WireRequest asked;
  private final boolean connected;
  private final AtomicBoolean originalUsed = new AtomicBoolean();
  private volatile Attempt last;

  /**
   * @param proxy null when the application named none
   * @param output null when the application wrote no body
   * @param asked the request as the application made it
   * @param connected whether the original is connected already
   */
  ConnectionTransport(
      RealConnections connections,
      HttpURLConnection original,
      URL url,
      Proxy proxy,
      RequestSettings settings,
      RecordedOutput output,
      WireRequest asked,
      boolean connected) {
    this.connections = connections;
    this.original = original;
    this.url = url;
    this.proxy = proxy;
    this.settings = settings;
    this.output = output;
    this.asked = asked;
    this.connected = connected;
  }

  @Override
  public boolean maySendElsewhere() {
    return true;
  }

  /** A connection that is open sends what it was set up for. */
  @Override
  public boolean takesReadily(WireRequest changed) {
    return !connected || originalUsed.get() || originalCanSend(changed);
  }

  @Override
  public long readTimeoutNanos() {
    int millis = original.getReadTimeout();
    return millis <= 0 ? -1 : TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Override
  public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
    try {
      Attempt attempt = attemptFor(request);
      last = attempt;
      cancellation.onCancel(attempt::abort);
      if (cancellation.isCancelled()) {
        throw new SocketException("Socket closed");
      }
      WireResponse response =
          connections.workFor(
              attempt, () -> attempt.perform(connection -> sendBody(request, connection)));
      if (cancellation.isCancelled()) {
        response.body().close();
        throw new SocketException("Socket closed");
      }
      return Completions.completed(response);
    } catch (Throwable failure) {
      return Completions.failed(failure);
    }
  }

  /** The newest attempt, or null before the first. */
  Attempt last() {
    return last;
  }

  /** Whether an attempt went over the application's own connection. */
  boolean isOriginalUsed() {
    return originalUsed.get();
  }

  private Attempt attemptFor(WireRequest request) throws IOException {
    boolean sameUri = request.uri().equals(asked.uri());
    if (originalCanSend(request) && originalUsed.compareAndSet(false, true)) {
      return new Attempt(original, true, false);
    }
    boolean foreign = !request.isSameOrigin(asked);
    URL target = sameUri ? url : new URL(url, request.uri().toString());
    HttpURLConnection fresh =
        foreign ? connections.openToStrangers(target, proxy) : connections.open(target, proxy);
    settings.applyTo(fresh, request.method(), request.headers(), request.wireBody(), foreign);
    return new Attempt(fresh, sameUri, foreign);
  }

  private boolean originalCanSend(WireRequest request) {
    return request.uri().equals(asked.uri())
        && request.method().equals(asked.method())
        && hasHeadersOfOriginal(request)
        && (output == null ? request.wireBody().length == 0 : output.canSend(request.wireBody()));
  }

  /** What is said to Flyball, the original was not given in the first place. */
  private boolean hasHeadersOfOriginal(WireRequest request) {
    return request.headers().equals(asked.headers())
        || (settings.isWithholding()
            && request.headers().equals(asked.headers().withoutFlyballs()));
  }

  private void sendBody(WireRequest request, HttpURLConnection connection) throws IOException {
    if (output != null) {
      output.sendOver(connection, request.wireBody());
    } else if (request.wireBody().length > 0) {
      connection.getOutputStream().write(request.wireBody());
    }
  }
}
