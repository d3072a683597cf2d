package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.bootstrap.Outcome;
import io.flyball.wire.Gateway;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.HeldBytes;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.URIAuthority;

/** One {@code doExecute} of the application, on the thread that waits for it. */
final class ClassicCall {
  private static final byte[] NOTHING = new byte[0];
  private static final String TOO_LONG = "the request's body is longer than can be held (2 GB)";

  private final Gateway gateway;
  private final StrangersClients strangers;
  private final CloseableHttpClient client;
  private final HttpHost target;
  private final ClassicHttpRequest request;
  private final HttpContext context;

  /** Whether the application's entity was asked for its bytes, or anything was sent. */
  private boolean begun;

  ClassicCall(
      Gateway gateway,
      StrangersClients strangers,
      CloseableHttpClient client,
      HttpHost target,
      ClassicHttpRequest request,
      HttpContext context) {
    this.gateway = gateway;
    this.strangers = strangers;
    this.client = client;
    this.target = target;
    this.request = request;
    this.context = context;
  }

  /** Whether the client can no longer do what it would have done without Flyball. */
  boolean hasBegun() {
    return begun;
  }

  /** Null where the client is to do what it would have done. */
  Outcome run() throws IOException {
    HttpEntity entity = request.getEntity();
    if (entity == null || !Origins.mayGovern(gateway, target, request)) {
      return pass(null, null);
    }
    boolean mustRead = gateway.mustRead();
    if (entity.getContentLength() > gateway.maxRequestBytes()) {
      return mustRead ? unread() : pass(null, null);
    }
    begun = !entity.isRepeatable();
    RecordedEntity recorded = RecordedEntity.record(entity, gateway.maxRequestBytes(), mustRead);
    if (recorded == null) {
      HeldBytes.ofThisJvm().letPass();
      return mustRead ? unread() : pass(null, null);
    }
    boolean tooLong = recorded.bytes().length > gateway.maxRequestBytes();
    WireRequest asked = tooLong ? null : toWire(recorded.bytes());
    GovernedCall call = asked == null ? null : open(asked);
    if (call == null) {
      try {
        return pass(recorded, asked);
      } finally {
        recorded.release();
      }
    }
    call.whenEnded(recorded::release);
    return govern(call, recorded, asked);
  }

  /** A request whose entity only the client is to ask for: it is sent as it is, or not at all. */
  private Outcome unread() throws IOException {
    WireRequest head = toWire(NOTHING);
    WireRequest asked = head == null ? null : head.unread(TOO_LONG);
    GovernedCall call = asked == null ? null : open(asked);
    return call == null ? pass(null, null) : govern(call, null, asked);
  }

  /**
   * A request that is not governed goes its way.
   *
   * @param recorded its entity, if that was read; one that could be written once cannot be again
   * @param read the request as the engine has read it; null when it has not
   */
  private Outcome pass(RecordedEntity recorded, WireRequest read) throws IOException {
    boolean takenOff = Messages.saysSomethingToFlyball(request) && takesOwnHeadersOff(read);
    boolean spent = recorded != null && !request.getEntity().isRepeatable();
    if (!takenOff && !spent) {
      return null;
    }
    completeOriginal();
    AttemptRequest sent = AttemptRequest.of(request, Origins.uri(target, request), takenOff);
    if (recorded != null) {
      sent.setEntity(recorded);
    }
    whenCancelled(sent);
    begun = true;
    return Outcome.value(client.execute(target, sent, context));
  }

  private boolean takesOwnHeadersOff(WireRequest read) {
    if (read != null) {
      return gateway.takesOwnHeadersOff(read);
    }
    String host = Origins.host(target, request);
    return host != null
        && gateway.takesOwnHeadersOff(
            request.getMethod(), host, Origins.port(target, request), request.getPath());
  }

  private WireRequest toWire(byte[] body) {
    try {
      return Messages.toWire(target, request, body);
    } catch (RuntimeException | LinkageError | VirtualMachineError failure) {
      gateway.internalError(ApacheHttpClient5Instrumentation.NAME, failure);
      return null;
    }
  }

  private GovernedCall open(WireRequest asked) {
    try {
      return gateway.open(asked);
    } catch (RuntimeException | LinkageError | VirtualMachineError failure) {
      gateway.internalError(ApacheHttpClient5Instrumentation.NAME, failure);
      return null;
    }
  }

  private Outcome govern(GovernedCall call, RecordedEntity recorded, WireRequest asked)
      throws IOException {
    completeOriginal();
    BooleanSupplier cancelled = cancelledByApplication();
    ClassicTransport transport =
        new ClassicTransport(
            client, strangers, target, request, context, recorded, asked, cancelled);
    whenCancelled(new Link(call));
    begun = true;
    try {
      WireResponse answer = call.execute(transport);
      return Outcome.value(Messages.toResponse(answer, call, cancelled));
    } catch (CancellationException over) {
      Throwable ofTheClient = over.getCause();
      if (ofTheClient instanceof IOException) {
        throw (IOException) ofTheClient;
      }
      // The client's own words for a request that is cancelled before it is sent.
      throw new RequestFailedException("Request aborted");
    } finally {
      transport.leave();
    }
  }

  /** As the client does with a request that says nothing of where it goes. */
  private void completeOriginal() {
    if (target == null) {
      return;
    }
    if (request.getScheme() == null) {
      request.setScheme(target.getSchemeName());
    }
    if (request.getAuthority() == null) {
      request.setAuthority(new URIAuthority(target));
    }
  }

  private BooleanSupplier cancelledByApplication() {
    return request instanceof CancellableDependency
        ? ((CancellableDependency) request)::isCancelled
        : () -> false;
  }

  private void whenCancelled(Cancellable ended) {
    if (request instanceof CancellableDependency) {
      ((CancellableDependency) request).setDependency(ended);
    }
  }

  /** Held by the application's request, which may live on; holds no call. */
  private static final class Link implements Cancellable {
    private final WeakReference<GovernedCall> call;

    Link(GovernedCall call) {
      this.call = new WeakReference<>(call);
    }

    @Override
    public boolean cancel() {
      GovernedCall running = call.get();
      if (running != null) {
        running.cancel();
      }
      return running != null;
    }
  }
}
