package io.flyball.engine.tokens;

import com.fasterxml.jackson.core.JsonFactory;

/**
 * Counts what images, sounds, films and files of a request are billed as, by what providers say of
 * it ({@code media.yaml}). Of those in the request the heads are read; of a PDF all of it, because
 * its pages count. Takes time in proportion to the request; safe for use by many threads.
 */
public final class MediaCounter {
  private final JsonFactory json = new JsonFactory();

  /**
   * Tokens at most; those of broken JSON are what stands before the break.
   *
   * @param provider {@code gen_ai.provider.name}, or null
   * @param model may be null
   * @param window tokens that a prompt may have; 0 when that is not known
   */
  public MediaTokens atMost(String provider, String model, byte[] body, long window) {
    return MediaReader.read(json, body, MediaRule.of(provider, model), window);
  }

  /** What one of them may be, before anybody has looked at it. */
  public long mostOfOne(String provider, String model, long window) {
    MediaRule rule = MediaRule.of(provider, model);
    return Math.max(MediaReader.windowOr(window), rule.image(0, 0, null, true));
  }
}
