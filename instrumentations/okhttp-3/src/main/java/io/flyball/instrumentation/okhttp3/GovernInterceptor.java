package io.flyball.instrumentation.okhttp3;

import io.flyball.engine.wire.Gateway;
import io.flyball.engine.wire.GovernedCall;
import io.flyball.engine.wire.HeldBytes;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
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
    if (!gateway.mayGovern(request.method(), request.url().encodedPath())) {
      return pass(request, request, null, chain);
    }
    RequestBody body = request.body();
    if (body == null
        || !BodyTraits.isReplayable(body)
        || body.contentLength() > gateway.maxRequestBytes()) {
      return pass(request, request, null, chain);
    }
    RecordedBody recorded =
        RecordedBody.record(body, gateway.maxRequestBytes(), gateway.mustRead());
    if (recorded == null) {
      HeldBytes.ofThisJvm().letPass();
      return pass(request, request, null, chain);
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
    running.add(chain.call(), call);
    OkHttpTransport transport =
        new OkHttpTransport(client, attemptClients, running, chain, replayable, asked, began);
    return govern(call, transport, chain, request);
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
      throw ofOkHttp instanceof IOException
          ? (IOException) ofOkHttp
          : new IOException("Canceled", cancelled);
    } finally {
      transport.leaveChain();
      if (!answered) {
        running.remove(chain.call());
      }
    }
  }
}
