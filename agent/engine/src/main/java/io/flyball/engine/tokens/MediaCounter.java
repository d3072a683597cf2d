package io.flyball.engine.tokens;

import com.fasterxml.jackson.core.JsonFactory;

/**
 * Counts what images, sounds, films and files of a request are billed as, by what providers say of
 * it ({@code media.yaml}). Of those in the request the heads are read; of a PDF all of it, because
 * its pages count. Takes time in proportion to the request; safe for use by many threads.
 */
public final class MediaCounter {
  private final JsonFactory json = RequestText.factory();

  /**
   * Tokens at most. Where the JSON cannot be read to its end, as many of the dearest as there are
   * said to be.
   *
   * @param provider {@code gen_ai.provider.name}, or null
   * @param model may be null
   * @param body in UTF-8 or something like it
   * @param window tokens that a prompt may have; 0 when that is not known
   * @param media how many there are, as {@link io.flyball.protocol.RequestFacts#media()} says
   */
  public MediaTokens atMost(String provider, String model, byte[] body, long window, long media) {
    return MediaReader.read(json, body, MediaRule.of(provider, model), window, media);
  }

  /** What one of them may be, before anybody has looked at it. */
  public long mostOfOne(String provider, String model, long window) {
    return MediaReader.mostOfOne(MediaRule.of(provider, model), window);
  }
}
