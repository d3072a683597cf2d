package io.flyball.engine.recovery;

import io.flyball.engine.meter.ContentDecoder;
import io.flyball.protocol.conversation.answer.StreamContinuation;
import io.flyball.wire.Headers;
import java.nio.ByteBuffer;
import java.util.function.IntPredicate;
import java.util.zip.DataFormatException;

/**
 * Between the bytes of a stream, as its Content-Encoding writes them, and its events, which {@link
 * StreamContinuation} knows. As long as the first stream lasts the application gets its very bytes;
 * what another stream gives is written behind them in the same encoding. Not thread safe.
 */
abstract class StreamCoding {
  static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /**
   * Null when nothing can be written behind half a stream with these headers. What still has its
   * length, although it may be a stream, was not written while a model answered, and clients hold
   * what is read against that length.
   *
   * @param mayKeep asked for room for so many bytes, before they are kept
   */
  static StreamCoding of(Headers headers, IntPredicate mayKeep) {
    if (headers.first("Content-Length") != null) {
      return null;
    }
    String encoding = headers.first("Content-Encoding");
    if (ContentDecoder.isPlain(encoding)) {
      return new Plain();
    }
    String name = encoding.trim();
    boolean gzip = name.equalsIgnoreCase("gzip") || name.equalsIgnoreCase("x-gzip");
    return gzip ? new GzipCoding(mayKeep) : null;
  }

  /**
   * Takes the next bytes of the first stream, tells the continuation of their events, and gives
   * what the application is to be given now.
   */
  abstract ByteBuffer deliver(ByteBuffer bytes, StreamContinuation continuation);

  /**
   * Whether the stream turned out to be written so that nothing can be put behind a part of it:
   * then all that came was given, and the continuation knows less than the application.
   */
  abstract boolean isLost();

  /** Whether the encoding of what comes next is ours, and has to be ended. */
  abstract boolean hasWritten();

  /** Whether something can be written where the application stands now. */
  abstract boolean canWrite();

  /** What came of the first stream and was not given, when no other one goes on. */
  abstract ByteBuffer held(StreamContinuation continuation);

  /** The next bytes of the first stream, once nothing of it is held any more. */
  abstract ByteBuffer passOn(ByteBuffer bytes) throws DataFormatException;

  /** Text behind all that was given; only where {@link #canWrite} says so. */
  abstract ByteBuffer write(ByteBuffer plain);

  /** The last text, and what ends the encoding; only where {@link #canWrite} says so. */
  abstract ByteBuffer end(ByteBuffer plain);

  /** Gives the memory outside the heap back. */
  abstract void close();

  private static final class Plain extends StreamCoding {
    @Override
    ByteBuffer deliver(ByteBuffer bytes, StreamContinuation continuation) {
      return continuation.deliver(bytes);
    }

    @Override
    boolean isLost() {
      return false;
    }

    @Override
    boolean hasWritten() {
      return false;
    }

    @Override
    boolean canWrite() {
      return true;
    }

    @Override
    ByteBuffer held(StreamContinuation continuation) {
      return continuation.held();
    }

    @Override
    ByteBuffer passOn(ByteBuffer bytes) {
      return bytes;
    }

    @Override
    ByteBuffer write(ByteBuffer plain) {
      return plain;
    }

    @Override
    ByteBuffer end(ByteBuffer plain) {
      return plain;
    }

    @Override
    void close() {}
  }
}
