package io.flyball.engine.recovery;

import io.flyball.engine.meter.ContentDecoder;
import io.flyball.protocol.conversation.answer.StreamContinuation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A stream in gzip whose server flushes its compressor after each event, as it must for the events
 * to arrive one by one. A flush leaves an empty stored block, which begins the next block at a
 * whole byte (RFC 1951, section 3.2.4; {@link Deflater#SYNC_FLUSH}): there, and only there, blocks
 * of our own can follow. So the bytes behind the last flush are held while they make up no whole
 * event. When whole events are there before the flush they are given, and nothing can follow until
 * it comes; when there is the beginning of another one behind them, the server flushes otherwise,
 * and the stream is not joined.
 *
 * <p>The four bytes that end a flush may also stand within compressed text. Whether it was a flush
 * is found out by decoding all that was given, once, before anything is written behind it.
 */
final class GzipCoding extends StreamCoding {
  /** How an empty stored block ends: no bytes of length, and their complement. */
  private static final int FLUSHED = 0x0000FFFF;

  private static final byte[] FLUSH = {0, 0, (byte) 0xFF, (byte) 0xFF};

  /** An empty stored block that is the last one. */
  private static final byte[] LAST_BLOCK = {1, 0, 0, (byte) 0xFF, (byte) 0xFF};

  /** RFC 1952, section 2.3, without any of the optional fields. */
  private static final int HEADER_BYTES = 10;

  /** Of a longer answer the last part is not worth it. */
  private static final int MOST_GIVEN = 1 << 20;

  private final IntPredicate mayKeep;
  private final ContentDecoder decoder = ContentDecoder.ofAll("gzip");

  /** All that was given of the first stream. */
  private final ByteArrayOutputStream given = new ByteArrayOutputStream();

  /** What came behind that. */
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  /** The text in {@link #pending}, and how much of it is in whole events. */
  private int pendingPlain;

  private final ByteArrayOutputStream pendingEvents = new ByteArrayOutputStream();

  /** The last four bytes. */
  private int tail = -1;

  private boolean lost;

  /** Null until something was written by us. */
  private Deflater deflater;

  private final CRC32 checksum = new CRC32();
  private long length;

  /** How many bytes were given when it was found out that something can follow them. */
  private int provenAt = -1;

  /** So many bytes of the flush are still to be given before; more than there are: none helps. */
  private int restOfFlush;

  /**
   * @param mayKeep asked for room for so many bytes, before they are kept
   */
  GzipCoding(IntPredicate mayKeep) {
    this.mayKeep = mayKeep;
  }

  @Override
  ByteBuffer deliver(ByteBuffer bytes, StreamContinuation continuation) {
    byte[] input = new byte[bytes.remaining()];
    bytes.duplicate().get(input);
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    int from = 0;
    for (int i = 0; i < input.length && !lost; i++) {
      tail = tail << 8 | input[i] & 0xFF;
      boolean flushed = tail == FLUSHED;
      if (flushed || i == input.length - 1) {
        deliver(input, from, i + 1 - from, flushed, continuation, passed);
        from = i + 1;
      }
    }
    passed.write(input, from, input.length - from);
    return ByteBuffer.wrap(passed.toByteArray());
  }

  private void deliver(
      byte[] input,
      int offset,
      int count,
      boolean flushed,
      StreamContinuation continuation,
      ByteArrayOutputStream passed) {
    pending.write(input, offset, count);
    ByteBuffer plain;
    try {
      plain = decoder.decoded(ByteBuffer.wrap(input, offset, count));
    } catch (DataFormatException garbage) {
      lose(passed);
      return;
    }
    pendingPlain += plain.remaining();
    append(continuation.deliver(plain), pendingEvents);
    if (continuation.isFailed()) {
      // What came before the error is given as text; if it cannot, the error is not held either.
      if (pendingEvents.size() > 0) {
        if (canWrite()) {
          append(write(ByteBuffer.wrap(pendingEvents.toByteArray())), passed);
        } else {
          lose(passed);
        }
        pendingEvents.reset();
      }
      return;
    }
    boolean whole = pendingEvents.size() == pendingPlain;
    if (whole && (flushed || pendingPlain > 0)) {
      if (given.size() + pending.size() > MOST_GIVEN || !mayKeep.test(pending.size())) {
        lose(passed);
        return;
      }
      byte[] all = pending.toByteArray();
      given.write(all, 0, all.length);
      passed.write(all, 0, all.length);
      nothingPending();
    } else if (pendingEvents.size() > 0) {
      lose(passed);
    }
  }

  private void lose(ByteArrayOutputStream passed) {
    lost = true;
    byte[] all = pending.toByteArray();
    passed.write(all, 0, all.length);
    nothingPending();
    given.reset();
    decoder.close();
  }

  private void nothingPending() {
    pending.reset();
    pendingEvents.reset();
    pendingPlain = 0;
  }

  @Override
  boolean isLost() {
    return lost;
  }

  @Override
  boolean hasWritten() {
    return deflater != null;
  }

  @Override
  boolean canWrite() {
    if (lost) {
      return false;
    }
    if (deflater == null && provenAt != given.size()) {
      provenAt = given.size();
      restOfFlush = 0;
      while (restOfFlush <= FLUSH.length && !isFlushed(flushedBy(restOfFlush))) {
        restOfFlush++;
      }
    }
    return deflater != null || restOfFlush <= FLUSH.length;
  }

  /** What was given, and so many of the bytes that end a flush. */
  private byte[] flushedBy(int count) {
    byte[] bytes = Arrays.copyOf(given.toByteArray(), given.size() + count);
    System.arraycopy(FLUSH, FLUSH.length - count, bytes, given.size(), count);
    return bytes;
  }

  /** Whether these bytes end where a block may begin; then their sum and length are known. */
  private boolean isFlushed(byte[] bytes) {
    // Nothing given: then not even a header, which the pending bytes may have.
    if (bytes.length < HEADER_BYTES || bytes[3] != 0) {
      return false;
    }
    Inflater inflater = new Inflater(true);
    try {
      checksum.reset();
      inflater.setInput(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
      inflateAll(inflater);
      length = inflater.getBytesWritten();
      if (inflater.finished() || inflater.getRemaining() > 0) {
        return false;
      }
      inflater.setInput(LAST_BLOCK);
      inflateAll(inflater);
      return inflater.finished()
          && inflater.getRemaining() == 0
          && inflater.getBytesWritten() == length;
    } catch (DataFormatException within) {
      return false;
    } finally {
      inflater.end();
    }
  }

  private void inflateAll(Inflater inflater) throws DataFormatException {
    byte[] plain = new byte[8192];
    for (int count = inflater.inflate(plain); count > 0; count = inflater.inflate(plain)) {
      checksum.update(plain, 0, count);
    }
  }

  @Override
  ByteBuffer held(StreamContinuation continuation) {
    if (deflater != null) {
      return write(continuation.held());
    }
    byte[] all = pending.toByteArray();
    nothingPending();
    return ByteBuffer.wrap(all);
  }

  @Override
  ByteBuffer passOn(ByteBuffer bytes) throws DataFormatException {
    return deflater == null ? bytes : write(decoder.decoded(bytes));
  }

  @Override
  ByteBuffer write(ByteBuffer plain) {
    if (!plain.hasRemaining()) {
      return NOTHING;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    deflate(plain, Deflater.SYNC_FLUSH, out);
    return ByteBuffer.wrap(out.toByteArray());
  }

  @Override
  ByteBuffer end(ByteBuffer plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    deflate(plain, Deflater.NO_FLUSH, out);
    deflater.finish();
    drain(Deflater.NO_FLUSH, out);
    little(checksum.getValue(), out);
    little(length, out);
    return ByteBuffer.wrap(out.toByteArray());
  }

  private void deflate(ByteBuffer plain, int flush, ByteArrayOutputStream out) {
    if (deflater == null) {
      deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
      out.write(FLUSH, FLUSH.length - restOfFlush, restOfFlush);
    }
    byte[] text = new byte[plain.remaining()];
    plain.duplicate().get(text);
    checksum.update(text, 0, text.length);
    length += text.length;
    deflater.setInput(text);
    drain(flush, out);
  }

  private void drain(int flush, ByteArrayOutputStream out) {
    byte[] piece = new byte[4096];
    for (int count = deflater.deflate(piece, 0, piece.length, flush);
        count > 0;
        count = deflater.deflate(piece, 0, piece.length, flush)) {
      out.write(piece, 0, count);
    }
  }

  private static void append(ByteBuffer from, ByteArrayOutputStream to) {
    byte[] bytes = new byte[from.remaining()];
    from.duplicate().get(bytes);
    to.write(bytes, 0, bytes.length);
  }

  private static void little(long number, ByteArrayOutputStream out) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write((int) (number >>> shift));
    }
  }

  @Override
  void close() {
    decoder.close();
    if (deflater != null) {
      deflater.end();
    }
  }
}
