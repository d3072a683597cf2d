package io.flyball.protocol.sdk;

import io.flyball.protocol.json.JsonSplice;

/** How the errors of an API look. */
enum ErrorFormat {
  OPENAI {
    @Override
    String body(RefusalKind kind, int status, String message, String callId) {
      return "{\"error\":" + openAiError(kind, message) + "}";
    }

    @Override
    String event(String protocolId, RefusalKind kind, String message) {
      String error = openAiError(kind, message);
      if (!protocolId.endsWith(".responses")) {
        return "data: {\"error\":" + error + "}\n\n";
      }
      // The API's own event has its parts flat; openai-java looks for an object.
      return "event: error\ndata: {\"type\":\"error\",\"code\":"
          + quoted(kind.code())
          + ",\"message\":"
          + quoted(message)
          + ",\"param\":null,\"error\":"
          + error
          + "}\n\n";
    }
  },

  ANTHROPIC {
    @Override
    String body(RefusalKind kind, int status, String message, String callId) {
      return "{\"type\":\"error\",\"error\":"
          + anthropicError(kind, status, message)
          + ",\"request_id\":"
          + quoted(callId)
          + "}";
    }

    @Override
    String event(String protocolId, RefusalKind kind, String message) {
      return "event: error\ndata: {\"type\":\"error\",\"error\":"
          + anthropicError(kind, kind.status(), message)
          + "}\n\n";
    }

    @Override
    String requestIdHeader() {
      return "request-id";
    }
  },

  GEMINI {
    @Override
    String body(RefusalKind kind, int status, String message, String callId) {
      return geminiError(kind, status, message);
    }

    @Override
    String event(String protocolId, RefusalKind kind, String message) {
      return "data: " + geminiError(kind, kind.status(), message) + "\r\n\r\n";
    }
  },

  BEDROCK {
    @Override
    String body(RefusalKind kind, int status, String message, String callId) {
      return "{\"message\":" + quoted(message) + "}";
    }

    @Override
    String requestIdHeader() {
      return "x-amzn-RequestId";
    }

    @Override
    String errorTypeHeader(RefusalKind kind, int status) {
      return bedrockType(kind, status);
    }
  },

  OLLAMA {
    @Override
    String body(RefusalKind kind, int status, String message, String callId) {
      return "{\"error\":" + quoted(message) + "}";
    }

    @Override
    String event(String protocolId, RefusalKind kind, String message) {
      return "{\"error\":" + quoted(message) + "}\n";
    }
  },

  COHERE {
    @Override
    String body(RefusalKind kind, int status, String message, String callId) {
      return "{\"id\":" + quoted(callId) + ",\"message\":" + quoted(message) + "}";
    }
  },

  DASHSCOPE {
    @Override
    String body(RefusalKind kind, int status, String message, String callId) {
      return "{\"code\":"
          + quoted(dashscopeCode(kind))
          + ",\"message\":"
          + quoted(message)
          + ",\"request_id\":"
          + quoted(callId)
          + "}";
    }
  };

  abstract String body(RefusalKind kind, int status, String message, String callId);

  /** One whole event as text; null when the format has none that is text. */
  String event(String protocolId, RefusalKind kind, String message) {
    return null;
  }

  String requestIdHeader() {
    return "x-request-id";
  }

  /** The value of {@code x-amzn-errortype}, or null where there is no such header. */
  String errorTypeHeader(RefusalKind kind, int status) {
    return null;
  }

  /** OpenAI's is the one that most others have taken over. */
  static ErrorFormat of(String protocolId) {
    if (protocolId.startsWith("anthropic.") || protocolId.equals("vertex.anthropic")) {
      return ANTHROPIC;
    }
    if (protocolId.startsWith("gemini.") || protocolId.equals("vertex.gemini")) {
      return GEMINI;
    }
    if (protocolId.startsWith("bedrock.") && !protocolId.equals("bedrock.openai")) {
      return BEDROCK;
    }
    if (protocolId.startsWith("ollama.")) {
      return OLLAMA;
    }
    if (protocolId.startsWith("cohere.")) {
      return COHERE;
    }
    return protocolId.startsWith("dashscope.") ? DASHSCOPE : OPENAI;
  }

  private static String openAiError(RefusalKind kind, String message) {
    return "{\"message\":"
        + quoted(message)
        + ",\"type\":"
        + quoted(openAiType(kind))
        + ",\"param\":null,\"code\":"
        + quoted(kind.code())
        + "}";
  }

  /** Words that applications may know from OpenAI. */
  private static String openAiType(RefusalKind kind) {
    switch (kind) {
      case BUDGET_EXCEEDED:
        return "insufficient_quota";
      case RATE_LIMITED:
        return "rate_limit_exceeded";
      case BLOCKED:
      case PROMPT_TOO_LARGE:
        return "invalid_request_error";
      default:
        return "server_error";
    }
  }

  /** For a spent budget, anthropic-java 3 has an exception of its own that goes by error_code. */
  private static String anthropicError(RefusalKind kind, int status, String message) {
    String code =
        kind == RefusalKind.BUDGET_EXCEEDED ? "enforced_spend_limit_reached" : kind.code();
    return "{\"type\":"
        + quoted(anthropicType(kind, status))
        + ",\"message\":"
        + quoted(message)
        + ",\"details\":{\"error_code\":"
        + quoted(code)
        + "}}";
  }

  private static String anthropicType(RefusalKind kind, int status) {
    switch (status) {
      case 400:
        return "invalid_request_error";
      case 402:
        return "billing_error";
      case 403:
        return "permission_error";
      case 413:
        return "request_too_large";
      case 429:
        return "rate_limit_error";
      case 504:
        return "timeout_error";
      default:
        return kind == RefusalKind.CIRCUIT_OPEN ? "overloaded_error" : "api_error";
    }
  }

  private static String geminiError(RefusalKind kind, int status, String message) {
    return "{\"error\":{\"code\":"
        + status
        + ",\"message\":"
        + quoted(message)
        + ",\"status\":"
        + quoted(geminiStatus(kind, status))
        + "}}";
  }

  private static String geminiStatus(RefusalKind kind, int status) {
    switch (kind) {
      case BUDGET_EXCEEDED:
        return status == 429 ? "RESOURCE_EXHAUSTED" : "FAILED_PRECONDITION";
      case RATE_LIMITED:
        return "RESOURCE_EXHAUSTED";
      case TIMEOUT:
        return "DEADLINE_EXCEEDED";
      case BLOCKED:
        return "PERMISSION_DENIED";
      case PROMPT_TOO_LARGE:
        return "INVALID_ARGUMENT";
      default:
        return "UNAVAILABLE";
    }
  }

  /** The AWS SDK asks again for some names whatever the status, ThrottlingException among them. */
  private static String bedrockType(RefusalKind kind, int status) {
    switch (status) {
      case 403:
        return "AccessDeniedException";
      case 424:
        return "ModelErrorException";
      case 429:
        return "ThrottlingException";
      case 503:
        return "ServiceUnavailableException";
      case 504:
        return "ModelTimeoutException";
      default:
        return kind == RefusalKind.BUDGET_EXCEEDED || kind == RefusalKind.RATE_LIMITED
            ? "ServiceQuotaExceededException"
            : "ValidationException";
    }
  }

  private static String dashscopeCode(RefusalKind kind) {
    switch (kind) {
      case BUDGET_EXCEEDED:
        return "Throttling.BudgetExceeded";
      case RATE_LIMITED:
        return "Throttling.RateQuota";
      default:
        return kind.code();
    }
  }

  private static String quoted(String text) {
    return text == null ? "null" : JsonSplice.quoted(text);
  }
}
