package io.flyball.protocol.openai;

import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseReader;

/**
 * The APIs of OpenAI that generate or embed, as OpenAI and the many compatible servers speak them.
 */
enum OpenAiApi implements Protocol {
  CHAT("openai.chat", Operation.CHAT, "chat_completions", true) {
    @Override
    ResponseReader reader(int status) {
      return ChatAnswer.reader(status);
    }
  },
  RESPONSES("openai.responses", Operation.CHAT, "responses", false) {
    @Override
    ResponseReader reader(int status) {
      return ResponsesAnswer.reader(status);
    }
  },
  EMBEDDINGS("openai.embeddings", Operation.EMBEDDINGS, null, false) {
    @Override
    ResponseReader reader(int status) {
      return EmbeddingsAnswer.reader(status);
    }
  },
  COMPLETIONS("openai.completions", Operation.TEXT_COMPLETION, null, true) {
    @Override
    ResponseReader reader(int status) {
      return ChatAnswer.reader(status);
    }
  };

  private final String id;
  private final Operation operation;
  private final String telemetryApiType;
  private final boolean streamOptions;

  /**
   * @param streamOptions whether the API has {@code stream_options}; the responses API reports
   *     usage anyway
   */
  OpenAiApi(String id, Operation operation, String telemetryApiType, boolean streamOptions) {
    this.id = id;
    this.operation = operation;
    this.telemetryApiType = telemetryApiType;
    this.streamOptions = streamOptions;
  }

  abstract ResponseReader reader(int status);

  @Override
  public String id() {
    return id;
  }

  @Override
  public String telemetryNamespace() {
    return "openai";
  }

  @Override
  public String telemetryApiType() {
    return telemetryApiType;
  }

  Operation operation() {
    return operation;
  }

  @Override
  public ResponseReader reader(RequestFacts request, int status, String contentType) {
    return reader(status);
  }

  @Override
  public byte[] askForUsage(RequestFacts request, byte[] body) {
    boolean needed = streamOptions && request.stream() && request.usageOnRequest();
    return needed ? StreamUsage.ask(body) : null;
  }

  @Override
  public int beyondTheApi(byte[] body) {
    return streamOptions ? StreamUsage.beyondTheApi(body) : 0;
  }

  @Override
  public byte[] limitOutput(RequestFacts request, byte[] body, long tokens) {
    return operation == Operation.EMBEDDINGS || request.limitElsewhere()
        ? null
        : OutputLimit.set(body, this, request.provider(), tokens);
  }

  @Override
  public boolean isRequestedUsageEvent(byte[] bytes, int offset, int length) {
    return streamOptions && StreamUsage.isOnlyUsage(bytes, offset, length);
  }

  /** The API at that path, whatever prefix gateways put before it; null when there is none. */
  static OpenAiApi at(String path, int length) {
    if (length == 0 || (path.charAt(length - 1) | ' ') != 's') {
      return null;
    }
    if (endsWith(path, length, "/completions")) {
      // Mistral's agents take messages, too.
      boolean chat =
          endsWith(path, length, "/chat/completions")
              || endsWith(path, length, "/agents/completions");
      return chat ? CHAT : COMPLETIONS;
    }
    if (endsWith(path, length, "/embeddings")) {
      return EMBEDDINGS;
    }
    return endsWith(path, length, "/responses") ? RESPONSES : null;
  }

  /** Azure and servers in .NET do not mind the case. */
  private static boolean endsWith(String path, int length, String suffix) {
    return path.regionMatches(true, length - suffix.length(), suffix, 0, suffix.length());
  }
}
