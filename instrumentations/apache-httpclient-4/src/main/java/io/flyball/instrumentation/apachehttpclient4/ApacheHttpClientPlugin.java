package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.HeldBytes;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.apache.http.HttpEntity;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.params.ClientPNames;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.impl.client.AbstractHttpClient;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.execchain.RequestAbortedException;
import org.apache.http.protocol.HttpContext;

/** Executes a model call in place of the client, which makes its attempts. */
@SuppressWarnings("deprecation")
public final class ApacheHttpClientPlugin implements Plugin {
  private static final String PLACE = "apache-httpclient-4";
  private static final String TOO_LONG = "the request's body is longer than can be held (2 GB)";

  private final Gateway gateway;
  private final Clients clients = new Clients();

  public ApacheHttpClientPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    if (!(arguments[1] instanceof HttpRequest) || arguments[1] instanceof AttemptRequest) {
      return null;
    }
    HttpRequest request = (HttpRequest) arguments[1];
    HttpHost target = target((HttpHost) arguments[0], request, self);
    String path = target == null ? null : Asked.path(request);
    if (path == null) {
      return null;
    }
    String method = Asked.method(request);
    boolean mayGovern =
        request instanceof HttpEntityEnclosingRequest
            && gateway.mayGovern(method, target.getHostName(), Asked.port(target), path);
    if (!mayGovern
        && !gateway.takesOwnHeadersOff(method, target.getHostName(), Asked.port(target), path)) {
      return null;
    }
    Execution execution =
        new Execution(
            (CloseableHttpClient) self,
            new Asked(target, request),
            (HttpHost) arguments[0],
            (HttpContext) arguments[2]);
    try {
      return mayGovern ? execution.run() : execution.pass(null, null);
    } catch (IOException | RuntimeException failure) {
      return Outcome.failure(failure);
    }
  }

  /** Where a client may connect to without having been told a host. */
  private static HttpHost target(HttpHost named, HttpRequest request, Object client) {
    if (named != null || request.getParams() == null) {
      return named;
    }
    Object host = request.getParams().getParameter(ClientPNames.DEFAULT_HOST);
    if (host == null && client instanceof AbstractHttpClient) {
      host = ((AbstractHttpClient) client).getParams().getParameter(ClientPNames.DEFAULT_HOST);
    }
    return host instanceof HttpHost ? (HttpHost) host : null;
  }

  /** One execution of a request that may be a model call. */
  private final class Execution {
    private final CloseableHttpClient client;
    private final Asked asked;
    private final HttpHost named;
    private final HttpContext context;

    Execution(CloseableHttpClient client, Asked asked, HttpHost named, HttpContext context) {
      this.client = client;
      this.asked = asked;
      this.named = named;
      this.context = context;
    }

    Outcome run() throws IOException {
      HttpEntity entity = asked.entity();
      if (entity == null) {
        return pass(null, null);
      }
      boolean mustRead = gateway.mustRead();
      if (entity.getContentLength() > gateway.maxRequestBytes()) {
        return mustRead ? unread() : pass(null, null);
      }
      RecordedEntity recorded = RecordedEntity.record(entity, gateway.maxRequestBytes(), mustRead);
      if (recorded == null) {
        HeldBytes.ofThisJvm().letPass();
        return pass(null, null);
      }
      WireRequest wire =
          recorded.size() > gateway.maxRequestBytes() && !mustRead ? null : toWire(recorded);
      GovernedCall call = wire == null ? null : open(wire);
      if (call == null) {
        try {
          return pass(recorded, wire);
        } finally {
          recorded.release();
        }
      }
      call.whenEnded(recorded::release);
      return govern(call, recorded, wire);
    }

    /** A request that is longer than can be held: sent as it is, once, or not at all. */
    private Outcome unread() throws IOException {
      WireRequest wire = toWire(null);
      GovernedCall call = wire == null ? null : open(wire);
      return call == null ? pass(null, null) : govern(call, null, wire);
    }

    private WireRequest toWire(RecordedEntity recorded) {
      try {
        return recorded == null ? asked.toUnread(TOO_LONG) : asked.toWire(recorded);
      } catch (RuntimeException | LinkageError | VirtualMachineError failure) {
        gateway.internalError(PLACE, failure);
        return null;
      }
    }

    private GovernedCall open(WireRequest wire) {
      try {
        return gateway.open(wire);
      } catch (RuntimeException | LinkageError | VirtualMachineError failure) {
        gateway.internalError(PLACE, failure);
        return null;
      }
    }

    /**
     * A request that is not governed goes its way.
     *
     * @param recorded its entity; null when that was not read
     * @param read the same as the engine has read it; null when it has not
     */
    Outcome pass(RecordedEntity recorded, WireRequest read) throws IOException {
      boolean withoutFlyballs =
          asked.saysSomethingToFlyball()
              && (read == null
                  ? asked.isToLoseFlyballs(gateway)
                  : gateway.takesOwnHeadersOff(read));
      if (!withoutFlyballs && (recorded == null || asked.entity().isRepeatable())) {
        return null;
      }
      try {
        return Outcome.value(
            clients.execute(client, named, asked.passing(recorded, withoutFlyballs), context));
      } catch (Error sent) {
        return Outcome.failure(sent);
      }
    }

    private Outcome govern(GovernedCall call, RecordedEntity recorded, WireRequest wire)
        throws IOException {
      HttpContext used = context == null ? new HttpClientContext() : context;
      ClientTransport transport = new ClientTransport(clients, client, asked, used, recorded, wire);
      Aborts.reach(asked.request(), call);
      try {
        WireResponse answer = call.execute(transport);
        transport.leave();
        return Outcome.value(Delivery.of(answer, asked, used, call));
      } catch (CancellationException aborted) {
        if (aborted.getCause() instanceof IOException) {
          throw (IOException) aborted.getCause();
        }
        // The client's own words, without a cause: what ends the engine's work is nobody else's
        // business.
        throw new RequestAbortedException("Request aborted");
      } catch (Error error) {
        // After one that leaves the hook the client goes on by itself: not with what was sent.
        if (!transport.hasSent()) {
          throw error;
        }
        return Outcome.failure(error);
      } finally {
        transport.leave();
      }
    }
  }
}
