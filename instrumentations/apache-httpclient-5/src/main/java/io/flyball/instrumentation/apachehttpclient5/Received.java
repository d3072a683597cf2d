package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.wire.Headers;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.HttpEntity;

/** A response from the wire. */
final class Received {
  private final CloseableHttpResponse response;
  private final HttpEntity entity;
  private final Headers headers;

  Received(CloseableHttpResponse response, Headers headers) {
    this.response = response;
    this.entity = response.getEntity();
    this.headers = headers;
  }

  CloseableHttpResponse response() {
    return response;
  }

  /** As the client gave it; null when there is none. */
  HttpEntity entity() {
    return entity;
  }

  /** The response's headers as the engine got them. */
  Headers headers() {
    return headers;
  }
}
