package io.flyball.instrumentation.apachehttpclient4;

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
import java.net.URI;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.http.ConnectionClosedException;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.Configurable;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.impl.client.AbstractHttpClient;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.conn.ConnectionShutdownException;
import org.apache.http.impl.execchain.RequestAbortedException;
import org.apache.http.params.CoreConnectionPNames;
import org.apache.http.protocol.HttpContext;

/**
 * Attempts of one call, each a request of its own to the application's client: with all that this
 * does (interceptors, cookies, authentication, redirects, its own retries), and in the
 * application's own context, as if it had been executed once more. Attempts that may have to be
 * ended while the call goes on, and those made after the application has its response, have a
 * context beside that.
 */
@SuppressWarnings("deprecation")
final class ClientTransport implements Transport {
  private final Clients clients;
  private final CloseableHttpClient client;
  private final Asked application;
  private final HttpContext context;
  private final RecordedEntity recorded;
  private final WireRequest asked;
  private volatile boolean returned;
  private volatile boolean sent;
  private volatile boolean repeatedByClient;
  private volatile Throwable lastFailure;

  /**
   * @param context never null
   * @param recorded null where only the client is to ask the entity for its bytes
   * @param asked the application's request for the engine
   */
  ClientTransport(
      Clients clients,
      CloseableHttpClient client,
      Asked application,
      HttpContext context,
      RecordedEntity recorded,
      WireRequest asked) {
    this.clients = clients;
    this.client = client;
    this.application = application;
    this.context = context;
    this.recorded = recorded;
    this.asked = asked;
  }

  /** The application gets its response: its context is its own again. */
  void leave() {
    returned = true;
  }

  /** Whether an attempt has begun. */
  boolean hasSent() {
    return sent;
  }

  @Override
  public boolean maySendElsewhere() {
    return true;
  }

  @Override
  public long readTimeoutNanos() {
    int millis = readTimeoutMillis();
    return millis <= 0 ? -1 : TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** As far as it is configured where a program usually does. */
  private int readTimeoutMillis() {
    RequestConfig config = configOf(application.request());
    if (config == null && !(client instanceof AbstractHttpClient)) {
      Object set = context.getAttribute(HttpClientContext.REQUEST_CONFIG);
      config = set instanceof RequestConfig ? (RequestConfig) set : configOf(client);
    }
    return config != null
        ? config.getSocketTimeout()
        : client instanceof AbstractHttpClient
            ? client.getParams().getIntParameter(CoreConnectionPNames.SO_TIMEOUT, 0)
            : 0;
  }

  private static RequestConfig configOf(Object configurable) {
    return configurable instanceof Configurable ? ((Configurable) configurable).getConfig() : null;
  }

  @Override
  public boolean repeatsAfterConnectionFailures() {
    return !repeatedByClient;
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
      AttemptRequest attempt = application.attempt(request, asked, recorded, foreign, sending);
      HttpContext used = contextFor(foreign, cancellation);
      cancellation.onCancel(
          () -> {
            TlsBelow.close(used);
            attempt.abort();
          });
      if (cancellation.isCancelled()) {
        throw new RequestAbortedException("Request aborted");
      }
      sent = true;
      return Completions.completed(
          foreign
              ? sendToStrangers(attempt, request.uri(), used, cancellation)
              : sendToOwn(attempt, used, cancellation));
    } catch (Throwable thrown) {
      Throwable failure = asBare(thrown);
      lastFailure = failure;
      return Completions.failed(
          Aborts.isAborted(application.request()) ? aborted(failure) : failure);
    }
  }

  private HttpContext contextFor(boolean foreign, Cancellation cancellation) {
    if (foreign) {
      AttemptContext aside = new AttemptContext(null);
      Object config = context.getAttribute(HttpClientContext.REQUEST_CONFIG);
      aside.setAttribute(HttpClientContext.REQUEST_CONFIG, config);
      return aside;
    }
    return returned || cancellation.isOfOneAttempt() ? new AttemptContext(context) : context;
  }

  private WireResponse sendToOwn(
      AttemptRequest attempt, HttpContext used, Cancellation cancellation) throws IOException {
    AttemptContext aside = used instanceof AttemptContext ? (AttemptContext) used : null;
    boolean answered = false;
    try {
      CloseableHttpResponse response = clients.execute(client, application.target(), attempt, used);
      answered = true;
      WireResponse received = received(client, response, attempt, aside, cancellation);
      return received.status() >= 400 && timesAgain(attempt, used) > 0
          ? received.repeatedByClient()
          : received;
    } finally {
      if (!answered && timesAgain(attempt, used) > 0 && written(attempt) > 1) {
        repeatedByClient = true;
      }
    }
  }

  private static int written(AttemptRequest attempt) {
    HttpEntity entity = attempt.getEntity();
    return entity instanceof AttemptEntity ? ((AttemptEntity) entity).written() : 0;
  }

  /** How often the client has sent it again, but for redirects and for a password. */
  private static int timesAgain(AttemptRequest attempt, HttpContext used) {
    Object redirects = used.getAttribute(HttpClientContext.REDIRECT_LOCATIONS);
    int followed = redirects instanceof List ? ((List<?>) redirects).size() : 0;
    return attempt.leases() - 1 - followed;
  }

  private WireResponse sendToStrangers(
      AttemptRequest attempt, URI uri, HttpContext used, Cancellation cancellation)
      throws IOException {
    HttpHost host = new HttpHost(uri.getHost(), uri.getPort(), uri.getScheme());
    CloseableHttpClient foreign = clients.foreign(client);
    ProxyCredentials.goesTo(host);
    try {
      CloseableHttpResponse response = clients.execute(foreign, host, attempt, used);
      return received(foreign, response, attempt, null, cancellation);
    } finally {
      ProxyCredentials.goesTo(null);
    }
  }

  private static WireResponse received(
      CloseableHttpClient client,
      CloseableHttpResponse response,
      AttemptRequest attempt,
      AttemptContext aside,
      Cancellation cancellation)
      throws IOException {
    HttpEntity entity = response.getEntity();
    Body body = Bodies.empty();
    if (entity != null) {
      ReceivedStream stream =
          new ReceivedStream(response, entity, attempt, client instanceof AbstractHttpClient);
      body = Bodies.ofStream(stream, stream);
    }
    if (cancellation.isCancelled()) {
      body.close();
      throw new RequestAbortedException("Request aborted");
    }
    Headers headers = Asked.wire(response.getAllHeaders());
    return WireResponse.received(
        response.getStatusLine().getStatusCode(),
        headers,
        body,
        new Received(response, headers, aside));
  }

  /**
   * To the library a connection that is shut down under its user is a mistake in a program, and so
   * is a further attempt of a client that was closed during the one before: how that failed is how
   * the call does.
   */
  private Throwable asBare(Throwable failure) {
    if (failure instanceof ConnectionShutdownException) {
      return new RequestAbortedException("Request aborted", failure);
    }
    Throwable before = lastFailure;
    return failure instanceof IllegalStateException && before != null ? before : failure;
  }

  private static CancellationException aborted(Throwable failure) {
    CancellationException aborted = new CancellationException("aborted by the application");
    aborted.initCause(failure);
    return aborted;
  }
}
