package io.flyball.engine;

import io.flyball.engine.pipeline.Pipeline;
import java.util.concurrent.ThreadLocalRandom;

/** Settings with what is made of them once. Immutable. */
final class Snapshot {
  final EngineSettings settings;
  final Recogniser recogniser;
  final Pipeline pipeline;

  Snapshot(EngineSettings settings, Pipeline pipeline) {
    this.settings = settings;
    this.recogniser = settings.recogniser();
    this.pipeline = pipeline;
  }

  /** 0 for a call that is not captured. */
  int captureCharacters() {
    double share = settings.captureShare();
    return share > 0 && ThreadLocalRandom.current().nextDouble() < share
        ? settings.captureCharacters()
        : 0;
  }
}
