package io.flyball.protocol.sse;

/** Takes what a {@link SseSplitter} finds. */
public interface SseSink {

  /** A block of the stream is there. */
  void event(SseEvent event);

  /** Bytes of an event that is larger than the splitter keeps. */
  default void passedOver(byte[] bytes, int offset, int length) {}

  /**
   * The line feed of a CR LF whose carriage return ended the last event: it arrived later, and the
   * event was not held back for it.
   */
  default void lateLineFeed() {}
}
