package io.flyball.instrumentation.apachehttpclient4;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import org.apache.http.HttpEntity;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpRequest;
import org.apache.http.ProtocolVersion;
import org.apache.http.RequestLine;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.AbortableHttpRequest;
import org.apache.http.client.methods.Configurable;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.concurrent.Cancellable;
import org.apache.http.conn.ClientConnectionRequest;
import org.apache.http.conn.ConnectionReleaseTrigger;
import org.apache.http.conn.ConnectionRequest;
import org.apache.http.conn.ManagedHttpClientConnection;
import org.apache.http.message.AbstractHttpMessage;
import org.apache.http.message.BasicRequestLine;
import org.apache.http.params.BasicHttpParams;
import org.apache.http.params.HttpParams;
import org.apache.http.protocol.HTTP;

/**
 * What the client is given for one attempt, of the kind that the application gave it: with a URI or
 * a request line, with or without an entity. It can be aborted without the application's request,
 * and the application's request aborts it. A client that is asked for one of these is not governed
 * again.
 *
 * <p>Interceptors see the client's wrapper of it, as ever; only who asks that wrapper for its
 * original gets this.
 */
@SuppressWarnings("deprecation")
abstract class AttemptRequest extends AbstractHttpMessage
    implements HttpRequest, HttpExecutionAware, AbortableHttpRequest, Configurable {
  private final HttpRequest application;
  private final URI uri;
  private final boolean foreign;
  private final boolean passing;
  private HttpEntity entity;
  private HttpParams params;
  private Cancellable running;
  private boolean aborted;
  private int leases;

  private AttemptRequest(HttpRequest application, URI uri, boolean foreign, boolean passing) {
    this.application = application;
    this.uri = uri;
    this.foreign = foreign;
    this.passing = passing;
  }

  /**
   * @param uri where it goes; null for where the application's request goes
   * @param entity null for none
   * @param foreign whether it goes to another host
   * @param passing whether it is the application's own in all but its headers or its entity, and
   *     nobody else aborts it
   */
  static AttemptRequest of(
      HttpRequest application, URI uri, HttpEntity entity, boolean foreign, boolean passing) {
    boolean encloses = application instanceof HttpEntityEnclosingRequest;
    boolean hasUri = application instanceof HttpUriRequest || (foreign && uri != null);
    AttemptRequest attempt =
        hasUri
            ? encloses
                ? new OfUriEnclosing(application, uri, foreign, passing)
                : new OfUri(application, uri, foreign, passing)
            : encloses
                ? new Enclosing(application, uri, foreign, passing)
                : new Plain(application, uri, foreign, passing);
    attempt.entity = entity;
    return attempt;
  }

  /** How often the client has asked for a connection to send it over. */
  final synchronized int leases() {
    return leases;
  }

  @Override
  public final RequestLine getRequestLine() {
    if (uri == null) {
      return application.getRequestLine();
    }
    return new BasicRequestLine(getMethod(), uri.toASCIIString(), getProtocolVersion());
  }

  /** Of a request that has one. */
  public final String getMethod() {
    return application instanceof HttpUriRequest
        ? ((HttpUriRequest) application).getMethod()
        : application.getRequestLine().getMethod();
  }

  /** Of a request that has one. */
  public final URI getURI() {
    return uri == null && application instanceof HttpUriRequest
        ? ((HttpUriRequest) application).getURI()
        : uri;
  }

  @Override
  public final ProtocolVersion getProtocolVersion() {
    return application.getProtocolVersion();
  }

  @Override
  public final RequestConfig getConfig() {
    return application instanceof Configurable ? ((Configurable) application).getConfig() : null;
  }

  /** What is set there may name a host; at another one only the configuration holds. */
  @Deprecated
  @Override
  public final HttpParams getParams() {
    if (!foreign) {
      return application.getParams();
    }
    if (params == null) {
      params = new BasicHttpParams();
    }
    return params;
  }

  /** Of a request that encloses one. */
  public final HttpEntity getEntity() {
    return entity;
  }

  /** Of a request that encloses one. */
  public final void setEntity(HttpEntity newEntity) {
    entity = newEntity;
  }

  /** Of a request that encloses an entity. */
  public final boolean expectContinue() {
    org.apache.http.Header expect = getFirstHeader(HTTP.EXPECT_DIRECTIVE);
    return expect != null && HTTP.EXPECT_CONTINUE.equalsIgnoreCase(expect.getValue());
  }

  @Override
  public final boolean isAborted() {
    synchronized (this) {
      if (aborted) {
        return true;
      }
    }
    return Aborts.isAborted(application);
  }

  @Override
  public final void abort() {
    Cancellable toCancel;
    synchronized (this) {
      aborted = true;
      toCancel = running;
    }
    if (toCancel != null) {
      toCancel.cancel();
    }
  }

  @Override
  public final void setCancellable(Cancellable cancellable) {
    boolean late;
    synchronized (this) {
      running = cancellable;
      late = aborted;
      leases += cancellable instanceof ConnectionRequest ? 1 : 0;
    }
    if (late && cancellable != null) {
      cancellable.cancel();
    } else if (passing && application instanceof HttpExecutionAware) {
      ((HttpExecutionAware) application).setCancellable(cancellable);
    }
  }

  @Deprecated
  @Override
  public final void setConnectionRequest(ClientConnectionRequest request) throws IOException {
    setCancellable(
        () -> {
          request.abortRequest();
          return true;
        });
    if (passing && isOldAbortable()) {
      ((AbortableHttpRequest) application).setConnectionRequest(request);
    }
  }

  @Deprecated
  @Override
  public final void setReleaseTrigger(ConnectionReleaseTrigger trigger) throws IOException {
    setCancellable(
        () -> {
          try {
            neverLinger(trigger);
            trigger.abortConnection();
            return true;
          } catch (IOException gone) {
            return false;
          }
        });
    if (passing && isOldAbortable()) {
      ((AbortableHttpRequest) application).setReleaseTrigger(trigger);
    }
  }

  /** To be closed under a write, a TLS socket must not wait; newer connections see to it. */
  private static void neverLinger(ConnectionReleaseTrigger trigger) {
    try {
      Socket socket =
          trigger instanceof ManagedHttpClientConnection
              ? ((ManagedHttpClientConnection) trigger).getSocket()
              : null;
      if (socket != null) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException | RuntimeException goneAlready) {
      // Then nothing has to wait.
    }
  }

  private boolean isOldAbortable() {
    return application instanceof AbortableHttpRequest
        && !(application instanceof HttpExecutionAware);
  }

  @Override
  public final String toString() {
    return application.toString();
  }

  private static final class Plain extends AttemptRequest {
    Plain(HttpRequest application, URI uri, boolean foreign, boolean passing) {
      super(application, uri, foreign, passing);
    }
  }

  private static final class Enclosing extends AttemptRequest
      implements HttpEntityEnclosingRequest {
    Enclosing(HttpRequest application, URI uri, boolean foreign, boolean passing) {
      super(application, uri, foreign, passing);
    }
  }

  private static final class OfUri extends AttemptRequest implements HttpUriRequest {
    OfUri(HttpRequest application, URI uri, boolean foreign, boolean passing) {
      super(application, uri, foreign, passing);
    }
  }

  private static final class OfUriEnclosing extends AttemptRequest
      implements HttpUriRequest, HttpEntityEnclosingRequest {
    OfUriEnclosing(HttpRequest application, URI uri, boolean foreign, boolean passing) {
      super(application, uri, foreign, passing);
    }
  }
}
