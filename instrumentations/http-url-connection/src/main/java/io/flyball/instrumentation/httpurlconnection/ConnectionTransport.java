package io.flyball.instrumentation.httpurlconnection;

import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Sending;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketException;
import java.net.URL;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Attempts of one call. The first one goes over the application's own connection when that can send
 * it; the others, and a request that was changed in its head, over fresh ones made like it.
 *
 * <p>It must not reach the {@link Exchange}: whoever lets go of that has the call ended.
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

  /** The thread that has the request sent and does not wait for its answer; else null. */
  private volatile Thread beginning;

  private volatile Unread unread;

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
    return send(request, cancellation, Sending.UNHEARD);
  }

  @Override
  public CompletionStage<WireResponse> send(
      WireRequest request, Cancellation cancellation, Sending sending) {
    try {
      Attempt attempt = attemptFor(request);
      last = attempt;
      cancellation.onCancel(attempt::abort);
      if (cancellation.isCancelled()) {
        throw new SocketException("Socket closed");
      }
      connections.workFor(
          attempt,
          () -> {
            attempt.send(connection -> sendBody(request, connection, sending));
            return null;
          });
      if (Thread.currentThread() == beginning && unread == null) {
        Unread waiting = new Unread(attempt, cancellation);
        unread = waiting;
        cancellation.onCancel(waiting::drop);
        return waiting.answer;
      }
      return Completions.completed(receive(attempt, cancellation));
    } catch (Throwable failure) {
      return Completions.failed(failure);
    }
  }

  private WireResponse receive(Attempt attempt, Cancellation cancellation) throws IOException {
    WireResponse response = connections.workFor(attempt, attempt::receive);
    if (cancellation.isCancelled()) {
      response.body().close();
      throw new SocketException("Socket closed");
    }
    return response;
  }

  /** Has the request sent by this thread. Its answer is not read before {@link #await}. */
  GovernedCall.Begun begin(GovernedCall call) {
    beginning = Thread.currentThread();
    try {
      return call.begin(this, () -> unread != null);
    } finally {
      beginning = null;
    }
  }

  /** Waits on this thread for the answer of what was begun. */
  WireResponse await(GovernedCall.Begun call) throws IOException {
    return call.await(
        () -> {
          if (unread != null) {
            unread.read();
          }
        });
  }

  /** Whether what was begun was cancelled before anybody had asked for its answer. */
  boolean isDropped() {
    Unread waiting = unread;
    return waiting != null && waiting.dropped;
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
    boolean repetition = last != null;
    if (originalCanSend(request) && originalUsed.compareAndSet(false, true)) {
      return new Attempt(original, true, false, repetition);
    }
    boolean foreign = !request.isSameOrigin(asked);
    URL target = sameUri ? url : new URL(url, request.uri().toString());
    HttpURLConnection fresh =
        foreign ? connections.openToStrangers(target, proxy) : connections.open(target, proxy);
    settings.applyTo(fresh, request.method(), request.headers(), request.wireBody(), foreign);
    return new Attempt(fresh, sameUri, foreign, repetition);
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

  private void sendBody(WireRequest request, HttpURLConnection connection, Sending sending)
      throws IOException {
    if (output != null || request.wireBody().length > 0) {
      // Connects.
      connection.getOutputStream();
    }
    sending.begin();
    if (output != null) {
      output.sendOver(connection, request.wireBody());
    } else if (request.wireBody().length > 0) {
      connection.getOutputStream().write(request.wireBody());
    }
  }

  /** An attempt that was sent, and whose answer nobody has asked for yet. */
  private final class Unread {
    final CompletableFuture<WireResponse> answer = new CompletableFuture<>();
    volatile boolean dropped;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final Attempt attempt;
    private final Cancellation cancellation;

    Unread(Attempt attempt, Cancellation cancellation) {
      this.attempt = attempt;
      this.cancellation = cancellation;
    }

    void read() {
      if (taken.compareAndSet(false, true)) {
        Completions.orFail(answer, this::complete);
      }
    }

    private void complete() {
      WireResponse response;
      try {
        response = receive(attempt, cancellation);
      } catch (IOException | RuntimeException failure) {
        answer.completeExceptionally(failure);
        return;
      }
      answer.complete(response);
    }

    /** It was aborted. Where somebody reads, that fails by itself. */
    void drop() {
      if (taken.compareAndSet(false, true)) {
        dropped = true;
        answer.completeExceptionally(new SocketException("Socket closed"));
      }
    }
  }
}
