package io.flyball.instrumentation.okhttp3;

import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.Sending;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Two ways to the wire.
 *
 * <p><b>The application's own call</b> ({@code chain.proceed}): whatever the application configured
 * or listens to behaves as without Flyball. OkHttp lets an application interceptor proceed again
 * once the last response is closed, so it serves retries too: to an {@code EventListener} these are
 * further requests of the one call, as redirects are. It can only be done on the call's own thread
 * and until its interceptors have returned, and an attempt whose head is awaited cannot be
 * cancelled without the call.
 *
 * <p><b>A call of our own</b> on a client derived from the application's, sharing its pool,
 * dispatcher, proxy, DNS, TLS and timeouts: for attempts that may have to be cancelled while the
 * call goes on, on any thread, for those made after the application has its response, and for other
 * hosts. The application's interceptors have already run and do not run again; an {@code
 * EventListener} sees such an attempt as a call of its own, unless it repeats, while the call
 * waits, what that call has done before: then it is the same call, and is not told of. What is left
 * of the call's time limit is the attempt's.
 *
 * <p>For another host the network interceptors, the authenticator, the cookie jar, the cache and
 * the client certificate ({@link StrangersTls}) stay behind, because they are or hold the
 * application's credentials, and redirects are not followed. What says whom the application trusts
 * (trust manager, host name verifier, pinned certificates) and how it gets out (proxy with its
 * authenticator, DNS, socket factory) holds there as well.
 */
final class OkHttpTransport implements Transport {
  private final OkHttpClient client;
  private final AttemptClients attemptClients;
  private final RunningCalls running;
  private final Interceptor.Chain chain;
  private final Request original;
  private final WireRequest asked;
  private final long began;
  private final boolean cancelledBefore;
  private volatile boolean chainLeft;
  private volatile boolean chainUsed;

  /** The latest response of the application's own call; touched by that call's thread only. */
  private ResponseStream latest;

  /**
   * @param running knows the governed call already
   * @param original the application's request, with a {@link RecordedBody} if it was read
   * @param asked the same for the engine
   * @param began when the application's call began, of {@link System#nanoTime}
   */
  OkHttpTransport(
      OkHttpClient client,
      AttemptClients attemptClients,
      RunningCalls running,
      Interceptor.Chain chain,
      Request original,
      WireRequest asked,
      long began) {
    this.client = client;
    this.attemptClients = attemptClients;
    this.running = running;
    this.chain = chain;
    this.original = original;
    this.asked = asked;
    this.began = began;
    this.cancelledBefore = chain.call().isCanceled();
  }

  @Override
  public boolean maySendElsewhere() {
    return true;
  }

  @Override
  public long nanosLeft() {
    return CallTimeouts.nanosLeft(chain.call(), began);
  }

  @Override
  public long readTimeoutNanos() {
    int millis = chain.readTimeoutMillis();
    return millis <= 0 ? -1 : TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Override
  public boolean repeatsAfterConnectionFailures() {
    return client.retryOnConnectionFailure() && isBodyAsDeclared();
  }

  /** What OkHttp fails for another length than the body declares, it fails for again. */
  private boolean isBodyAsDeclared() {
    return !(original.body() instanceof RecordedBody)
        || ((RecordedBody) original.body()).isAsDeclared();
  }

  @Override
  public IOException cutFailure(String message) {
    return new ProtocolException(message);
  }

  /** The application's interceptors return: the chain cannot proceed any more. */
  void leaveChain() {
    chainLeft = true;
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
      Request toSend = Messages.toRequest(request, asked, original, foreign, sending);
      boolean own = !foreign && !chainLeft && !cancellation.isOfOneAttempt();
      return Completions.completed(
          own ? proceed(toSend, cancellation) : sendAside(toSend, foreign, cancellation));
    } catch (Throwable failure) {
      boolean expired = isExpired(cancellation);
      if (expired) {
        running.expire(chain.call());
      }
      return Completions.failed(
          expired || chain.call().isCanceled() ? cancelled(failure) : failure);
    }
  }

  private WireResponse proceed(Request toSend, Cancellation cancellation) throws IOException {
    if (latest != null) {
      latest.close();
      latest = null;
    }
    chainUsed = true;
    AtomicReference<ResponseStream> received = new AtomicReference<>();
    cancellation.onCancel(
        () -> {
          ResponseStream stream = received.get();
          if (cancellation.reason() instanceof RunningCalls.ByApplication) {
            // OkHttp goes on to end the call itself, and to say so, in its own order.
            return;
          }
          if (stream == null) {
            chain.call().cancel();
          } else {
            stream.close();
          }
        });
    Response response = chain.proceed(toSend);
    ResponseStream stream =
        new ResponseStream(response, Exchanges.abortion(chain.call(), response));
    latest = stream;
    received.set(stream);
    return received(response, stream, toSend, false, cancellation);
  }

  private WireResponse sendAside(Request toSend, boolean foreign, Cancellation cancellation)
      throws IOException {
    Call call = derivedCall(toSend, foreign);
    cancellation.onCancel(call::cancel);
    Response response = execute(call);
    return received(
        response, new ResponseStream(response, call::cancel), toSend, foreign, cancellation);
  }

  private static WireResponse received(
      Response response,
      ResponseStream stream,
      Request sent,
      boolean foreign,
      Cancellation cancellation)
      throws IOException {
    if (cancellation.isCancelled()) {
      stream.close();
      throw new IOException("Canceled");
    }
    Headers headers = Messages.toWire(response.headers());
    WireResponse received =
        WireResponse.received(
            response.code(),
            headers,
            Bodies.ofStream(stream, stream),
            new Received(response, headers, sent, foreign));
    return isRepeated(response) ? received.repeatedByClient() : received;
  }

  /**
   * OkHttp sends a request once more by itself after some answers, a 408 for example; and says 504
   * itself where its cache is to answer and cannot.
   */
  private static boolean isRepeated(Response response) {
    Response prior = response.priorResponse();
    boolean again = prior != null && prior.code() == response.code();
    return response.code() >= 400 && (again || response.networkResponse() == null);
  }

  /**
   * Whether the call's time is over. Before version 4 OkHttp cancels the call then without anybody
   * being told.
   */
  private boolean isExpired(Cancellation cancellation) {
    long left = nanosLeft();
    boolean untold =
        left > 0 && chain.call().isCanceled() && !cancelledBefore && !cancellation.isCancelled();
    return left == 0 || untold;
  }

  /** The application may cancel before its call is among the {@link RunningCalls}. */
  private static CancellationException cancelled(Throwable failure) {
    CancellationException cancelled = new CancellationException("cancelled by the application");
    cancelled.initCause(failure);
    return cancelled;
  }

  private Response execute(Call call) throws IOException {
    if (nanosLeft() == 0) {
      throw new InterruptedIOException("timeout");
    }
    if (chain.call().isCanceled()) {
      throw new IOException("Canceled");
    }
    return call.execute();
  }

  private Call derivedCall(Request request, boolean foreign) throws IOException {
    Call call = derivedClient(foreign).newCall(request);
    CallTimeouts.limit(call, nanosLeft());
    return call;
  }

  private OkHttpClient derivedClient(boolean foreign) throws IOException {
    if (foreign) {
      return attemptClients.foreign(client, chain);
    }
    return chainUsed && !chainLeft
        ? attemptClients.unheard(client, chain)
        : attemptClients.own(client, chain);
  }
}
