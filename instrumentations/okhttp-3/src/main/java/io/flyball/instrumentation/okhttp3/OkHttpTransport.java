package io.flyball.instrumentation.okhttp3;

import io.flyball.engine.wire.Bodies;
import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.Headers;
import io.flyball.engine.wire.Transport;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.CookieJar;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Two ways to the wire.
 *
 * <p><b>The application's own call</b> ({@code chain.proceed}): whatever the application configured
 * or listens to behaves as without Flyball. OkHttp lets an application interceptor proceed again
 * once the last response is closed, so it serves retries too. But cancelling such an attempt means
 * cancelling the application's call, which then answers nothing any more.
 *
 * <p><b>A call of our own</b> on a client derived from the application's, sharing its pool,
 * dispatcher, proxy, DNS, TLS and timeouts: for attempts that may have to be cancelled while the
 * call goes on, and for other hosts. The application's interceptors have already run and do not run
 * again; an {@code EventListener} sees such an attempt as a call of its own. For another host the
 * network interceptors, the authenticator, the cookie jar and the cache stay behind, because they
 * may hold the application's credentials.
 */
final class OkHttpTransport implements Transport {
  private final OkHttpClient client;
  private final Interceptor.Chain chain;
  private final Request original;
  private final URI originalUri;

  /**
   * @param original the application's request with a {@link RecordedBody}
   */
  OkHttpTransport(OkHttpClient client, Interceptor.Chain chain, Request original) {
    this.client = client;
    this.chain = chain;
    this.original = original;
    this.originalUri = original.url().uri();
  }

  @Override
  public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
    try {
      boolean foreign = Messages.isForeign(originalUri, request.uri());
      Request toSend = Messages.toRequest(request, original);
      Call call =
          foreign || cancellation.isOfOneAttempt()
              ? derivedClient(foreign).newCall(toSend)
              : chain.call();
      cancellation.onCancel(call::cancel);
      Response response = call == chain.call() ? chain.proceed(toSend) : execute(call);
      return Completions.completed(toWire(response, toSend, call, foreign));
    } catch (Throwable failure) {
      return Completions.failed(chain.call().isCanceled() ? cancelled(failure) : failure);
    }
  }

  /** The application may cancel before its call is among the {@link RunningCalls}. */
  private static CancellationException cancelled(Throwable failure) {
    CancellationException cancelled = new CancellationException("cancelled by the application");
    cancelled.initCause(failure);
    return cancelled;
  }

  private Response execute(Call call) throws IOException {
    if (chain.call().isCanceled()) {
      throw new IOException("Canceled");
    }
    return call.execute();
  }

  private OkHttpClient derivedClient(boolean foreign) {
    OkHttpClient.Builder builder =
        client
            .newBuilder()
            .connectTimeout(chain.connectTimeoutMillis(), TimeUnit.MILLISECONDS)
            .readTimeout(chain.readTimeoutMillis(), TimeUnit.MILLISECONDS)
            .writeTimeout(chain.writeTimeoutMillis(), TimeUnit.MILLISECONDS);
    builder.interceptors().clear();
    builder.interceptors().add(new Passage());
    if (foreign) {
      builder.networkInterceptors().clear();
      builder.authenticator(Authenticator.NONE).cookieJar(CookieJar.NO_COOKIES).cache(null);
    }
    return builder.build();
  }

  private static WireResponse toWire(Response response, Request sent, Call call, boolean foreign) {
    Headers headers = Messages.toWire(response.headers());
    ResponseStream stream = new ResponseStream(response, call);
    return WireResponse.received(
        response.code(),
        headers,
        Bodies.ofStream(stream, stream),
        new Received(response, headers, sent, foreign));
  }
}
