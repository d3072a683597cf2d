package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.wire.Headers;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.protocol.HttpContext;

/** A response from the wire, and how it came. */
final class Received {
  private final CloseableHttpResponse response;
  private final Headers headers;
  private final AttemptContext aside;

  /**
   * @param headers the response's as the engine got them
   * @param aside the attempt's context, where that is another than the application's; null where it
   *     is none of the application's business
   */
  Received(CloseableHttpResponse response, Headers headers, AttemptContext aside) {
    this.response = response;
    this.headers = headers;
    this.aside = aside;
  }

  CloseableHttpResponse response() {
    return response;
  }

  Headers headers() {
    return headers;
  }

  void tell(HttpContext application) {
    if (aside != null) {
      aside.copyTo(application);
    }
  }
}
