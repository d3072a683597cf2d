package io.flyball.protocol.sse;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Takes certain events out of a stream. The bytes of all others leave exactly as they came, each
 * event as soon as its last byte is there. A body that turns out to be a JSON document goes on at
 * once, as it comes. Not thread safe; never throws for what it is fed.
 */
public final class SseFilter {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final Predicate<SseEvent> unwanted;
  private final SseSplitter splitter;
  private byte[] out = new byte[0];
  private int length;
  private boolean lastRemoved;
  private int removed;
  private boolean begun;
  private boolean document;

  /**
   * @param unwanted tells which events to take out; is also asked for events without data
   */
  public SseFilter(Predicate<SseEvent> unwanted) {
    this.unwanted = unwanted;
    this.splitter = new SseSplitter(new Output());
  }

  /** How many events were taken out. */
  public int removed() {
    return removed;
  }

  /**
   * Takes the next bytes of the stream and gives those that can go on, in a buffer of the
   * receiver's own. It is empty while an event is incomplete, and may hold more than was fed.
   */
  public ByteBuffer feed(ByteBuffer bytes) {
    if (!begun) {
      begin(bytes);
    }
    if (document) {
      byte[] all = new byte[bytes.remaining()];
      bytes.get(all);
      put(all, 0, all.length);
    } else {
      splitter.feed(bytes);
    }
    return takeOut();
  }

  /** No line of an event stream begins with a bracket; lines before the first may be empty. */
  private void begin(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit() && !begun; i++) {
      byte b = bytes.get(i);
      begun = b != '\r' && b != '\n';
      document = b == '{' || b == '[';
    }
    if (document) {
      splitter.end();
    }
  }

  /** The stream is over: gives what was still held back. */
  public ByteBuffer end() {
    splitter.end();
    return takeOut();
  }

  private ByteBuffer takeOut() {
    if (length == 0) {
      return NOTHING.duplicate();
    }
    ByteBuffer result = ByteBuffer.wrap(out, 0, length);
    out = new byte[0];
    length = 0;
    return result;
  }

  private void put(byte[] bytes, int offset, int count) {
    int needed = length + count;
    if (needed > out.length) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, needed));
    }
    System.arraycopy(bytes, offset, out, length, count);
    length = needed;
  }

  private final class Output implements SseSink {
    @Override
    public void event(SseEvent event) {
      lastRemoved = unwanted.test(event);
      if (lastRemoved) {
        removed++;
      } else {
        put(event.rawArray(), 0, event.rawLength());
      }
    }

    @Override
    public void passedOver(byte[] bytes, int offset, int count) {
      lastRemoved = false;
      put(bytes, offset, count);
    }

    @Override
    public void lateLineFeed() {
      if (!lastRemoved) {
        put(new byte[] {'\n'}, 0, 1);
      }
    }
  }
}
