package io.flyball.protocol.conversation.answer;

import static io.flyball.protocol.conversation.answer.Streams.CHAT;
import static io.flyball.protocol.conversation.answer.Streams.GEMINI;
import static io.flyball.protocol.conversation.answer.Streams.MESSAGES;
import static io.flyball.protocol.conversation.answer.Streams.RESPONSES;
import static io.flyball.protocol.conversation.answer.Streams.between;
import static io.flyball.protocol.conversation.answer.Streams.bytes;
import static io.flyball.protocol.conversation.answer.Streams.read;
import static io.flyball.protocol.conversation.answer.Streams.translate;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of every answer that is translated. */
class AnswerTranslationPropertyTest {
  private static final List<String> TARGETS = Arrays.asList(CHAT, MESSAGES, GEMINI);
  private static final List<String> APPLICATIONS = Arrays.asList(CHAT, RESPONSES, MESSAGES, GEMINI);

  @Property(tries = 300)
  void howTheStreamIsCutMakesNoDifference(
      @ForAll("targets") String target,
      @ForAll("applications") String application,
      @ForAll("cuts") List<Integer> cuts)
      throws Exception {
    byte[] stream = bytes(Streams.tools(target));

    assertThat(translate(between(target, application), stream, cuts))
        .isEqualTo(translate(target, application, Streams.tools(target)));
  }

  /** What is written in one protocol, translated to another and read there, is what was said. */
  @Property(tries = 1000)
  void aRoundTripLosesNothing(
      @ForAll("targets") String target,
      @ForAll("targets") String application,
      @ForAll("answers") List<String> answer,
      @ForAll("reasons") StopReason reason,
      @ForAll boolean streamed)
      throws Exception {
    Usage usage = Usage.builder(Usage.Source.REPORTED).input(50).cacheRead(20).output(9).build();
    EventOutput events = new EventOutput();
    AnswerSink sink = sink(target, events);
    WholeAnswer expected = new WholeAnswer();
    for (AnswerSink each : Arrays.asList(sink, expected)) {
      say(each, answer, reason, usage);
    }
    byte[] body = new byte[events.take().remaining()];
    EventOutput again = new EventOutput();
    say(sink(target, again), answer, reason, usage);
    again.take().get(body);

    AnswerTranslation translation = between(target, application);
    byte[] translated =
        streamed ? bytes(translate(translation, body, Arrays.asList(7))) : translation.whole(body);
    WholeAnswer read = read(application, translated);

    assertThat(read.text.toString()).isEqualTo(expected.text.toString());
    assertThat(read.calls)
        .usingRecursiveFieldByFieldElementComparator()
        .extracting(call -> call.id + call.name + call.arguments)
        .isEqualTo(calls(expected));
    assertThat(read.usage).isEqualTo(usage);
    assertThat(read.model).isEqualTo("served");
    boolean calls = !expected.calls.isEmpty();
    assertThat(read.reason)
        .isEqualTo(reason == StopReason.STOP && calls ? StopReason.TOOL_CALLS : reason);
  }

  private static List<String> calls(WholeAnswer answer) {
    List<String> calls = new ArrayList<>();
    for (Call call : answer.calls) {
      calls.add(call.id + call.name + call.arguments);
    }
    return calls;
  }

  private static void say(AnswerSink sink, List<String> answer, StopReason reason, Usage usage)
      throws UnusableAnswerException {
    sink.start("served", null);
    int call = 0;
    for (String piece : answer) {
      if (piece.startsWith("{")) {
        sink.toolCall("id" + call++, "tool");
        sink.arguments(piece);
      } else if (!piece.isEmpty()) {
        sink.text(piece);
      }
    }
    sink.end(reason, usage);
  }

  private static AnswerSink sink(String protocol, EventOutput events) {
    Identity identity = new Identity("x", 1);
    switch (protocol) {
      case CHAT:
        return new ChatStream(events, identity, true);
      case MESSAGES:
        return new MessagesStream(events, identity);
      default:
        return new GeminiStream(events, identity);
    }
  }

  @Property(tries = 1000)
  void garbageIsUnusableAndNothingElse(
      @ForAll("targets") String target,
      @ForAll("applications") String application,
      @ForAll int at,
      @ForAll("damage") String damage) {
    String stream = Streams.tools(target);
    int place = Math.floorMod(at, stream.length());
    byte[] broken =
        bytes(
            stream.substring(0, place)
                + damage
                + stream.substring(Math.min(stream.length(), place + damage.length())));
    try {
      translate(between(target, application), broken, Arrays.asList(11));
      between(target, application).whole(broken);
    } catch (UnusableAnswerException expected) {
      assertThat(expected.kind()).isNotNull();
    }
  }

  @Provide
  Arbitrary<String> targets() {
    return Arbitraries.of(TARGETS);
  }

  @Provide
  Arbitrary<String> applications() {
    return Arbitraries.of(APPLICATIONS);
  }

  @Provide
  Arbitrary<StopReason> reasons() {
    return Arbitraries.of(StopReason.STOP, StopReason.LENGTH, StopReason.CONTENT_FILTER);
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 300).list().ofMinSize(1).ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> damage() {
    return Arbitraries.of(
        "\"", "}", "{", "]", "\n\n", "\\", "null", "[[[[", "\u0000", "\r", "data:", "1e999", ":");
  }

  @Provide
  Arbitrary<List<String>> answers() {
    Arbitrary<String> text =
        Arbitraries.of("Hello", " wor\"ld", "\n\\", "ü💡", "data: [DONE]\n\n", " ");
    Arbitrary<String> call =
        Arbitraries.of("{}", "{\"a\":\"x\\n\"}", "{\"deep\":{\"b\":[1,2.50,null]}}");
    return Combinators.combine(text.list().ofMaxSize(5), call.list().ofMaxSize(3))
        .as(
            (texts, calls) -> {
              List<String> all = new ArrayList<>(texts);
              all.addAll(calls);
              return all;
            });
  }
}
