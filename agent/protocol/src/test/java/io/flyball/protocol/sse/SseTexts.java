package io.flyball.protocol.sse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Event streams to try, and an independent, simple reading of them to compare with. */
final class SseTexts {
  private SseTexts() {}

  /** Fields, comments, blank lines and odd lines, each ended in one of the three ways. */
  static Arbitrary<byte[]> streams() {
    Arbitrary<String> line =
        Arbitraries.of(
            "data: {\"a\":1}",
            "data:no space",
            "data:  two spaces",
            "data",
            "data:",
            "data: grüße 💡",
            "database: not data",
            "event: message_stop",
            "event",
            ": OPENROUTER PROCESSING",
            ":",
            "id: 7",
            "",
            "",
            "",
            "\uFEFF");
    Arbitrary<String> ending = Arbitraries.of("\n", "\r", "\r\n");
    Arbitrary<String> lines =
        Combinators.combine(line, ending)
            .as((text, end) -> text + end)
            .list()
            .ofMaxSize(20)
            .map(all -> String.join("", all));
    return Combinators.combine(
            Arbitraries.of("", "\uFEFF"), lines, Arbitraries.of("", "data: open", "x"))
        .as((mark, text, tail) -> (mark + text + tail).getBytes(StandardCharsets.UTF_8));
  }

  static Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 12).list().ofMinSize(1).ofMaxSize(6);
  }

  /** The buffers' lengths in turn, until all bytes are used up. */
  static List<byte[]> cut(byte[] stream, List<Integer> lengths) {
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0, offset = 0; offset < stream.length; i++) {
      int length = Math.min(lengths.get(i % lengths.size()), stream.length - offset);
      pieces.add(Arrays.copyOfRange(stream, offset, offset + length));
      offset += length;
    }
    return pieces;
  }

  /** Name and data of every event that has data, by the words of the standard. */
  static List<String> events(byte[] stream) {
    String text = new String(stream, StandardCharsets.UTF_8);
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    List<String> events = new ArrayList<>();
    String name = null;
    List<String> data = new ArrayList<>();
    for (String line : (text + "\n\n").split("\r\n|\r|\n", -1)) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          events.add(name + "|" + String.join("\n", data));
        }
        name = null;
        data.clear();
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
      if (field.equals("data")) {
        data.add(value);
      } else if (field.equals("event")) {
        name = value.isEmpty() ? null : value;
      }
    }
    return events;
  }
}
