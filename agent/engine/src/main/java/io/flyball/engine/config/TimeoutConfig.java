package io.flyball.engine.config;

import java.time.Duration;

/** {@code flyball.timeout.*}. Durations are null where there is no such timeout. */
public final class TimeoutConfig {
  static final Property<Duration> FIRST_TOKEN =
      timeout(
          "timeout.first-token", "60s", "A stream: from sending until its first content is there.");
  static final Property<Duration> RESPONSE =
      timeout(
          "timeout.response",
          "10m",
          "An answer that is no stream: from sending until it is there.");
  static final Property<Duration> IDLE =
      timeout("timeout.idle", "30s", "A stream: from one event to the next.");
  static final Property<Duration> CALL =
      timeout(
          "timeout.call",
          "10m",
          "The whole call. All its attempts, waits and targets share it. The header"
              + " `x-flyball-timeout` of a request shortens it for one call.");
  static final Section SECTION =
      new Section("Timeouts", "`off`: no such timeout.", FIRST_TOKEN, RESPONSE, IDLE, CALL);

  private final Duration firstToken;
  private final Duration response;
  private final Duration idle;
  private final Duration call;

  TimeoutConfig(Values values) {
    this.firstToken = values.get(FIRST_TOKEN);
    this.response = values.get(RESPONSE);
    this.idle = values.get(IDLE);
    this.call = values.get(CALL);
  }

  private static Property<Duration> timeout(String path, String usual, String meaning) {
    ValueType<Duration> type = ValueType.orOff(ValueType.duration("1ms", "1d"));
    return Property.of(path, type, meaning).defaultsTo(usual);
  }

  /** Of a stream, until its first content. */
  public Duration firstToken() {
    return firstToken;
  }

  /** Of an answer that is no stream, until it is there. */
  public Duration response() {
    return response;
  }

  /** Between the events of a stream. */
  public Duration idle() {
    return idle;
  }

  /** The whole call, all attempts. */
  public Duration call() {
    return call;
  }
}
