package io.flyball.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;

/**
 * JSON documents that arrive in pieces, one after the other, read along a shape. Memory does not
 * grow with a document, only with its longest single string, and not with that either where {@link
 * #cuttingLongStrings} is wanted. Not thread safe; never throws for what it is fed.
 */
public final class JsonFeed<T> {
  private static final byte[] BREAK = {'\n'};

  /** Bytes; more than the longest text that models write in one answer today. */
  private static final int LONGEST_STRING = 256 << 10;

  private final JsonWalk<T> walk;
  private JsonParser parser;

  /** Null where strings are read whole. */
  private LongStrings longStrings;

  private boolean broken;

  public JsonFeed(JsonShape<T> shape, T target) {
    this.walk = new JsonWalk<>(shape, target);
  }

  /** From the next document on strings longer than any text are read only as far as that. */
  public JsonFeed<T> cuttingLongStrings() {
    longStrings = new LongStrings(LONGEST_STRING, this::parse);
    return this;
  }

  /** The next bytes of the document at hand; ignored once it is broken. */
  public void feed(byte[] bytes, int offset, int length) {
    if (broken || length == 0) {
      return;
    }
    try {
      if (parser == null) {
        parser = Json.FACTORY.createNonBlockingByteArrayParser();
      }
      if (longStrings == null) {
        parse(bytes, offset, length);
      } else {
        longStrings.feed(bytes, offset, length);
      }
    } catch (IOException | RuntimeException e) {
      broken = true;
    }
  }

  private void parse(byte[] bytes, int offset, int length) throws IOException {
    if (length > 0) {
      feeder().feedInput(bytes, offset, offset + length);
      walk.advance(parser);
    }
  }

  private ByteArrayFeeder feeder() {
    return (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
  }

  /**
   * Whether more is to come of the document at hand: it could be read so far and has not ended, or
   * not begun.
   */
  public boolean isInside() {
    return !broken && walk.isInside();
  }

  /** Whether the document at hand cannot be read. */
  public boolean isBroken() {
    return broken;
  }

  /**
   * Ends the document at hand and makes ready for the next one.
   *
   * @return whether it was exactly one JSON object, or one array of objects
   */
  public boolean endDocument() {
    feed(BREAK, 0, 1);
    boolean whole = !broken && walk.isWhole();
    if (!whole) {
      release();
    }
    broken = false;
    if (longStrings != null) {
      longStrings.reset();
    }
    walk.reset();
    return whole;
  }

  /** Gives the parser's buffers back; the feed can be used on. */
  public void release() {
    if (parser != null) {
      try {
        parser.close();
      } catch (IOException e) {
        throw new AssertionError("closing a parser over memory does no I/O", e);
      }
      parser = null;
    }
  }
}
