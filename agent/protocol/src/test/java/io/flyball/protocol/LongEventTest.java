package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** An event says the same however long it is: what is not kept is read as it comes. */
class LongEventTest {
  /** More than the reader keeps of an event. */
  private static final String LONG =
      String.join("", Collections.nCopies((1 << 20) / 32 + 1, "iVBORw0KGgoAAAANSUhEUgAAB4AAAAQ4"));

  private static final String BLANKS = LONG.replaceAll(".", " ");

  private static final List<Recordings.Recording> STREAMS =
      Recordings.all().stream()
          .filter(each -> text(each).contains("data:") && each.recognise() != null)
          .collect(Collectors.toList());

  private static String text(Recordings.Recording recording) {
    return new String(recording.responseBody(), StandardCharsets.UTF_8);
  }

  private static String read(Recordings.Recording recording, String stream, Random pieces) {
    String contentType = recording.responseHeaders().get("content-type");
    RequestFacts facts = recording.recognise();
    ResponseReader reader = facts.protocol().reader(facts, recording.status(), contentType);
    reader.keepText(5_000);
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; ) {
      int count = Math.min(1 + pieces.nextInt(20_000), bytes.length - from);
      reader.feed(ByteBuffer.wrap(bytes, from, count));
      from += count;
    }
    reader.end();
    ResponseFacts said = reader.facts();
    return Arrays.asList(
            said.id(),
            said.model(),
            said.finishReasons(),
            said.usage(),
            said.serviceTier(),
            said.errorType(),
            said.errorMessage(),
            said.complete(),
            said.brokenOff(),
            said.empty(),
            said.events(),
            said.unreadable(),
            said.toolCalls(),
            said.malformedEvents(),
            said.outputCharacters(),
            reader.contents(),
            reader.contentSeen(),
            reader.errorSeen(),
            reader.isErrorBehindEnd(),
            reader.text())
        .toString();
  }

  /** With a long string of no meaning, or as many blanks, in that object. */
  private static String lengthened(String stream, int brace, Random random) {
    String before = stream.substring(0, brace + 1);
    String behind = stream.substring(brace + 1);
    switch (random.nextInt(3)) {
      case 0:
        return before + "\"odd\":\"" + LONG + "\"" + (behind.startsWith("}") ? "" : ",") + behind;
      case 1:
        return before + BLANKS + behind;
      default:
        // Where a line of data is broken into several.
        return before + "\ndata: " + BLANKS + "\ndata:" + behind;
    }
  }

  private static List<Integer> objects(String stream) {
    List<Integer> found = new ArrayList<>();
    for (int at = stream.indexOf("data: {"); at >= 0; at = stream.indexOf("data: {", at + 1)) {
      found.add(at + "data: ".length());
    }
    return found;
  }

  @Property(tries = 150)
  void theLengthOfAnEventMakesNoDifference(@ForAll long seed) {
    Random random = new Random(seed);
    Recordings.Recording recording = STREAMS.get(random.nextInt(STREAMS.size()));
    String stream = text(recording);
    List<Integer> objects = objects(stream);
    if (objects.isEmpty()) {
      return;
    }
    // The last ones say most.
    int which = random.nextInt(random.nextBoolean() ? 2 : objects.size());
    int brace = objects.get(Math.max(0, objects.size() - 1 - which));
    int end = random.nextInt(3) > 0 ? stream.length() : cut(stream, brace, random);
    String cut = stream.substring(0, end);

    assertThat(read(recording, lengthened(cut, brace, random), new Random(seed)))
        .as("%s, seed %s", recording, seed)
        .isEqualTo(read(recording, cut, new Random(seed)));
  }

  private static int cut(String stream, int brace, Random random) {
    return brace + 1 + random.nextInt(stream.length() - brace - 1);
  }

  private static ResponseFacts chat(String stream) {
    return Answers.read(Answers.CHAT, stream);
  }

  private static String chunk(String text, String more) {
    return "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + text
        + "\"}"
        + more
        + "}]}";
  }

  @Example
  void linesOfOneLongEventAreEventsEach() {
    String end =
        chunk("b", ",\"finish_reason\":\"stop\"")
            + "\n"
            + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5}}\n"
            + "data: [DONE]\n";
    for (String stream :
        Arrays.asList(
            chunk("a", "") + "\n" + chunk(LONG, "") + "\n" + end,
            chunk(LONG, "") + "\n" + chunk("a", "") + "\n" + end,
            "event: error\n" + chunk("a", "") + "\n" + chunk(LONG, "") + "\n" + end)) {
      ResponseFacts facts = chat(stream);

      assertThat(facts.complete()).isTrue();
      assertThat(facts.errorType()).isNull();
      assertThat(facts.malformedEvents()).isZero();
      assertThat(facts.finishReasons()).containsExactly("stop");
      assertThat(facts.usage().output()).isEqualTo(5);
      assertThat(facts.outputCharacters()).isEqualTo(LONG.length() + 2);
    }
  }

  @Example
  void whatIsNoEventStreamIsNoneHoweverLong() {
    ResponseFacts facts = chat("ID3" + LONG + LONG);

    assertThat(facts.events()).isFalse();
    assertThat(facts.unreadable()).isTrue();
    assertThat(facts.brokenOff()).isFalse();
  }

  @Example
  void anErrorIsSeenOnceItsEventIsThere() {
    String event =
        "data: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":"
            + "{\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"},\"odd\":\""
            + LONG
            + "\"}}\n\n";
    ResponseReader reader = Answers.reader(Answers.RESPONSES, 200);
    byte[] bytes = Answers.bytes(event);
    reader.feed(ByteBuffer.wrap(bytes, 0, bytes.length - 5));
    assertThat(reader.errorSeen()).isFalse();
    reader.feed(ByteBuffer.wrap(bytes, bytes.length - 5, 5));
    assertThat(reader.errorSeen()).isTrue();
    assertThat(reader.facts().errorType()).isEqualTo("rate_limit_exceeded");
  }
}
