package io.flyball.twin;

import com.example.twin.Form;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a provider may answer to a request. */
final class Replies {
  private static final List<String> MANY_HEADERS =
      List.of(
          "Date: Mon, 24 Nov 2025 10:00:00 GMT",
          "openai-organization: org-1",
          "openai-processing-ms: 421",
          "openai-project: proj_1",
          "openai-version: 2020-10-01",
          "X-RateLimit-Limit-Requests: 10000",
          "x-ratelimit-limit-tokens: 200000",
          "x-ratelimit-remaining-requests: 9999",
          "x-ratelimit-remaining-tokens: 199993",
          "x-ratelimit-reset-requests: 8ms",
          "x-ratelimit-reset-tokens: 1ms",
          "x-request-id: req_7f",
          "CF-Cache-Status: DYNAMIC",
          "Set-Cookie: __cf_bm=1; path=/",
          "Set-Cookie: _cfuvid=2; path=/",
          "X-Content-Type-Options: nosniff",
          "Server: cloudflare",
          "CF-RAY: 9a-FRA",
          "alt-svc: h3=\":443\"; ma=86400",
          "strict-transport-security: max-age=1",
          "vary: Origin",
          "Vary: Accept-Encoding",
          "x-empty:",
          "cache-control: no-cache",
          "access-control-expose-headers: X-Request-ID",
          "x-envoy-upstream-service-time: 424");

  private Choices choices;
  private final Form form;
  private final Dialect dialect;
  private final boolean stream;
  private final boolean shownTerminals;
  private final boolean takesHints;
  private int count;
  private Dialect.Content content;
  private String filling;

  /**
   * @param shownTerminals whether an answer before has ended as this API's streams end
   * @param takesHints whether the client reads on after a 103
   */
  Replies(
      Choices choices,
      Form form,
      Dialect dialect,
      boolean stream,
      boolean shownTerminals,
      boolean takesHints) {
    this.choices = choices;
    this.form = form;
    this.dialect = dialect;
    this.stream = stream;
    this.shownTerminals = shownTerminals;
    this.takesHints = takesHints;
  }

  /** The next replies are made of these. */
  Replies in(Choices others) {
    choices = others;
    return this;
  }

  /** Any reply; cuts are made by the caller. */
  Reply any() {
    int kind = choices.below(100);
    if (kind < 62) {
      return good('a');
    }
    if (kind < 72) {
      return error(choices.pick(Errors.FINAL), true);
    }
    if (kind < 81) {
      return error(choices.pick(Errors.PASSING), false);
    }
    if (kind < 84) {
      return redirect();
    }
    if (kind < 86) {
      return bodiless();
    }
    if (kind < 91 && stream) {
      return errorEvent();
    }
    if (kind < 94 && stream) {
      return withoutTerminal();
    }
    return odd();
  }

  /** A whole answer. */
  Reply good(char letter) {
    Draft draft = new Draft(stream ? "a whole stream" : "a whole answer");
    List<String> words = words(letter);
    draft.words = words;
    if (!stream) {
      draft.header("Content-Type: application/json");
      draft.text(dialect.whole(String.join("", words)));
      if (dialect == Dialect.EMBEDDINGS) {
        draft.words = List.of();
      }
    } else {
      SseText text = events(draft);
      draft.payload = text.parts(dialect.events(words, content));
      usage(draft, text);
    }
    dress(draft);
    return draft.reply();
  }

  /** All answers to a call have as many words, as those to a question that is asked again. */
  private List<String> words(char letter) {
    if (count == 0) {
      count = 1 + choices.below(12);
      content =
          choices.chance(25)
              ? choices.pick(
                  Dialect.Content.TOOL_CALL, Dialect.Content.REASONING, Dialect.Content.REFUSAL)
              : Dialect.Content.TEXT;
      filling = choices.chance(2) ? "x".repeat(70_000) : "";
    }
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(Words.word(i, letter));
    }
    words.set(0, words.get(0) + filling);
    return words;
  }

  private SseText events(Draft draft) {
    draft.header(
        "Content-Type: "
            + (choices.chance(10)
                ? choices.pick(
                    "text/event-stream; charset=utf-8",
                    "text/event-stream;charset=UTF-8",
                    "application/octet-stream")
                : "text/event-stream"));
    draft.framing = Reply.Framing.CHUNKED;
    return new SseText(choices);
  }

  private void usage(Draft draft, SseText text) {
    if (dialect != Dialect.CHAT && dialect != Dialect.COMPLETIONS) {
      return;
    }
    int answer = choices.below(10);
    if (answer < 7) {
      String object = dialect == Dialect.CHAT ? "chat.completion.chunk" : "text_completion";
      draft.usage =
          text.part(
              "{\"id\":\"chatcmpl-1\",\"object\":\""
                  + object
                  + "\",\"created\":1700000000,\"model\":\"gpt-4o-mini\",\"choices\":[],"
                  + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11}}");
    } else if (answer == 9) {
      Draft refusal = new Draft("refuses stream_options");
      refusal.truth = Reply.Truth.FAILURE;
      refusal.status = choices.pick(400, 422, 404, 415, 500, 501, 200);
      if (refusal.status == 200) {
        refusal.header("Content-Type: text/event-stream");
      } else {
        Errors.fill(choices, dialect, refusal);
      }
      draft.instead = refusal.reply();
      draft.label += " for who does not ask for usage, else " + refusal.status;
    }
  }

  /** Headers, encoding, framing, times. */
  private void dress(Draft draft) {
    if (choices.chance(25)) {
      draft.headers.addAll(choices.chance(50) ? MANY_HEADERS : MANY_HEADERS.subList(0, 6));
    }
    if (form.givesText() && !"false-gzip".equals(draft.coding)) {
      // In a text compressed bytes are lost, with and without Flyball.
      draft.coding = null;
    } else if (choices.chance(15) && draft.coding == null) {
      draft.coding = choices.pick("gzip", "deflate", "gzip-members", "raw-deflate");
      draft.codingUnasked = choices.chance(10);
      draft.label += ", " + draft.coding + (draft.codingUnasked ? " unasked" : "");
    }
    if (choices.chance(35)) {
      draft.framing =
          stream
              ? choices.pick(
                  Reply.Framing.CHUNKED,
                  Reply.Framing.CLOSE,
                  Reply.Framing.CHUNKED_EXTENDED,
                  Reply.Framing.LENGTH)
              : choices.pick(
                  Reply.Framing.LENGTH,
                  Reply.Framing.CHUNKED,
                  Reply.Framing.CLOSE,
                  Reply.Framing.CHUNKED_EXTENDED);
    }
    if (draft.framing == Reply.Framing.CLOSE) {
      draft.end = Reply.End.FIN;
      draft.header("Connection: close");
    } else if (choices.chance(10)) {
      draft.end = Reply.End.FIN;
      if (choices.chance(60)) {
        draft.header("Connection: close");
      }
    }
    if (choices.chance(30)) {
      List<Integer> sizes = new ArrayList<>();
      int count = 1 + choices.below(4);
      for (int i = 0; i < count; i++) {
        sizes.add(1 + choices.below(choices.pick(200, 1, 10, 2000)));
      }
      draft.pieces = sizes;
    }
    if (choices.chance(25)) {
      int count = 1 + choices.below(4);
      draft.delays = new int[count + 1];
      for (int i = 0; i < count; i++) {
        draft.delays[i] = choices.below(choices.pick(20, 80, 300));
      }
    }
    if (choices.chance(3)) {
      String hints = "103 Early Hints\r\nLink: </x>; rel=preload";
      draft.interim.add(takesHints ? choices.pick("100 Continue", hints) : "100 Continue");
    }
  }

  private Reply error(int status, boolean last) {
    Draft draft = new Draft("status " + status);
    draft.status = status;
    draft.truth = last ? Reply.Truth.ANSWER : Reply.Truth.FAILURE;
    Errors.fill(choices, dialect, draft);
    if (draft.headers.contains("x-should-retry: true")) {
      draft.truth = Reply.Truth.FAILURE;
    }
    dress(draft);
    return draft.reply();
  }

  private Reply redirect() {
    Draft draft = new Draft("a redirect");
    draft.status = choices.pick(307, 308, 301, 302, 303, 300, 304);
    if (draft.status != 304 && choices.chance(90)) {
      draft.header("Location: " + dialect.path(stream));
    }
    draft.label += " " + draft.status;
    dress(draft);
    if (draft.status == 304) {
      // It has no body, and the end of one would be taken for the next answer.
      draft.framing = Reply.Framing.NONE;
    }
    draft.coding = null;
    return draft.reply();
  }

  private Reply bodiless() {
    Draft draft = new Draft("no body");
    draft.status = choices.pick(200, 204, 202, 201);
    draft.truth = Reply.Truth.NO_ANSWER;
    if (draft.status == 204) {
      draft.framing = Reply.Framing.NONE;
    }
    draft.label = "status " + draft.status + " without a body";
    return draft.reply();
  }

  private Reply errorEvent() {
    List<Dialect.Event> events = new ArrayList<>(dialect.events(words('a'), content));
    int at = choices.below(events.size());
    Draft draft = new Draft("an error event after " + at + " events");
    draft.truth = Reply.Truth.FAILURE;
    events.subList(at, events.size()).clear();
    events.add(
        dialect.errorEvent(
            choices.pick("server_error", "overloaded_error", "invalid_request_error")));
    if (choices.chance(40) && dialect == Dialect.CHAT) {
      events.add(new Dialect.Event(null, "[DONE]", false, true));
    }
    SseText text = events(draft);
    draft.payload = text.parts(events);
    dress(draft);
    return draft.reply();
  }

  private Reply withoutTerminal() {
    List<Dialect.Event> events = new ArrayList<>(dialect.events(words('a'), content));
    int dropped = 1 + choices.below(Math.max(1, Math.min(4, events.size() - 1)));
    Draft draft = new Draft(Reply.UNFINISHED + dropped + " events");
    draft.truth =
        shownTerminals
            ? Reply.Truth.FAILURE
            : dropped == 1 && events.size() > 1 ? Reply.Truth.ANSWER : Reply.Truth.NO_ANSWER;
    events.subList(events.size() - dropped, events.size()).clear();
    draft.payload = events(draft).parts(events);
    dress(draft);
    return draft.reply();
  }

  /** What is no answer, though it comes as one. The bytes pass, sooner or later. */
  private Reply odd() {
    Draft draft = new Draft("");
    draft.truth = Reply.Truth.NO_ANSWER;
    int kind = choices.below(stream ? 8 : 5);
    String type = "application/json";
    String body;
    switch (kind) {
      case 0 -> {
        draft.label = "vendor error in 200";
        draft.truth = Reply.Truth.FAILURE;
        body =
            choices.pick(
                "{\"code\":1305,\"msg\":\"busy\",\"success\":false}",
                "{\"error\":{\"message\":\"Insufficient balance\",\"type\":\"quota\",\"code\":\"1113\"}}",
                "{\"error\":\"overloaded\"}",
                "{\"base_resp\":{\"status_code\":1002,\"status_msg\":\"rate limit\"}}");
      }
      case 1 -> {
        draft.label = "no JSON";
        body = choices.pick("upstream error", "{\"choices\":", "null", "[]", "\"\"", "{}");
      }
      case 2 -> {
        draft.label = "no choices";
        body = "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[],\"usage\":null}";
      }
      case 3 -> {
        draft.label = "HTML in 200";
        type = "text/html";
        body = "<html><body>Please log in</body></html>";
      }
      case 4 -> {
        draft.label = "gzip that is none";
        body = dialect.whole("hello");
        draft.coding = "false-gzip";
        draft.codingUnasked = true;
      }
      case 5 -> {
        draft.label = "JSON where a stream was asked for";
        body = dialect.whole("w0a~");
      }
      case 6 -> {
        draft.label = "[DONE] only";
        type = "text/event-stream";
        body = "data: [DONE]\n\n";
      }
      default -> {
        draft.label = "comments only";
        type = "text/event-stream";
        body = ": ping\n\n: ping\n\n";
      }
    }
    draft.header("Content-Type: " + type);
    draft.payload = List.of(body.getBytes(StandardCharsets.UTF_8));
    dress(draft);
    return draft.reply();
  }
}
