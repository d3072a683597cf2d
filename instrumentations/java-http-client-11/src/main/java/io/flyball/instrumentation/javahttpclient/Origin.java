package io.flyball.instrumentation.javahttpclient;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/**
 * The client's own response behind the one that the application gets. Where the client's thread
 * hands its head over, the client has not made it yet.
 */
final class Origin {
  private final HttpClient.Version version;
  private final CompletableFuture<HttpResponse<?>> response;

  private Origin(HttpClient.Version version, CompletableFuture<HttpResponse<?>> response) {
    this.version = version;
    this.response = response;
  }

  static Origin of(HttpResponse<?> response) {
    return new Origin(response.version(), CompletableFuture.completedFuture(response));
  }

  /**
   * @param response completes, normally, when the client has made it; with null when it never does
   */
  static Origin of(HttpResponse.ResponseInfo head, CompletableFuture<HttpResponse<?>> response) {
    return new Origin(head.version(), response);
  }

  HttpClient.Version version() {
    return version;
  }

  /** Null as long as the client has not made it. */
  HttpResponse<?> response() {
    return response.getNow(null);
  }

  /** Completes, normally, when all can be asked. */
  CompletableFuture<?> known() {
    return response;
  }

  /** Whether the client asks no handler of the application for its body. */
  boolean hasNoBody() {
    HttpResponse<?> known = response();
    return known != null && known.body() == null;
  }
}
