package io.flyball.engine.attempt;

/**
 * How long is waited. Nanoseconds; {@link #NONE} for no limit. Immutable.
 *
 * <p>What nobody asked for is kept apart from what the user asked for, because it may end less:
 * never a call that would have been answered without Flyball.
 */
public final class TimeoutSettings {
  public static final long NONE = Long.MAX_VALUE;

  /** No limits. */
  public static final TimeoutSettings OFF = new TimeoutSettings(NONE, NONE, NONE, NONE);

  private final long firstToken;
  private final long response;
  private final long idle;
  private final long silence;
  private final long call;
  private final long begin;

  /**
   * Limits that the user asked for.
   *
   * @param firstToken until the first content of a stream
   * @param response until the whole of a plain answer
   * @param idle between two pieces of content of a stream
   * @param call the whole call with all its attempts, streams to their end
   */
  public TimeoutSettings(long firstToken, long response, long idle, long call) {
    this(firstToken, response, idle, NONE, call, NONE);
  }

  private TimeoutSettings(
      long firstToken, long response, long idle, long silence, long call, long begin) {
    this.firstToken = firstToken;
    this.response = response;
    this.idle = idle;
    this.silence = silence;
    this.call = call;
    this.begin = begin;
  }

  /** The same where a stream that has begun may not be silent for longer, any byte is a sign. */
  public TimeoutSettings withSilence(long nanos) {
    return new TimeoutSettings(firstToken, response, idle, nanos, call, begin);
  }

  /** The same where a call that has lasted so long is not sent again; what is under way goes on. */
  public TimeoutSettings withBegin(long nanos) {
    return new TimeoutSettings(firstToken, response, idle, silence, call, nanos);
  }

  /** Whether the user asked for one that holds before the first content, too. */
  boolean areAskedFor() {
    return firstToken != NONE || idle != NONE || call != NONE;
  }

  public long firstToken() {
    return firstToken;
  }

  public long response() {
    return response;
  }

  /** Between two pieces of content; pings, comments and the like do not count. */
  public long idle() {
    return idle;
  }

  /** Between two bytes, from the head of a stream on. */
  public long silence() {
    return silence;
  }

  /** The whole call; what is under way then is cut. */
  public long call() {
    return call;
  }

  /** From the beginning of the call until its last attempt begins; cuts nothing. */
  public long begin() {
    return begin;
  }
}
