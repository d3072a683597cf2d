package io.flyball.engine.tokens;

import io.flyball.protocol.json.Counts;
import java.util.Arrays;

/** What a prompt holds besides its text, in tokens at most. Immutable. */
public final class MediaTokens {
  public static final MediaTokens NONE = new MediaTokens(0, 0, 0, 0, new long[0]);

  private final long bytes;
  private final long audio;
  private final long image;
  private final long other;

  /** Where they stand in the request, in order: the first byte in the upper half, the end below. */
  private final long[] places;

  /**
   * @param bytes of the request that are no text
   * @param other tokens of what is billed as text: films, files and their pages
   * @param places of {@link #place} each, kept
   */
  MediaTokens(long bytes, long audio, long image, long other, long[] places) {
    this.bytes = bytes;
    this.audio = audio;
    this.image = image;
    this.other = other;
    this.places = places;
    Arrays.sort(places);
  }

  /**
   * @param start of what is in the string, behind its first quote
   * @param end the quote behind it
   */
  static long place(int start, int end) {
    return (long) start << 32 | end;
  }

  /** Whether the string whose first quote stands there is one of them, or its address. */
  boolean isMedium(int quote) {
    return next(quote) == quote + 1;
  }

  /** Where the first one begins that does not begin before; {@link Integer#MAX_VALUE}: nowhere. */
  int next(int from) {
    int index = Arrays.binarySearch(places, place(from, 0));
    index = index < 0 ? -index - 1 : index;
    return index < places.length ? (int) (places[index] >>> 32) : Integer.MAX_VALUE;
  }

  /** Where the one ends that begins there. */
  int end(int start) {
    int index = -Arrays.binarySearch(places, place(start, 0)) - 1;
    return (int) places[index];
  }

  /** How many bytes of the request are media in themselves, and no text for the model. */
  public long bytes() {
    return bytes;
  }

  /** Tokens of sounds. */
  public long audio() {
    return audio;
  }

  /** Tokens of images. */
  public long image() {
    return image;
  }

  /** Tokens of all of it. */
  public long total() {
    return Counts.plus(other, Counts.plus(audio, image));
  }
}
