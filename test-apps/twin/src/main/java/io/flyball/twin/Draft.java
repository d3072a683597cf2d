package io.flyball.twin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A reply in the making. */
final class Draft {
  String label = "";
  int status = 200;
  Reply.Truth truth = Reply.Truth.ANSWER;
  List<String> words = List.of();
  final List<String> headers = new ArrayList<>();
  final List<String> interim = new ArrayList<>();
  List<byte[]> payload = List.of();
  byte[] usage;
  String coding;
  boolean codingUnasked;
  Reply.Framing framing = Reply.Framing.LENGTH;
  List<Integer> pieces = List.of();
  int[] delays = {};
  Reply instead;
  Reply.End end = Reply.End.KEEP;

  Draft(String label) {
    this.label = label;
  }

  Draft text(String body) {
    payload = List.of(body.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Draft header(String line) {
    headers.add(line);
    return this;
  }

  Reply reply() {
    return new Reply(
        label,
        status,
        truth,
        words,
        headers,
        interim,
        payload,
        usage,
        coding,
        codingUnasked,
        framing,
        pieces,
        delays,
        instead,
        -1,
        end);
  }
}
