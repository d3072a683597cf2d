package io.flyball.engine.config;

import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.time.Duration;

/** {@code flyball.stream.*}. */
public final class StreamConfig {
  static final Property<StreamRecovery> RECOVERY =
      Property.of(
              "stream.recovery",
              ValueType.oneOf(StreamRecovery.class),
              "What happens when a stream breaks off after its first content was delivered. `off`:"
                  + " the application gets an error. `splice`: the question is asked again; what was"
                  + " already delivered is left out when the new answer repeats it, else the"
                  + " application gets an error. `buffer`: only whole answers are delivered, at the"
                  + " price of waiting for them.")
          .defaultsTo("splice");
  static final Property<Boolean> ASK_USAGE =
      Property.of(
              "stream.ask-usage",
              ValueType.bool(),
              "Whether a stream is asked to report its usage (`stream_options.include_usage`) where the"
                  + " application does not ask. The event that this brings is hidden from the"
                  + " application. A server that is no known provider is asked once a stream has"
                  + " shown that it reports none unasked. An endpoint that refuses the field gets the application's own"
                  + " request at once and is not asked again; without it the usage of streams is"
                  + " estimated.")
          .defaultsTo("true");
  static final Property<Duration> JOIN_WITHIN =
      Property.of(
              "stream.join-within",
              ValueType.duration("1ms", "1h"),
              "How long the application waits, with `splice`, from the break to the first word of"
                  + " another answer that it does not have yet. The new answer has to repeat all"
                  + " that was delivered within that time; then the application gets its error.")
          .defaultsTo("15s");
  public static final Section<StreamConfig> SECTION =
      Section.of("Streams", "", StreamConfig::new, RECOVERY, JOIN_WITHIN, ASK_USAGE);

  private final StreamRecovery recovery;
  private final boolean asksForUsage;
  private final Duration joinWithin;

  StreamConfig(Values values) {
    this.recovery = values.get(RECOVERY);
    this.asksForUsage = values.get(ASK_USAGE);
    this.joinWithin = values.get(JOIN_WITHIN);
  }

  /** From the break of a stream to the first new word of another answer. */
  public Duration joinWithin() {
    return joinWithin;
  }

  public StreamRecovery recovery() {
    return recovery;
  }

  public boolean asksForUsage() {
    return asksForUsage;
  }
}
