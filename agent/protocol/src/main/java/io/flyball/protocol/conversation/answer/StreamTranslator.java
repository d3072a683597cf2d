package io.flyball.protocol.conversation.answer;

import java.nio.ByteBuffer;

/**
 * Translates one stream while it comes; each event leaves as soon as it is understood. Memory does
 * not grow with the stream, except for the responses API, whose last event repeats all of it, and
 * for a tool call on its way to Gemini. A body that is no stream but a document becomes one at its
 * end. Not thread safe.
 */
public final class StreamTranslator {
  private final AnswerSource source;
  private final Body body;
  private final EventOutput events;

  StreamTranslator(AnswerSource source, EventOutput events) {
    this.source = source;
    this.body = new Body(source);
    this.events = events;
  }

  /**
   * Takes the next bytes, leaving the buffer's position, and gives those that can go on: whole
   * events, or nothing.
   *
   * @throws UnusableAnswerException as soon as everything before the trouble was given
   */
  public ByteBuffer feed(ByteBuffer bytes) throws UnusableAnswerException {
    body.feed(bytes);
    return take();
  }

  /**
   * The target's stream is over, as the transport sees it. When this throws, the application's body
   * must fail and never end normally.
   */
  public ByteBuffer end() throws UnusableAnswerException {
    body.end();
    if (body.failure() != null) {
      throw body.failure();
    }
    return events.take();
  }

  /** Whether the translated stream was given up to its end: what may still come is no matter. */
  public boolean isComplete() {
    return source.isEnded() && body.failure() == null;
  }

  /** How many events were no JSON objects and were left out. */
  public int malformedEvents() {
    return body.malformedEvents();
  }

  private ByteBuffer take() throws UnusableAnswerException {
    if (events.isEmpty() && body.failure() != null) {
      throw body.failure();
    }
    return events.take();
  }
}
