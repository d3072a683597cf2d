package io.flyball.engine;

import io.flyball.engine.pipeline.Pipeline;
import java.util.concurrent.ThreadLocalRandom;

/** Settings with what is made of them once. Immutable. */
final class Snapshot {
  final EngineSettings settings;
  final Recogniser recogniser;
  final Pipeline pipeline;

  /** Of calls that no policy may touch. */
  final Pipeline bypassing;

  /** Of calls whose request cannot be read. */
  final Pipeline unread;

  /** Of calls that are known by their bodies alone. */
  final Pipeline guarding;

  Snapshot(
      EngineSettings settings,
      Pipeline pipeline,
      Pipeline bypassing,
      Pipeline unread,
      Pipeline guarding) {
    this.guarding = guarding;
    this.settings = settings;
    this.recogniser = settings.recogniser();
    this.pipeline = pipeline;
    this.bypassing = bypassing;
    this.unread = unread;
  }

  /** 0 for a call that is not captured. */
  int captureCharacters() {
    double share = settings.captureShare();
    return share > 0 && ThreadLocalRandom.current().nextDouble() < share
        ? settings.captureCharacters()
        : 0;
  }
}
