package io.flyball.protocol;

import java.nio.ByteBuffer;

/**
 * Reads one answer as its bytes pass by, in constant memory for streams of any length. Not thread
 * safe; never throws for what it is fed; never changes the buffer's position or limit.
 */
public interface ResponseReader {

  /** Looks at the next bytes of the body. */
  void feed(ByteBuffer bytes);

  /** The body ended normally (as the transport sees it). */
  void end();

  /**
   * Whether the first content was seen: text, a tool call or reasoning in a stream; the whole body
   * of a plain answer. Before that nothing the application could use has arrived.
   */
  boolean contentSeen();

  /**
   * Grows with every piece of content that is seen; what only says that the sender lives is none.
   */
  default long contents() {
    return contentSeen() ? 1 : 0;
  }

  /** Whether an error event or an error body was seen. */
  boolean errorSeen();

  /**
   * Whether the error of a stream came when it had content, and a finish reason for every choice:
   * nothing of the answer is missing.
   */
  default boolean isErrorBehindEnd() {
    return false;
  }

  /** Whether the bytes so far are surely those of a stream of events, whatever they are called. */
  default boolean isEvents() {
    return false;
  }

  /** Whether the bytes so far are surely no stream of events, whatever they say. */
  default boolean isNoStream() {
    return false;
  }

  /**
   * Whether it is no stream of events and says enough to be told from an error: content came, or a
   * first object that is none, or it is a page.
   */
  default boolean isOtherAnswer() {
    return false;
  }

  /**
   * Whether it turned out to be text that we cannot read, and no web page: what stands in it, with
   * whatever before it, somebody may have worked for. Known at the end.
   */
  default boolean isUnreadText() {
    return false;
  }

  /** Whether something of the answer itself is there, be it no content yet. */
  default boolean hasBegun() {
    return false;
  }

  /** How many events of a stream could not be parsed so far, be they plain text. */
  int malformedEvents();

  /**
   * How many of them may be left out if a good event comes next, as {@link
   * io.flyball.protocol.sse.MalformedEvents} tells.
   */
  default int removableEvents() {
    return 0;
  }

  /**
   * Whether events of a stream had plain text as their data: it is of a kind that we do not know,
   * and its end is where its sender ends it.
   */
  default boolean hasTextEvents() {
    return false;
  }

  /**
   * Whether an event may have reported usage so far; false only when surely none has, which spares
   * looking for that event.
   */
  default boolean mayHaveUsage() {
    return true;
  }

  /** Whether every choice has ended; what is reported on the answer may still come. */
  default boolean isFinished() {
    return false;
  }

  /** What is known now; cheap enough to be called once per answer, not per event. */
  ResponseFacts facts();

  /**
   * The generated text seen, for content capture and estimates, or null when it was not kept. Kept
   * only up to the limit set with {@link #keepText}.
   */
  String text();

  /** Keep up to that many characters of generated text; the default is 0. Call before feeding. */
  void keepText(int characters);
}
