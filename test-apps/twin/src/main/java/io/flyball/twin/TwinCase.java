package io.flyball.twin;

import com.example.twin.Form;
import java.util.List;

/**
 * Calls one after another on one address, and what the provider does with each.
 *
 * @param choices what it was made of
 */
record TwinCase(List<Call> calls, List<int[]> choices) {

  /**
   * One call.
   *
   * @param headers alternating names and values
   * @param key the credential among the headers
   * @param replies its attempts in turn
   */
  record Call(
      Form form,
      Dialect dialect,
      boolean stream,
      String path,
      List<String> headers,
      String key,
      String body,
      List<Reply> replies) {

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      text.append(form).append(" POST ").append(path).append(' ').append(headers);
      text.append("\n    ").append(body);
      for (Reply reply : replies) {
        text.append("\n    <- ").append(reply.label());
        if (!reply.isAnswer()) {
          text.append(reply.truth() == Reply.Truth.FAILURE ? " (a failure)" : " (no answer)");
        }
        if (reply.delays().length > 0) {
          text.append("\n       delays ").append(java.util.Arrays.toString(reply.delays()));
        }
        text.append("\n       ").append(Texts.shown(wire(reply)));
      }
      return text.toString();
    }

    /** Its bytes for the request as the application makes it. */
    byte[] wire(Reply reply) {
      java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
      Rendering.of(reply, plainRequest()).writes().forEach(all::writeBytes);
      byte[] bytes = all.toByteArray();
      return reply.isWhole() || reply.cut() > bytes.length
          ? bytes
          : java.util.Arrays.copyOf(bytes, reply.cut());
    }

    /** The request as it comes without Flyball, as far as replies depend on it. */
    SeenRequest plainRequest() {
      java.util.List<String> lines = new java.util.ArrayList<>();
      for (int i = 0; i < headers.size(); i += 2) {
        lines.add(headers.get(i) + ": " + headers.get(i + 1));
      }
      if (form.client().equals("okhttp")) {
        // What the application set itself comes first.
        lines.add("Accept-Encoding: gzip");
      }
      return new SeenRequest(
          "POST " + path, lines, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < calls.size(); i++) {
      text.append("\n  call ").append(i).append(": ").append(calls.get(i));
    }
    return text.toString();
  }
}
