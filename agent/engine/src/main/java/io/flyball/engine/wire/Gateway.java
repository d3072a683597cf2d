package io.flyball.engine.wire;

/** The door of the engine: what an instrumentation asks. Never throws. */
public interface Gateway {

  /**
   * The cheap first question for every request of the application: false means that it is none of
   * Flyball's business and must go on untouched. Allocates nothing.
   *
   * @param method null when the client does not know it yet
   * @param path path of the URL, with or without its query
   */
  boolean mayGovern(String method, String path);

  /**
   * Whether nothing is changed for the application ({@code flyball.mode=observe}): no attempt is
   * repeated, redirected or replaced. An adapter that could put off connecting until the call is
   * complete then connects where the client without an agent would.
   */
  default boolean observesOnly() {
    return false;
  }

  /** Requests with a longer body (in bytes) are not looked at. */
  int maxRequestBytes();

  /**
   * Opens a call when the request is a model call, on the thread of the application that makes it
   * (attribution reads that thread's context). Null means: not a model call, or the engine is off
   * or broken; the request must go on untouched.
   */
  GovernedCall open(WireRequest request);

  /**
   * Logs (once per place) and counts a failure inside an instrumentation.
   *
   * @param place for example {@code okhttp-3}
   */
  void internalError(String place, Throwable failure);
}
