package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;
import io.flyball.protocol.failure.ErrorWords;
import io.flyball.protocol.json.JsonTree;

/** Reads an answer in one provider's words and tells a sink in none. Not thread safe. */
abstract class AnswerSource {
  private final AnswerSink sink;
  private final String targetModel;
  private String model;
  private boolean started;
  private boolean ended;
  private int calls;
  private StopReason reason;
  private Usage usage;

  /**
   * @param targetModel what the model is called as long as the answer does not say
   */
  AnswerSource(AnswerSink sink, String targetModel) {
    this.sink = sink;
    this.targetModel = targetModel;
  }

  /** Null when there is no source for this protocol. */
  static AnswerSource of(String protocolId, AnswerSink sink, String targetModel) {
    switch (protocolId) {
      case "openai.chat":
        return new ChatSource(sink, targetModel);
      case "anthropic.messages":
        return new MessagesSource(sink, targetModel);
      case "gemini.generate":
        return new GeminiSource(sink, targetModel);
      default:
        return null;
    }
  }

  /** A whole answer that is no stream. */
  abstract void document(JsonTree document) throws UnusableAnswerException;

  /**
   * The data of one event.
   *
   * @param name the event's name, or null
   */
  abstract void event(String name, JsonTree data) throws UnusableAnswerException;

  /** The stream said {@code [DONE]}. */
  void done() throws UnusableAnswerException {}

  /** Whether all that matters was there, if the stream ended now. */
  abstract boolean mayEnd();

  /** The stream is over, as the transport sees it. */
  final void over() throws UnusableAnswerException {
    if (!ended) {
      if (!mayEnd()) {
        throw UnusableAnswerException.incomplete();
      }
      end();
    }
  }

  final boolean isEnded() {
    return ended;
  }

  /** Throws when the object has an error. */
  static void failIfError(JsonTree data) throws UnusableAnswerException {
    JsonTree error = data.get("error");
    if (ErrorWords.saySomething(error)) {
      throw UnusableAnswerException.failed(errorName(error));
    }
    if ("error".equals(text(data, "object"))) {
      throw UnusableAnswerException.failed(text(data, "type"));
    }
  }

  private static String errorName(JsonTree error) {
    String code = text(error, "code");
    if (code != null) {
      return code;
    }
    String type = text(error, "type");
    return type != null ? type : text(error, "status");
  }

  static String text(JsonTree object, String field) {
    JsonTree value = object.get(field);
    return value == null ? null : value.text();
  }

  /** The object of that name, or null. */
  static JsonTree object(JsonTree parent, String field) {
    JsonTree value = parent == null ? null : parent.get(field);
    return value != null && value.isObject() ? value : null;
  }

  static long count(JsonTree object, String field) {
    JsonTree value = object == null ? null : object.get(field);
    Long count = value == null ? null : value.integer();
    return count == null ? 0 : Math.max(0, count);
  }

  final void model(String name) {
    if (model == null && name != null && !name.isEmpty()) {
      model = name;
    }
  }

  final void start() {
    if (!started) {
      started = true;
      sink.start(model != null ? model : targetModel, usage);
    }
  }

  final void content(String piece) {
    if (piece != null && !piece.isEmpty() && !ended) {
      start();
      sink.text(piece);
    }
  }

  final void refused(String piece) {
    if (piece != null && !piece.isEmpty() && !ended) {
      start();
      sink.refusal(piece);
    }
  }

  final void call(String id, String name) throws UnusableAnswerException {
    if (name == null || name.isEmpty()) {
      throw UnusableAnswerException.malformed("a tool call without a name");
    }
    if (!ended) {
      start();
      calls++;
      sink.toolCall(id == null || id.isEmpty() ? null : id, name);
    }
  }

  final void arguments(String piece) throws UnusableAnswerException {
    if (piece == null || piece.isEmpty() || ended) {
      return;
    }
    if (calls == 0) {
      throw UnusableAnswerException.malformed("tool arguments before a tool call");
    }
    sink.arguments(piece);
  }

  final void reason(StopReason why) {
    reason = why;
  }

  final boolean hasContent() {
    return started;
  }

  final boolean hasReason() {
    return reason != null;
  }

  /** The last usage told counts. */
  final void usage(Usage reported) {
    usage = reported;
  }

  /** Many servers say stop where tools are called. */
  final void end() throws UnusableAnswerException {
    if (ended) {
      return;
    }
    start();
    ended = true;
    StopReason why = reason == null ? StopReason.STOP : reason;
    sink.end(why == StopReason.STOP && calls > 0 ? StopReason.TOOL_CALLS : why, usage);
  }
}
