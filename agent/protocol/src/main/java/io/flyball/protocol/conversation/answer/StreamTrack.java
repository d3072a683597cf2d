package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonTree;
import io.flyball.protocol.sse.SseEvent;
import java.nio.charset.StandardCharsets;

/**
 * What the application was given of one protocol's stream, and how another stream takes the place
 * of the rest. Not thread safe.
 */
abstract class StreamTrack {
  private static final int LONGEST_DONE = 32;

  final DeliveredLog log = new DeliveredLog();
  final JsonScan json = new JsonScan();

  /** Says what is delivered; always at the end of the log. */
  final LogCursor head = new LogCursor(log);

  private boolean complete;
  private boolean openEnded;
  private boolean severalChoices;
  private boolean named;
  private boolean superseded;
  private boolean text;

  /** The first stream's last event, in the log but not handed on yet; null when there is none. */
  private byte[] owed;

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

  /** A choice has its finish reason: with others beside it that is not the end. */
  final void choiceFinished() {
    complete |= !openEnded && !severalChoices;
  }

  /** There was more after a finish reason: this stream's say nothing of its end. */
  final void goesOnAfterFinish() {
    openEnded = true;
    complete = false;
  }

  /** Whether only the transport tells where this stream ends. */
  final boolean isOpenEnded() {
    return openEnded;
  }

  /** Which one is where cannot be told from another stream. */
  final void severalChoices() {
    severalChoices = true;
    log.giveUp();
  }

  /** Whether the application was given an event that is no JSON. */
  final boolean hasText() {
    return text;
  }

  /** Whether events of the stream that is handed on have names of their own. */
  final boolean isNamed() {
    return named;
  }

  /** An event goes to the application as it is. */
  final void deliver(SseEvent event) {
    if (event.dataLength() == 0) {
      return;
    }
    if (isDone(event)) {
      doneDelivered();
      return;
    }
    named |= event.name() != null;
    json.over(event.dataArray(), event.dataOffset(), event.dataLength());
    delivered(event.name());
    if (json.isBroken() || !isStructure(event)) {
      // Where it would stand in another stream nobody can tell.
      text = true;
      log.giveUp();
    }
  }

  /** Whether it begins as JSON does. */
  static boolean isStructure(SseEvent event) {
    byte first = event.dataArray()[event.dataOffset()];
    return first == '{' || first == '[' || first == '/' || first == ' ';
  }

  /** Some servers end the line with a blank. */
  static boolean isDone(SseEvent event) {
    return event.dataIs("[DONE]")
        || (event.dataLength() > 0
            && event.dataLength() < LONGEST_DONE
            && event.dataArray()[event.dataOffset()] == '['
            && new String(event.data(), StandardCharsets.US_ASCII).trim().equals("[DONE]"));
  }

  // ---- what the first stream had left when it broke

  /** The event counts as delivered, and is handed on before anything of another stream. */
  final void owe(SseEvent event) {
    deliver(event);
    owed = TornEvents.ended(event);
  }

  /** The last event was handed on without its blank line, which comes before all else. */
  final void oweLine() {
    byte[] after = owed == null ? new byte[0] : owed;
    owed = new byte[after.length + 1];
    owed[0] = '\n';
    System.arraycopy(after, 0, owed, 1, after.length);
  }

  /** Something of another stream is handed on: what the first one had left is settled. */
  final void supersede(EventOutput output) {
    if (owed != null) {
      output.raw(owed, 0, owed.length);
      owed = null;
    }
    superseded = true;
  }

  /** Whether something of another stream was handed on. */
  final boolean isSuperseded() {
    return superseded;
  }

  void doneDelivered() {}

  /** The last event that a complete answer lacks; nothing where it has one, or needs none. */
  byte[] missingEnd() {
    return new byte[0];
  }

  /** Reads {@link #json}, an event's data, and says to {@link #head} what it brings. */
  abstract void delivered(String eventName);

  /** An event of the new stream, whose data is an object. */
  abstract void join(JsonTree data, String eventName, Joint.Event event);

  /** The new stream says that it is done. */
  void joinDone(Joint.Event event) {}
}
