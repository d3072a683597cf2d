package io.flyball.wire;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * A response body as an asynchronous pull. One read at a time; the reader that asks slowly slows
 * the sender down.
 */
public interface Body {

  /**
   * The next bytes (at least one), or null at the normal end. Completes exceptionally, with the
   * client's own exception, when the body cannot be read to its end. After the end or a failure
   * every further read gives the same again, unless it {@link #goesOnAfter goes on}.
   *
   * <p>The body of a blocking client reads on the calling thread and returns a completed stage. The
   * buffer belongs to the receiver.
   */
  CompletionStage<ByteBuffer> read();

  /**
   * Bytes that the next reads give without waiting, as far as that is known: 0 also where it is
   * not. Where it is more than 0, a read completes at once. Never blocks and never throws; not
   * asked while a read is under way.
   */
  default int available() {
    return 0;
  }

  /**
   * Whether the read that has just failed so is no end: the client has waited for as long as it was
   * told to, its connection lasts, and the next read may give more. Nobody may take it for broken
   * off before the application has had that failure, and may read on.
   *
   * @param failure what the latest read gave
   */
  default boolean goesOnAfter(Throwable failure) {
    return false;
  }

  /**
   * No more reads: frees the connection, cancelling the exchange when the end was not reached. May
   * be called at any time, from any thread, more than once; a pending read then fails.
   */
  void close();
}
