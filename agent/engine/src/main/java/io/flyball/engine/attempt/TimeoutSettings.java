package io.flyball.engine.attempt;

/** How long is waited. Nanoseconds; {@link #NONE} for no limit. Immutable. */
public final class TimeoutSettings {
  public static final long NONE = Long.MAX_VALUE;

  /** No limits. */
  public static final TimeoutSettings OFF = new TimeoutSettings(NONE, NONE, NONE, NONE);

  private final long firstToken;
  private final long response;
  private final long idle;
  private final long call;

  /**
   * @param firstToken until the first content of a stream
   * @param response until the whole of a plain answer
   * @param idle between two reads of a stream that bring something
   * @param call the whole call with all its attempts
   */
  public TimeoutSettings(long firstToken, long response, long idle, long call) {
    this.firstToken = firstToken;
    this.response = response;
    this.idle = idle;
    this.call = call;
  }

  public long firstToken() {
    return firstToken;
  }

  public long response() {
    return response;
  }

  public long idle() {
    return idle;
  }

  public long call() {
    return call;
  }
}
