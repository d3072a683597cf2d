package io.flyball.twin;

import com.example.twin.Form;
import java.util.ArrayList;
import java.util.List;

/** Makes cases of choices. */
final class Cases {
  private static final int MOST_CALLS = 5;

  /** Of the request, and of up to four replies. */
  private static final int LISTS_OF_A_CALL = 5;

  private final List<Form> forms;
  private final boolean withoutHints;

  /**
   * @param forms the ways of calling to choose from
   * @param withoutHints whether no 103 comes before answers to OkHttp
   */
  Cases(List<Form> forms, boolean withoutHints) {
    this.forms = forms;
    this.withoutHints = withoutHints;
  }

  TwinCase make(Choices choices) {
    // Three cases in four are one call.
    int count = Math.max(1, choices.below(MOST_CALLS * 4) - MOST_CALLS * 3 + 1);
    List<TwinCase.Call> calls = new ArrayList<>();
    Form form = choices.pick(forms);
    Dialect dialect =
        choices.pick(
            Dialect.CHAT,
            Dialect.MESSAGES,
            Dialect.RESPONSES,
            Dialect.GEMINI,
            Dialect.CHAT,
            Dialect.COMPLETIONS,
            Dialect.EMBEDDINGS);
    boolean shownTerminals = false;
    for (int i = 0; i < count; i++) {
      TwinCase.Call call = call(choices.fork(), form, dialect, i, shownTerminals);
      shownTerminals |= call.stream();
      calls.add(call);
    }
    return new TwinCase(calls, choices.taken());
  }

  /** The choices for these calls of a case only. */
  static List<int[]> only(List<int[]> choices, int firstCall, int lastCall) {
    int[] head = choices.get(0).clone();
    if (head.length == 0) {
      head = new int[1];
    }
    int calls = lastCall - firstCall + 1;
    head[0] = calls == 1 ? 0 : calls + MOST_CALLS * 3 - 1;
    List<int[]> fewer = new ArrayList<>(List.of(head));
    int end = Math.min(choices.size(), 1 + (lastCall + 1) * LISTS_OF_A_CALL);
    if (1 + firstCall * LISTS_OF_A_CALL < end) {
      fewer.addAll(choices.subList(1 + firstCall * LISTS_OF_A_CALL, end));
    }
    return fewer;
  }

  private TwinCase.Call call(
      Choices choices, Form form, Dialect dialect, int index, boolean shownTerminals) {
    boolean stream = dialect.streams() && !choices.chance(35);
    List<String> headers = new ArrayList<>();
    String key =
        "sk-twin-" + choices.pick("aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    String path = dialect.path(stream);
    switch (dialect) {
      case MESSAGES -> {
        add(headers, "x-api-key", key);
        add(headers, "anthropic-version", "2023-06-01");
      }
      case GEMINI -> add(headers, "x-goog-api-key", key);
      default -> add(headers, "Authorization", "Bearer " + key);
    }
    add(headers, Script.CALL_HEADER, String.valueOf(index));
    if (choices.chance(30)) {
      add(headers, "Accept-Encoding", choices.pick("gzip", "identity", "gzip, deflate", "deflate"));
    }
    if (choices.chance(10)) {
      add(headers, "Accept", choices.pick("text/event-stream", "application/json", "*/*"));
    }
    if (choices.chance(5)) {
      add(headers, "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
      add(headers, "X-Custom", "v");
    }
    String extra = "";
    if (stream
        && (dialect == Dialect.CHAT || dialect == Dialect.COMPLETIONS)
        && choices.chance(30)) {
      extra =
          ",\"stream_options\":"
              + choices.pick("{\"include_usage\":true}", "{\"include_usage\":false}", "null");
    }
    List<Reply> replies = replies(choices, form, dialect, stream, shownTerminals, headers, path);
    return new TwinCase.Call(
        form, dialect, stream, path, headers, key, dialect.request(stream, extra), replies);
  }

  private List<Reply> replies(
      Choices choices,
      Form form,
      Dialect dialect,
      boolean stream,
      boolean shownTerminals,
      List<String> headers,
      String path) {
    Replies all = new Replies(choices, form, dialect, stream, shownTerminals, takesHints(form));
    List<Reply> replies = new ArrayList<>();
    Reply reply = all.in(choices.fork()).any();
    if (choices.chance(18)) {
      reply = cut(choices, form, dialect, stream, headers, path, reply);
    }
    replies.add(reply);
    Choices[] attempts = {choices.fork(), choices.fork(), choices.fork()};
    for (int i = 0; i < attempts.length && isAskedAgain(replies.get(i)); i++) {
      all.in(attempts[i]);
      int next = choices.below(10);
      if (next == 9) {
        break;
      }
      Reply following = next < 5 ? all.good('a') : next < 7 ? all.good('b') : all.any();
      if (choices.chance(15)) {
        following = cut(choices, form, dialect, stream, headers, path, following);
      }
      replies.add(following);
    }
    return replies;
  }

  /** HttpURLConnection takes a 103 for the answer, without Flyball, too. */
  private boolean takesHints(Form form) {
    return !form.client().equals("url-connection")
        && !(withoutHints && form.client().equals("okhttp"));
  }

  private static boolean isAskedAgain(Reply reply) {
    return !reply.isAnswer() || reply.status() / 100 == 3;
  }

  private static Reply cut(
      Choices choices,
      Form form,
      Dialect dialect,
      boolean stream,
      List<String> headers,
      String path,
      Reply reply) {
    TwinCase.Call call =
        new TwinCase.Call(form, dialect, stream, path, headers, "", "", List.of(reply));
    int length = call.wire(reply).length;
    int at = choices.below(length);
    Reply.End how = choices.pick(Reply.End.FIN, Reply.End.RESET);
    return reply.cutAt(at, how);
  }

  private static void add(List<String> headers, String name, String value) {
    headers.add(name);
    headers.add(value);
  }
}
