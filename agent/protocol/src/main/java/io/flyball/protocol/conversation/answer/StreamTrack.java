package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonTree;
import io.flyball.protocol.sse.SseEvent;
import java.nio.charset.StandardCharsets;

/**
 * What the application was given of one protocol's stream, and how another stream takes the place
 * of the rest. Not thread safe.
 */
abstract class StreamTrack {
  final DeliveredLog log = new DeliveredLog();
  final JsonScan json = new JsonScan();

  /** Says what is delivered; always at the end of the log. */
  final LogCursor head = new LogCursor(log);

  private boolean complete;
  private boolean begun;

  /** Null when streams of this protocol cannot be joined. */
  static StreamTrack of(String protocolId) {
    switch (protocolId) {
      case "openai.chat":
        return new ChatTrack();
      case "openai.responses":
        return new ResponsesTrack();
      case "anthropic.messages":
        return new MessagesTrack();
      case "gemini.generate":
        return new GeminiTrack();
      default:
        return null;
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether the application has all of the answer: a missing end is no loss. */
  final boolean isComplete() {
    return complete;
  }

  final void complete() {
    complete = true;
  }

  /** Whether the application was given an event that says something. */
  final boolean isBegun() {
    return begun;
  }

  final void begin() {
    begun = true;
  }

  /** An event goes to the application as it is. */
  final void deliver(SseEvent event) {
    if (event.dataLength() == 0) {
      return;
    }
    if (event.dataIs("[DONE]")) {
      doneDelivered();
      return;
    }
    json.over(event.dataArray(), event.dataOffset(), event.dataLength());
    delivered(event.name());
    begun = true;
    if (json.isBroken()) {
      log.giveUp();
    }
  }

  /** The stream's last event, which no blank line ends; tells whether it completes the answer. */
  final boolean completes(SseEvent event) {
    int before = log.length();
    deliver(event);
    if (!complete) {
      log.cutTo(before);
    }
    return complete;
  }

  void doneDelivered() {}

  /** Reads {@link #json}, an event's data, and says to {@link #head} what it brings. */
  abstract void delivered(String eventName);

  /** An event of the new stream, whose data is an object. */
  abstract void join(JsonTree data, String eventName, Joint.Event event);

  /** The new stream says that it is done. */
  void joinDone(Joint.Event event) {}
}
