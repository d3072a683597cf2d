package io.flyball.engine.config;

import io.flyball.engine.recovery.StreamRecovery;

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
                  + " application. An endpoint that refuses the field gets the application's own"
                  + " request at once and is not asked again; without it the usage of streams is"
                  + " estimated.")
          .defaultsTo("true");
  static final Section SECTION = new Section("Streams", "", RECOVERY, ASK_USAGE);

  private final StreamRecovery recovery;
  private final boolean asksForUsage;

  StreamConfig(Values values) {
    this.recovery = values.get(RECOVERY);
    this.asksForUsage = values.get(ASK_USAGE);
  }

  public StreamRecovery recovery() {
    return recovery;
  }

  public boolean asksForUsage() {
    return asksForUsage;
  }
}
