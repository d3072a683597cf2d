package io.flyball.instrumentation.okhttp3;

import io.flyball.wire.BodyInputStream;
import io.flyball.wire.Gateway;
import io.flyball.wire.Headers;
import io.flyball.wire.Sending;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * OkHttp's requests and responses to the engine's and back. Only what the engine changed is
 * changed; the rest keeps its bytes and its order.
 */
final class Messages {
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String CONTENT_LENGTH = "Content-Length";
  private static final byte[] NOTHING = new byte[0];

  private Messages() {}

  /** {@link Gateway#mayGovern}, for that request. */
  static boolean mayGovern(Gateway gateway, Request request) {
    HttpUrl url = request.url();
    return gateway.mayGovern(request.method(), url.host(), url.port(), url.encodedPath());
  }

  /** The request as the engine sees it; its body must be a {@link RecordedBody}. */
  static WireRequest toWire(Request request) {
    return toWire(request, ((RecordedBody) request.body()).bytes());
  }

  /**
   * The same of one whose body is the application's.
   *
   * @param why see {@link WireRequest#unread}
   */
  static WireRequest toUnread(Request request, String why) {
    return toWire(request, NOTHING).unread(why);
  }

  private static WireRequest toWire(Request request, byte[] body) {
    return new WireRequest(request.method(), uri(request.url()), wireHeaders(request), body);
  }

  /** What {@code HttpUrl.uri()} gives, which compiles regular expressions to get there. */
  private static URI uri(HttpUrl url) {
    String text = url.toString();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean same =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/:?=&+,;@".indexOf(c) >= 0;
      if (!same) {
        return url.uri();
      }
    }
    return URI.create(text);
  }

  private static Headers wireHeaders(Request request) {
    Headers headers = toWire(request.headers());
    MediaType type = request.body().contentType();
    return type == null ? headers : headers.with(CONTENT_TYPE, type.toString());
  }

  static Headers toWire(okhttp3.Headers headers) {
    Headers.Builder builder = Headers.builder(headers.size() + 1);
    for (int i = 0; i < headers.size(); i++) {
      builder.add(headers.name(i), headers.value(i));
    }
    return builder.build();
  }

  /**
   * The original request with what the engine changed.
   *
   * @param was the original as the engine saw it
   * @param foreign whether it goes to another host
   * @param sending told when its body goes out
   */
  static Request toRequest(
      WireRequest wanted, WireRequest was, Request original, boolean foreign, Sending sending)
      throws IOException {
    Request.Builder builder = original.newBuilder();
    if (!wanted.uri().equals(was.uri())) {
      builder.url(HttpUrl.get(wanted.uri()));
      if (foreign) {
        builder.removeHeader("Host");
      }
    }
    for (String name : was.headers().differing(wanted.headers())) {
      builder.removeHeader(name);
      for (String value : wanted.headers().all(name)) {
        builder.addHeader(name, value);
      }
    }
    RequestBody body = original.body();
    if (body instanceof RecordedBody) {
      RecordedBody recorded = (RecordedBody) body;
      // What OkHttp fails for another length than the body declares must fail, whatever is wanted.
      boolean same = wanted.wireBody() == was.wireBody() || (!foreign && !recorded.isAsDeclared());
      RecordedBody wantedBody = same ? recorded : recorded.withBytes(wanted.wireBody());
      builder.method(wanted.method(), wantedBody.telling(sending));
    } else {
      sending.begin();
    }
    return builder.build();
  }

  /** The answer for the application. */
  static Response toResponse(WireResponse answer, Request request, Runnable onClose) {
    Object origin = answer.origin();
    return origin instanceof Received
        ? received(answer, (Received) origin, request, onClose)
        : made(answer, request, onClose);
  }

  private static Response received(
      WireResponse answer, Received received, Request request, Runnable onClose) {
    Response.Builder builder = received.response().newBuilder().code(answer.status());
    if (received.isForeign()) {
      // What was sent there carries another credential, which is not the application's to see.
      builder.request(request).networkResponse(null).cacheResponse(null).priorResponse(null);
    } else if (received.response().request() == received.sent()) {
      builder.request(request);
    }
    for (String name : received.headers().differing(answer.headers())) {
      builder.removeHeader(name);
      for (String value : answer.headers().all(name)) {
        builder.addHeader(name, value);
      }
    }
    return builder.body(body(answer, received, onClose)).build();
  }

  private static Response made(WireResponse answer, Request request, Runnable onClose) {
    okhttp3.Headers.Builder headers = new okhttp3.Headers.Builder();
    for (int i = 0; i < answer.headers().size(); i++) {
      headers.add(answer.headers().name(i), answer.headers().value(i));
    }
    long now = System.currentTimeMillis();
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(answer.status())
        .message(answer.status() == 200 ? "OK" : "")
        .headers(headers.build())
        .sentRequestAtMillis(now)
        .receivedResponseAtMillis(now)
        .body(body(answer, null, onClose))
        .build();
  }

  /**
   * @param received null when it was made
   */
  private static ResponseBody body(WireResponse answer, Received received, Runnable onClose) {
    ResponseBody real = received == null ? null : received.response().body();
    String type = answer.headers().first(CONTENT_TYPE);
    return new GovernedBody(
        type, length(answer, received), new BodyInputStream(answer.body()), real, onClose);
  }

  /** As OkHttp itself has made it out, unless the engine has another body. */
  private static long length(WireResponse answer, Received received) {
    List<String> lengths = answer.headers().all(CONTENT_LENGTH);
    return received != null && lengths.equals(received.headers().all(CONTENT_LENGTH))
        ? received.response().body().contentLength()
        : length(answer.headers().first(CONTENT_LENGTH));
  }

  private static long length(String contentLength) {
    if (contentLength == null) {
      return -1;
    }
    try {
      return Long.parseLong(contentLength);
    } catch (NumberFormatException unknown) {
      return -1;
    }
  }

  /** Whether the request has a header that is said to Flyball. */
  static boolean saysSomethingToFlyball(Request request) {
    okhttp3.Headers headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      if (Headers.isForFlyball(headers.name(i))) {
        return true;
      }
    }
    return false;
  }

  /** The request without the headers that are said to Flyball. */
  static Request withoutFlyballs(Request request) {
    Request.Builder builder = request.newBuilder();
    for (String name : request.headers().names()) {
      if (Headers.isForFlyball(name)) {
        builder.removeHeader(name);
      }
    }
    return builder.build();
  }

  /** The response with the application's own request in place of the one that was sent for it. */
  static Response asFor(Request request, Request sent, Response response) {
    return response.request() == sent ? response.newBuilder().request(request).build() : response;
  }
}
