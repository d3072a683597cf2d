package io.flyball.instrumentation.okhttp3;

import io.flyball.wire.Headers;
import okhttp3.Request;
import okhttp3.Response;

/** A response from the wire, and what was sent for it. */
final class Received {
  private final Response response;
  private final Headers headers;
  private final Request sent;
  private final boolean foreign;

  /**
   * @param foreign whether it came from another host than the application asked
   */
  Received(Response response, Headers headers, Request sent, boolean foreign) {
    this.response = response;
    this.headers = headers;
    this.sent = sent;
    this.foreign = foreign;
  }

  Response response() {
    return response;
  }

  /** The response's headers as the engine got them. */
  Headers headers() {
    return headers;
  }

  Request sent() {
    return sent;
  }

  boolean isForeign() {
    return foreign;
  }
}
