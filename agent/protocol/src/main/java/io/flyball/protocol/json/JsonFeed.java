package io.flyball.protocol.json;

/**
 * JSON documents that arrive in pieces, one after the other, read along a shape as leniently as any
 * parser might read them ({@link JsonTokens}). Memory does not grow with a document. Not thread
 * safe; never throws for what it is fed.
 */
public final class JsonFeed<T> {
  /** Bytes; more than the longest text that models write in one answer today. */
  private static final int LONGEST_STRING = 256 << 10;

  private final JsonWalk<T> walk;
  private final JsonTokens tokens;

  public JsonFeed(JsonShape<T> shape, T target) {
    this.walk = new JsonWalk<>(shape, target);
    this.tokens = new JsonTokens(walk, LONGEST_STRING);
  }

  /** The next bytes of the document at hand; ignored behind its end and behind a mistake. */
  public void feed(byte[] bytes, int offset, int length) {
    tokens.feed(bytes, offset, length);
  }

  /**
   * Whether more is to come of the document at hand: it could be read so far and has not ended, or
   * not begun.
   */
  public boolean isInside() {
    return !tokens.isOver() && !tokens.isMistaken();
  }

  /** Whether the document at hand has a mistake that no parser passes over. */
  public boolean isBroken() {
    return tokens.isMistaken();
  }

  /** How many bytes of the document at hand were not read because they came behind a mistake. */
  public long unread() {
    return tokens.unread();
  }

  /**
   * Ends the document at hand and makes ready for the next one.
   *
   * @return whether it began with a whole JSON object, or a whole array of objects
   */
  public boolean endDocument() {
    tokens.end();
    boolean whole = tokens.isOver() && walk.hasObject();
    tokens.reset();
    walk.reset();
    return whole;
  }
}
