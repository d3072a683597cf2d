package io.flyball.engine.budget;

import io.flyball.protocol.json.Counts;

/** How many tokens a prompt may be billed as at most, and of what kind. Immutable. */
public final class MostInput {
  private final long tokens;
  private final long audio;
  private final long image;

  private MostInput(long tokens, long audio, long image) {
    this.tokens = tokens;
    this.audio = audio;
    this.image = image;
  }

  /** Of nothing but text. */
  static MostInput ofText(long tokens) {
    return new MostInput(tokens, 0, 0);
  }

  /** With so many tokens more, of which some are of sounds or images. */
  MostInput plus(long more, long ofAudio, long ofImage) {
    return new MostInput(
        Counts.plus(tokens, more), Counts.plus(audio, ofAudio), Counts.plus(image, ofImage));
  }

  /** The same, and no fewer tokens than so many. */
  MostInput atLeast(long reported) {
    return new MostInput(Math.max(tokens, reported), audio, image);
  }

  /** All of them. */
  public long tokens() {
    return tokens;
  }

  /** Those of sounds. */
  long audio() {
    return audio;
  }

  /** Those of images. */
  long image() {
    return image;
  }
}
