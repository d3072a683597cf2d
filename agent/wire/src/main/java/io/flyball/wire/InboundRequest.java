package io.flyball.wire;

/**
 * An HTTP request that the application serves, as its server shows it. Asked only on the thread
 * that serves it and until that is over; must not touch the request's body or parameters. May
 * throw: then nothing is known.
 */
public interface InboundRequest {

  /** The first value of that header, or null. */
  String header(String name);

  /** The pattern that the path matched, such as {@code /orders/{id}}; null when not known (yet). */
  String route();

  /** The name of who is logged in, or null. */
  String principal();

  /**
   * How long the server waits for an answer from other threads, in milliseconds from when the
   * request was made asynchronous; 0 or less for no such limit, or as long as it is not.
   */
  long asyncTimeoutMillis();
}
