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
  static final Property<Boolean> INBOUND =
      Property.of(
              "timeout.inbound",
              ValueType.bool(),
              "Whether a call ends when the client of the HTTP request that the thread serves in a"
                  + " servlet no longer waits: by that request's header"
                  + " `x-envoy-expected-rq-timeout-ms` (milliseconds), `grpc-timeout` (`30S`,"
                  + " `500m`) or `x-request-timeout` (`30s`, `500ms`; a unit is needed), counted"
                  + " from its arrival, and by the timeout of a request that was made"
                  + " asynchronous. It can only shorten a call.")
          .defaultsTo("true");
  static final Section SECTION =
      new Section(
          "Timeouts", "`off`: no such timeout.", FIRST_TOKEN, RESPONSE, IDLE, CALL, INBOUND);

  private final Duration firstToken;
  private final Duration response;
  private final Duration idle;
  private final Duration call;
  private final boolean inbound;

  TimeoutConfig(Values values) {
    this.firstToken = values.get(FIRST_TOKEN);
    this.response = values.get(RESPONSE);
    this.idle = values.get(IDLE);
    this.call = values.get(CALL);
    this.inbound = values.get(INBOUND);
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

  /** Whether the deadline of the request that the application serves counts. */
  public boolean inbound() {
    return inbound;
  }
}
