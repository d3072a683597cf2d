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
  static final Section SECTION = new Section("Streams", "", RECOVERY);

  private final StreamRecovery recovery;

  StreamConfig(Values values) {
    this.recovery = values.get(RECOVERY);
  }

  public StreamRecovery recovery() {
    return recovery;
  }
}
