package io.flyball.protocol.sse;

/** Takes what a {@link SseSplitter} finds. */
public interface SseSink {

  /** A block of the stream is there. */
  void event(SseEvent event);

  /** Bytes of an event that is larger than the splitter keeps. */
  default void passedOver(byte[] bytes, int offset, int length) {}

  /**
   * An event begins that is larger than the splitter keeps: its raw bytes go to {@link
   * #passedOver}, and the rest of its data to {@link #moreData}.
   *
   * @param beginning its name and data as far as whole lines of them were kept
   */
  default void longEvent(SseEvent beginning) {}

  /** The next bytes of the data of a long event; between two of its lines, a line feed. */
  default void moreData(byte[] bytes, int offset, int count) {}

  /** A long event has ended. */
  default void longEventEnded() {}

  /**
   * The line feed of a CR LF whose carriage return ended the last event: it arrived later, and the
   * event was not held back for it.
   */
  default void lateLineFeed() {}
}
