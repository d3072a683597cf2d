package io.flyball.engine.config;

import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;

/** {@code flyball.content.*}: whether prompts and answers are kept. */
public final class ContentConfig {
  static final Property<Boolean> CAPTURE =
      Property.of(
              "content.capture",
              ValueType.bool(),
              "Whether prompts and answers are kept at all: they may hold personal data.")
          .defaultsTo("false");
  static final Property<Double> SAMPLE =
      Property.of(
              "content.sample",
              ValueType.percent(),
              "Of how many calls, picked at random, content is kept when it is captured.")
          .defaultsTo("100%")
          .example("5%");
  static final Property<Boolean> REDACT =
      Property.of(
              "content.redact",
              ValueType.bool(),
              "Whether secrets and personal data are replaced in what is kept.")
          .defaultsTo("true")
          .needingRestart();
  public static final Section<ContentConfig> SECTION =
      Section.of("Content", "", ContentConfig::new, CAPTURE, SAMPLE, REDACT);

  private final boolean capture;
  private final double sample;
  private final boolean redact;

  ContentConfig(Values values) {
    this.capture = values.get(CAPTURE);
    this.sample = values.get(SAMPLE);
    this.redact = values.get(REDACT);
  }

  public boolean capture() {
    return capture;
  }

  /** The share of calls, from 0 to 1, whose content is kept when {@link #capture()} is on. */
  public double sample() {
    return sample;
  }

  public boolean redact() {
    return redact;
  }
}
