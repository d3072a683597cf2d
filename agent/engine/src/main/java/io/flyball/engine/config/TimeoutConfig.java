package io.flyball.engine.config;

import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.time.Duration;

/** {@code flyball.timeout.*}. Durations are null where there is no such timeout. */
public final class TimeoutConfig {
  static final String FIRST_TOKEN_WITH_CHAIN = "2m";
  static final String RESPONSE_WITH_CHAIN = "10m";

  static final Property<Duration> FIRST_TOKEN =
      timeout(
              "timeout.first-token",
              "off",
              "A stream: from sending until its first content is there. Reasoning models think for"
                  + " minutes before it.")
          .defaultNote("`off`; `" + FIRST_TOKEN_WITH_CHAIN + "` with `flyball.fallback.chain`")
          .example("60s");
  static final Property<Duration> RESPONSE =
      timeout(
              "timeout.response",
              "off",
              "An answer that is no stream: from sending until it is there.")
          .defaultNote("`off`; `" + RESPONSE_WITH_CHAIN + "` with `flyball.fallback.chain`")
          .example("5m");
  static final Property<Duration> IDLE =
      timeout(
          "timeout.idle",
          "10m",
          "A stream that has begun: how long it may be silent. Where you set it, from one piece of"
              + " content to the next: pings, comments and events without content do not count."
              + " Where you do not, any byte counts.");
  static final Property<Duration> CALL =
      timeout(
          "timeout.call",
          "10m",
          "The whole call. All its attempts, waits and targets share it. Where you set it, it also"
              + " ends what is under way; where you do not, no further attempt begins after it, and"
              + " nothing is cut. The header `x-flyball-timeout` of a request sets it for one call,"
              + " where that is shorter.");
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
  public static final Section<TimeoutConfig> SECTION =
      Section.of(
          "Timeouts",
          "`off`: no such timeout.",
          TimeoutConfig::new,
          FIRST_TOKEN,
          RESPONSE,
          IDLE,
          CALL,
          INBOUND);

  private final Duration firstToken;
  private final Duration response;
  private final Duration idle;
  private final Duration call;
  private final boolean inbound;
  private final boolean idleSet;
  private final boolean callSet;

  TimeoutConfig(Values values) {
    this.firstToken = values.get(FIRST_TOKEN);
    this.response = values.get(RESPONSE);
    this.idle = values.get(IDLE);
    this.call = values.get(CALL);
    this.inbound = values.get(INBOUND);
    this.idleSet = values.isSet(IDLE);
    this.callSet = values.isSet(CALL);
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

  /** Between two pieces of content of a stream, or between two bytes of it. */
  public Duration idle() {
    return idle;
  }

  /** Whether {@link #idle} is what the user asked for: only content is no silence then. */
  public boolean isIdleSet() {
    return idleSet;
  }

  /** The whole call, all attempts. */
  public Duration call() {
    return call;
  }

  /** Whether {@link #call} is what the user asked for: it ends what is under way then. */
  public boolean isCallSet() {
    return callSet;
  }

  /** Whether the deadline of the request that the application serves counts. */
  public boolean inbound() {
    return inbound;
  }
}
