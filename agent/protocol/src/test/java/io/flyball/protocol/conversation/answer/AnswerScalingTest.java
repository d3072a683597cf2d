package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Allocated;
import io.flyball.protocol.ResponseReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done with an answer is linear in its events, tool calls and bytes. */
class AnswerScalingTest {
  private static final int SIZE = 300;

  /** Of what there is much. */
  enum Much {
    EVENTS,
    CALLS,
    ARGUMENTS,
    BYTES
  }

  @ParameterizedTest
  @ValueSource(strings = {Streams.CHAT, Streams.MESSAGES, Streams.GEMINI})
  void translations(String target) throws Exception {
    for (Much much : Much.values()) {
      for (String application : AnswerStreams.PROTOCOLS) {
        AnswerTranslation translation = Streams.between(target, application);
        String what = target + " with many " + much + " to " + application;
        Allocated.growsAsItsInput(
            what,
            SIZE,
            size -> {
              byte[] stream = stream(target, much, size);
              return () -> Streams.translate(translation, stream, lengths(stream.length));
            });
        Allocated.growsAsItsInput(
            "all of " + what,
            SIZE,
            size -> {
              byte[] stream = stream(target, much, size);
              return () -> translation.whole(stream);
            });
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Streams.CHAT, Streams.MESSAGES, Streams.RESPONSES, Streams.GEMINI})
  void readersAndWhatJoinsStreams(String protocol) throws Exception {
    for (Much much : Much.values()) {
      Allocated.growsAsItsInput(
          "reader of " + protocol + " with many " + much,
          4 * SIZE,
          size -> {
            byte[] stream = stream(protocol, much, size);
            return () -> {
              ResponseReader reader = Streams.reader(protocol);
              reader.keepText(1 << 20);
              for (ByteBuffer piece : Streams.cut(stream, lengths(stream.length))) {
                reader.feed(piece);
              }
              reader.end();
              return reader.facts();
            };
          });
      Allocated.growsAsItsInput(
          "joining " + protocol + " with many " + much,
          SIZE,
          size -> {
            byte[] stream = stream(protocol, much, size);
            return () -> {
              StreamContinuation continuation = Streams.continuation(protocol);
              for (ByteBuffer piece : Streams.cut(stream, lengths(stream.length))) {
                continuation.deliver(piece);
              }
              continuation.end();
              return continuation.isComplete();
            };
          });
    }
  }

  private static List<Integer> lengths(int length) {
    return new ArrayList<>(Collections.nCopies(length / 100 + 1, 100));
  }

  private static byte[] stream(String protocol, Much much, int size) {
    List<String> pieces = new ArrayList<>();
    pieces.add(
        "a"
            + String.join(
                "", Collections.nCopies(much == Much.BYTES ? 50 * size : 1, "w\n\u00e9")));
    for (int i = 0; i < size; i++) {
      switch (much) {
        case EVENTS:
          pieces.add("word " + i);
          break;
        case CALLS:
          pieces.add("tool:t");
          pieces.add("args:{}");
          break;
        case ARGUMENTS:
          pieces.add(i == 0 ? "tool:t" : i == 1 ? "args:{\"a\":[0" : "args:," + i);
          break;
        default:
          break;
      }
    }
    if (much == Much.ARGUMENTS) {
      pieces.add("args:]}");
    }
    return AnswerStreams.write(protocol, "s", pieces, StopReason.STOP);
  }
}
