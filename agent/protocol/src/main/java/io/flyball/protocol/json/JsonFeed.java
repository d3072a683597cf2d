package io.flyball.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;

/**
 * JSON documents that arrive in pieces, one after the other, read along a shape. Memory does not
 * grow with a document, only with its longest single string. Not thread safe; never throws for what
 * it is fed.
 */
public final class JsonFeed<T> {
  private static final byte[] BREAK = {'\n'};

  private final JsonWalk<T> walk;
  private JsonParser parser;
  private boolean broken;

  public JsonFeed(JsonShape<T> shape, T target) {
    this.walk = new JsonWalk<>(shape, target);
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
      feeder().feedInput(bytes, offset, offset + length);
      walk.advance(parser);
    } catch (IOException | RuntimeException e) {
      broken = true;
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
