package io.flyball.instrumentation.javahttpclient;

import io.flyball.wire.Headers;
import io.flyball.wire.Sending;
import io.flyball.wire.WireRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A request that Flyball itself hands to the client. Its class is the mark by which the hook lets
 * it through. What it does not change it takes from the application's request, so that the client
 * writes the same bytes: version preference (and with it the offer of HTTP/2), {@code Expect}, time
 * limit and, for the body, content length or chunks.
 */
final class AttemptRequest extends HttpRequest {
  /** The client writes these itself and rejects a request that brings them. */
  private static final Set<String> RESTRICTED = restricted();

  private final HttpRequest application;
  private final String method;
  private final URI uri;
  private final HttpHeaders headers;
  private final BodyPublisher body;
  private final Optional<Duration> timeout;
  private final boolean waitedFor;

  private AttemptRequest(
      HttpRequest application,
      String method,
      URI uri,
      HttpHeaders headers,
      BodyPublisher body,
      Optional<Duration> timeout,
      boolean waitedFor) {
    this.application = application;
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.body = body;
    this.timeout = timeout;
    this.waitedFor = waitedFor;
  }

  /**
   * The application's request as it is, with its body, which was already taken, given back.
   *
   * @param forFlyballToo whether it keeps the headers that are said to Flyball
   * @param beginsHere see {@link #isWaitedFor}
   */
  static AttemptRequest untouched(
      HttpRequest application, RequestBody body, boolean forFlyballToo, boolean beginsHere) {
    return passing(
        application,
        body.publisher(),
        forFlyballToo ? application.headers() : WireHeaders.withoutFlyballs(application.headers()),
        beginsHere);
  }

  /** The application's request, nothing of which was taken, without what is said to Flyball. */
  static AttemptRequest withoutFlyballs(HttpRequest application) {
    return passing(
        application,
        application.bodyPublisher().orElse(null),
        WireHeaders.withoutFlyballs(application.headers()),
        false);
  }

  private static AttemptRequest passing(
      HttpRequest application, BodyPublisher body, HttpHeaders headers, boolean beginsHere) {
    return new AttemptRequest(
        application,
        application.method(),
        application.uri(),
        headers,
        body,
        application.timeout(),
        beginsHere);
  }

  /**
   * One attempt.
   *
   * @param asked what the engine was asked to send
   * @param attempt what it wants sent; parts that are the same object as in {@code asked} are
   *     unchanged
   * @param sameOrigin whether it goes where the application's goes
   * @param timeout what is left of the application's
   * @param waitedFor see {@link #isWaitedFor}
   * @param sending told when its body goes out
   */
  static AttemptRequest of(
      HttpRequest application,
      RequestBody body,
      WireRequest asked,
      WireRequest attempt,
      boolean sameOrigin,
      Optional<Duration> timeout,
      boolean waitedFor,
      Sending sending) {
    HttpHeaders headers =
        attempt.headers() == asked.headers() && sameOrigin
            ? application.headers()
            : WireHeaders.toClient(allowed(application, attempt, sameOrigin));
    BodyPublisher publisher =
        attempt.wireBody() == asked.wireBody()
            ? body.publisher()
            : body.publisherOf(attempt.wireBody());
    return new AttemptRequest(
        application,
        attempt.method(),
        attempt.uri(),
        headers,
        publisher == null ? null : new ToldPublisher(publisher, sending),
        timeout,
        waitedFor);
  }

  private static Headers allowed(HttpRequest application, WireRequest attempt, boolean sameOrigin) {
    Headers headers = attempt.headers();
    for (String name : RESTRICTED) {
      // An application can have been allowed to set one (jdk.httpclient.allowRestrictedHeaders).
      boolean own = application.headers().firstValue(name).isPresent();
      if (!own || (name.equals("host") && !sameOrigin)) {
        headers = headers.without(name);
      }
    }
    return headers;
  }

  private static Set<String> restricted() {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(Arrays.asList("connection", "content-length", "expect", "host", "upgrade"));
    return Collections.unmodifiableSet(names);
  }

  /**
   * Whether it may begin on the thread that sends it, as {@code send} does it: one that waits for
   * it, or one on which the client would begin it.
   */
  boolean isWaitedFor() {
    return waitedFor;
  }

  @Override
  public Optional<BodyPublisher> bodyPublisher() {
    return Optional.ofNullable(body);
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public Optional<Duration> timeout() {
    return timeout;
  }

  @Override
  public boolean expectContinue() {
    return application.expectContinue();
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public Optional<HttpClient.Version> version() {
    return application.version();
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  @Override
  public String toString() {
    return uri + " " + method;
  }
}
