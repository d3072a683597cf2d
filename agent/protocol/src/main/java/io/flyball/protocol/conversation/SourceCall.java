package io.flyball.protocol.conversation;

import io.flyball.protocol.RequestFacts;

/** Which API the application called, for which model and where. Immutable. */
final class SourceCall {
  enum Api {
    CHAT,
    RESPONSES,
    MESSAGES,
    GENERATE,
    /** Calls whose answer means nothing but for the very model: embeddings, counted tokens. */
    OTHER
  }

  private static final String OPENAI = "openai.";
  private static final String ANTHROPIC = "anthropic.";
  private static final String GEMINI = "gemini.";
  private static final String STREAM = ":streamGenerateContent";

  final Api api;
  final String model;
  final String path;

  /** Null when there is none. */
  final String query;

  final boolean stream;
  private final String protocol;

  SourceCall(RequestFacts facts, String pathAndQuery) {
    String whole = pathAndQuery == null ? "" : pathAndQuery;
    int question = whole.indexOf('?');
    this.path = question < 0 ? whole : whole.substring(0, question);
    this.query = question < 0 ? null : whole.substring(question + 1);
    this.protocol = facts.protocol().id();
    this.api = api(protocol, path);
    this.stream = api == Api.GENERATE ? path.endsWith(STREAM) : facts.stream();
    this.model = facts.model();
  }

  private static Api api(String protocol, String path) {
    if (protocol.startsWith(GEMINI)) {
      boolean generates = path.endsWith(":generateContent") || path.endsWith(STREAM);
      return generates ? Api.GENERATE : Api.OTHER;
    }
    switch (protocol) {
      case "openai.chat":
        return Api.CHAT;
      case "openai.responses":
        return Api.RESPONSES;
      case "anthropic.messages":
        return Api.MESSAGES;
      default:
        return Api.OTHER;
    }
  }

  /** {@code embeddings}, {@code count_tokens} and the like. */
  String operation() {
    return protocol.substring(protocol.indexOf('.') + 1);
  }

  boolean isSpokenBy(TargetModel target) {
    if (api == Api.RESPONSES && target.protocol().equals(TargetModel.OPENAI_CHAT)) {
      return false;
    }
    switch (target.protocol()) {
      case TargetModel.ANTHROPIC:
        return protocol.startsWith(ANTHROPIC);
      case TargetModel.GEMINI:
        return protocol.startsWith(GEMINI);
      default:
        return protocol.startsWith(OPENAI);
    }
  }

  /** Whether a stream of Gemini's comes as events, and not as one array. */
  boolean isEventStream() {
    return "sse".equals(Paths.parameter(query, "alt"))
        || "sse".equals(Paths.parameter(query, "$alt"));
  }

  /** The part of the path behind the last colon or, without one, behind the last slash. */
  String method() {
    return path.substring(Math.max(path.lastIndexOf(':'), path.lastIndexOf('/')) + 1);
  }
}
