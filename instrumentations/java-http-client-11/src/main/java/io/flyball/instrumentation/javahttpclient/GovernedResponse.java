package io.flyball.instrumentation.javahttpclient;

import io.flyball.wire.WireResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * The response the application gets: status, headers and body from the engine, the rest from the
 * attempt that it came from. A response that was made claims HTTP/1.1 and has no session.
 *
 * @param <T> body
 */
final class GovernedResponse<T> implements HttpResponse<T>, HttpResponse.ResponseInfo {
  private final HttpRequest request;
  private final int status;
  private final HttpHeaders headers;
  private final Origin origin;
  private final T body;

  private GovernedResponse(
      HttpRequest request, int status, HttpHeaders headers, Origin origin, T body) {
    this.request = request;
    this.status = status;
    this.headers = headers;
    this.origin = origin;
    this.body = body;
  }

  /** The head alone, for the application's body handler. */
  static GovernedResponse<Void> head(HttpRequest request, WireResponse response) {
    return new GovernedResponse<>(
        request,
        response.status(),
        WireHeaders.toClient(response.headers()),
        (Origin) response.origin(),
        null);
  }

  <U> GovernedResponse<U> withBody(U newBody) {
    return new GovernedResponse<>(request, status, headers, origin, newBody);
  }

  @Override
  public int statusCode() {
    return status;
  }

  /** Null when there is none, or not yet: the application has only the head then. */
  private HttpResponse<?> ofClient() {
    return origin == null ? null : origin.response();
  }

  /** The application's own request, unless the client followed a redirect. */
  @Override
  public HttpRequest request() {
    HttpResponse<?> origin = ofClient();
    return origin != null && origin.previousResponse().isPresent() ? origin.request() : request;
  }

  /** Those that the client went through, redirects for example; they have no body. */
  @Override
  public Optional<HttpResponse<T>> previousResponse() {
    HttpResponse<?> origin = ofClient();
    return origin == null
        ? Optional.empty()
        : origin.previousResponse().map(GovernedResponse::withoutBody);
  }

  @SuppressWarnings("unchecked")
  private static <U> HttpResponse<U> withoutBody(HttpResponse<?> previous) {
    return (HttpResponse<U>) previous;
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  @Override
  public T body() {
    return body;
  }

  @Override
  public Optional<SSLSession> sslSession() {
    HttpResponse<?> origin = ofClient();
    return origin == null ? Optional.empty() : origin.sslSession();
  }

  /** Overrides a method that exists since Java 25. */
  @SuppressWarnings("MissingOverride")
  public Optional<String> connectionLabel() {
    return ConnectionLabels.of(ofClient());
  }

  @Override
  public URI uri() {
    HttpResponse<?> origin = ofClient();
    return origin == null ? request.uri() : origin.uri();
  }

  @Override
  public HttpClient.Version version() {
    return origin == null ? HttpClient.Version.HTTP_1_1 : origin.version();
  }

  @Override
  public String toString() {
    return "(" + request().method() + " " + uri() + ") " + status;
  }
}
