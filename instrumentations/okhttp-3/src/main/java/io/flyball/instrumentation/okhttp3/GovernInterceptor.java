package io.flyball.instrumentation.okhttp3;

import io.flyball.wire.Gateway;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.HeldBytes;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Stands last among the application's interceptors: what they add (credentials, headers) is on the
 * request, what they do (logging, metering) is done once per call and also for answers that never
 * touch the network, and they are not run again for another host. Below are OkHttp's own:
 * redirects, authentication, gzip, cache, connections.
 *
 * <p>Blocking is right here: {@code execute()} runs this on the caller's thread, {@code enqueue()}
 * on one of the dispatcher's.
 */
final class GovernInterceptor implements Interceptor {
  private static final String PLACE = "okhttp-3";
  private static final String DUPLEX =
      "the request's body is written while its answer is read (OkHttp's isDuplex)";
  private static final String ONE_SHOT =
      "the request's body can be written once only (OkHttp's isOneShot), and is not held before";
  private static final String TOO_LONG = "the request's body is longer than can be held (2 GB)";

  private final Gateway gateway;
  private final RunningCalls running;
  private final EnqueuedCalls enqueued;
  private final AttemptClients attemptClients;

  /** A call asks for its interceptors when it begins, and gets a new one of these. */
  private final long began = System.nanoTime();

  private final OkHttpClient client;

  GovernInterceptor(
      Gateway gateway,
      RunningCalls running,
      EnqueuedCalls enqueued,
      AttemptClients attemptClients,
      OkHttpClient client) {
    this.gateway = gateway;
    this.running = running;
    this.enqueued = enqueued;
    this.attemptClients = attemptClients;
    this.client = client;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    if (!Messages.mayGovern(gateway, request)) {
      return pass(request, request, null, chain);
    }
    RequestBody body = request.body();
    if (body == null) {
      return pass(request, request, null, chain);
    }
    boolean mustRead = gateway.mustRead();
    if (BodyTraits.isDuplex(body)) {
      return unread(request, DUPLEX, chain);
    }
    // What can be written once is written to where it goes, unless somebody has to know it before.
    if (!mustRead && BodyTraits.isOneShot(body)) {
      return unread(request, ONE_SHOT, chain);
    }
    if (body.contentLength() > gateway.maxRequestBytes()) {
      return mustRead ? unread(request, TOO_LONG, chain) : pass(request, request, null, chain);
    }
    RecordedBody recorded = RecordedBody.record(body, gateway.maxRequestBytes(), mustRead);
    if (recorded == null) {
      HeldBytes.ofThisJvm().letPass();
      return mustRead ? unread(request, TOO_LONG, chain) : pass(request, request, null, chain);
    }
    Request replayable = request.newBuilder().method(request.method(), recorded).build();
    WireRequest asked = recorded.size() > gateway.maxRequestBytes() ? null : toWire(replayable);
    GovernedCall call = asked == null ? null : open(asked, chain.call());
    if (call == null) {
      try {
        return pass(request, replayable, asked, chain);
      } finally {
        recorded.release();
      }
    }
    call.whenEnded(recorded::release);
    return govern(call, transport(chain, call, replayable, asked), chain, request);
  }

  /**
   * A request whose body only OkHttp is to ask for: it is sent as it is, once, or not at all.
   *
   * @param why see {@link WireRequest#unread}
   */
  private Response unread(Request request, String why, Chain chain) throws IOException {
    WireRequest asked = toUnread(request, why);
    GovernedCall call = asked == null ? null : open(asked, chain.call());
    return call == null
        ? pass(request, request, null, chain)
        : govern(call, transport(chain, call, request, asked), chain, request);
  }

  private OkHttpTransport transport(
      Chain chain, GovernedCall call, Request request, WireRequest asked) {
    running.add(chain.call(), call);
    return new OkHttpTransport(client, attemptClients, running, chain, request, asked, began);
  }

  /**
   * A request that is not governed goes its way.
   *
   * @param replayable the same, with its body held or not
   * @param read the same as the engine has read it; null when it has not
   */
  private Response pass(Request request, Request replayable, WireRequest read, Chain chain)
      throws IOException {
    Request sent = Messages.saysSomethingToFlyball(request) ? sent(replayable, read) : replayable;
    return sent == request
        ? chain.proceed(request)
        : Messages.asFor(request, sent, chain.proceed(sent));
  }

  private Request sent(Request request, WireRequest read) {
    HttpUrl url = request.url();
    boolean takenOff =
        read == null
            ? gateway.takesOwnHeadersOff(
                request.method(), url.host(), url.port(), url.encodedPath())
            : gateway.takesOwnHeadersOff(read);
    return takenOff ? Messages.withoutFlyballs(request) : request;
  }

  private WireRequest toWire(Request request) {
    try {
      return Messages.toWire(request);
    } catch (RuntimeException | LinkageError | VirtualMachineError failure) {
      gateway.internalError(PLACE, failure);
      return null;
    }
  }

  private WireRequest toUnread(Request request, String why) {
    try {
      return Messages.toUnread(request, why);
    } catch (RuntimeException | LinkageError | VirtualMachineError failure) {
      gateway.internalError(PLACE, failure);
      return null;
    }
  }

  private GovernedCall open(WireRequest request, Call call) {
    try {
      return gateway.open(request, enqueued.remove(call));
    } catch (RuntimeException | LinkageError | VirtualMachineError failure) {
      gateway.internalError(PLACE, failure);
      return null;
    }
  }

  private Response govern(
      GovernedCall call, OkHttpTransport transport, Chain chain, Request request)
      throws IOException {
    boolean answered = false;
    try {
      WireResponse answer = call.execute(transport);
      Response response =
          Messages.toResponse(answer, request, new Ending(running, chain.call(), call));
      answered = true;
      return response;
    } catch (CancellationException cancelled) {
      Throwable ofOkHttp = cancelled.getCause();
      if (ofOkHttp instanceof IOException) {
        throw (IOException) ofOkHttp;
      }
      // OkHttp's own words, without a cause: what ends the engine's work is nobody else's business.
      throw new IOException("Canceled");
    } finally {
      transport.leaveChain();
      if (!answered) {
        running.remove(chain.call());
      }
    }
  }
}
