package io.flyball.twin;

import java.util.List;

/** The ways in which providers and what stands before them say no. */
final class Errors {
  static final List<Integer> FINAL =
      List.of(
          400, 401, 402, 403, 404, 405, 406, 410, 411, 412, 413, 414, 415, 416, 418, 421, 422, 423,
          426, 428, 431, 451, 499);
  static final List<Integer> PASSING =
      List.of(
          503, 500, 429, 502, 504, 529, 408, 409, 424, 425, 501, 505, 507, 508, 520, 521, 522, 524,
          530);

  private Errors() {}

  /** Puts an error body and its headers into the draft. */
  static Draft fill(Choices choices, Dialect dialect, Draft draft) {
    int status = draft.status;
    int kind = choices.below(12);
    String type = "application/json";
    String body =
        switch (kind) {
          case 0 ->
              openAi("invalid_request_error", status == 429 ? "rate_limit_exceeded" : "scripted");
          case 1 -> openAi("invalid_request_error", "context_length_exceeded");
          case 2 -> openAi("insufficient_quota", "insufficient_quota");
          case 3 ->
              "{\"type\":\"error\",\"error\":{\"type\":\""
                  + anthropic(status)
                  + "\",\"message\":\"No.\"},\"request_id\":\"req_1\"}";
          case 4 ->
              "{\"error\":{\"code\":"
                  + status
                  + ",\"message\":\"No.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[]}}";
          case 5 -> {
            type = "text/html";
            draft.label += ", HTML";
            yield "<html><head><title>"
                + status
                + "</title></head><body><center><h1>"
                + status
                + " Bad</h1></center><hr>nginx</body></html>";
          }
          case 6 -> {
            type = "text/plain";
            yield "upstream connect error or disconnect/reset before headers";
          }
          case 7 -> "";
          case 8 ->
              "{\"object\":\"error\",\"message\":\"No.\",\"type\":\"BadRequestError\",\"param\":null,\"code\":"
                  + status
                  + "}";
          case 9 ->
              "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"x\"],\"msg\":\"Extra inputs are not permitted\"}]}";
          case 10 -> "{\"error\":\"No.\"}";
          default ->
              "{\"error\":{\"message\":\""
                  + "No. ".repeat(400)
                  + "\",\"type\":\"server_error\",\"code\":null}}";
        };
    if (!body.isEmpty() || choices.chance(50)) {
      draft.header("Content-Type: " + type);
    }
    draft.text(body);
    if (choices.chance(8) && !body.isEmpty()) {
      draft.coding = choices.pick("gzip", "deflate");
      draft.label += ", " + draft.coding;
    }
    if (choices.chance(12) && draft.truth != Reply.Truth.ANSWER) {
      draft.header("Retry-After: " + choices.pick("1", "0", "2"));
    }
    if (choices.chance(6)) {
      draft.header("x-should-retry: " + choices.pick("false", "true"));
    }
    return draft;
  }

  private static String openAi(String type, String code) {
    return "{\"error\":{\"message\":\"No.\",\"type\":\""
        + type
        + "\",\"param\":null,\"code\":\""
        + code
        + "\"}}";
  }

  private static String anthropic(int status) {
    return status == 429
        ? "rate_limit_error"
        : status == 529
            ? "overloaded_error"
            : status >= 500 ? "api_error" : "invalid_request_error";
  }
}
