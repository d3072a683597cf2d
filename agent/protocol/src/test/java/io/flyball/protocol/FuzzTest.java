package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.conversation.RequestTranslation;
import io.flyball.protocol.conversation.TargetModel;
import io.flyball.protocol.conversation.UntranslatableException;
import io.flyball.protocol.conversation.answer.AnswerTranslation;
import io.flyball.protocol.conversation.answer.StreamContinuation;
import io.flyball.protocol.conversation.answer.StreamTranslator;
import io.flyball.protocol.conversation.answer.UnusableAnswerException;
import io.flyball.protocol.failure.FailureReader;
import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.sse.SseFilter;
import io.flyball.protocol.trim.Trimming;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Recorded exchanges, damaged: nothing throws, and where the pieces of an answer end makes no
 * difference. {@code -Dflyball.fuzz.seed} and {@code -Dflyball.fuzz.count} say which range of them
 * is run beside those by chance.
 */
class FuzzTest {
  private static final List<Recordings.Recording> RECORDINGS = Recordings.all();
  private static final List<byte[]> REQUESTS = all(FuzzTest::body);
  private static final List<byte[]> RESPONSES = all(Recordings.Recording::responseBody);
  private static final List<RequestFacts> FACTS = all(Recordings.Recording::recognise);
  private static final List<Map<String, String>> HEADERS =
      all(Recordings.Recording::responseHeaders);
  private static final List<String> APPLICATIONS =
      Arrays.asList("openai.chat", "openai.responses", "anthropic.messages", "gemini.generate");
  private static final TargetModel[] TARGETS = {
    TargetModel.builder("openai-chat").model("gpt-4o").build(),
    TargetModel.builder("openai").model("gpt-5").build(),
    TargetModel.builder("anthropic").model("claude-sonnet-4-5").build(),
    TargetModel.builder("gemini").model("gemini-3-pro").build()
  };

  /** A line of data, and that it does not end its event. */
  private static final Pattern DATA_AND_MORE =
      Pattern.compile("(?<![^\\r\\n])data:([^\\r\\n]*+)(?:\\r\\n?+|\\n)(?=[^\\r\\n])");

  private static <T> List<T> all(Function<Recordings.Recording, T> part) {
    return RECORDINGS.stream().map(part).collect(Collectors.toList());
  }

  private static byte[] body(Recordings.Recording recording) {
    return recording.exchange.at("/requests/0/body").toString().getBytes(StandardCharsets.UTF_8);
  }

  @Property(tries = 3_500)
  void nothingThrowsAndBordersMakeNoDifference(@ForAll long seed) {
    check(seed);
  }

  @Example
  void norDoesAnyOfARange() {
    long from = Long.getLong("flyball.fuzz.seed", 1);
    long count = Long.getLong("flyball.fuzz.count", 500);
    List<String> broken = new ArrayList<>();
    for (long seed = from; seed < from + count && broken.size() < 20; seed++) {
      try {
        check(seed);
      } catch (AssertionError e) {
        broken.add(e.getMessage());
      }
    }
    assertThat(broken).isEmpty();
  }

  private static void check(long seed) {
    try {
      new Case(seed).run();
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed + ": " + e, e);
    }
  }

  /** One exchange. */
  private static final class Case {
    private final Random random;
    private final int number;
    private final Recordings.Recording recording;

    Case(long seed) {
      random = new Random(seed);
      number = random.nextInt(RECORDINGS.size());
      recording = RECORDINGS.get(number);
    }

    void run() {
      byte[] request =
          Damage.of(REQUESTS.get(number), REQUESTS.get(random.nextInt(REQUESTS.size())), random);
      RequestFacts damaged = recording.recognise(request);
      if (damaged != null) {
        request(damaged, request);
      }
      byte[] response =
          Damage.of(RESPONSES.get(number), RESPONSES.get(random.nextInt(RESPONSES.size())), random);
      int[] borders = borders(response.length);
      RequestFacts facts = FACTS.get(number);
      if (facts != null) {
        answer(facts, response, borders);
        translation(facts.protocol().id(), response, borders);
      }
      FailureReader.ofStatus(
          recording.status(), HEADERS.get(number)::get, response, 1_700_000_000_000L);
      String text = new String(response, StandardCharsets.UTF_8);
      FailureReader.ofEvent(text, text);
      FailureReader.ofAnswer(null, text);
    }

    private void request(RequestFacts facts, byte[] body) {
      facts.protocol().askForUsage(facts, body);
      facts.protocol().limitOutput(facts, body, random.nextInt(10_000));
      String line = recording.exchange.at("/requests/0/line").asText();
      TargetModel target = TARGETS[random.nextInt(TARGETS.length)];
      try {
        RequestTranslation.translate(facts, line.split(" ", 3)[1], body, target);
      } catch (UntranslatableException refused) {
        assertThat(refused.getMessage()).isNotNull();
      }
      String protocol = facts.protocol().id();
      Trimming trimming =
          random.nextBoolean()
              ? Trimming.oldestTurns(protocol, body)
              : Trimming.middle(protocol, body);
      trimming.at(random.nextInt(trimming.steps() + 1));
      trimming.at(trimming.steps());
    }

    private void answer(RequestFacts facts, byte[] body, int[] borders) {
      String contentType = HEADERS.get(number).get("content-type");
      int[] whole = {body.length};
      String read = read(facts, contentType, body, borders);
      if (!goesOnBehindWholeData(body)) {
        assertThat(read).isEqualTo(read(facts, contentType, body, whole));
      }
      assertThat(filtered(facts, body, borders)).isEqualTo(filtered(facts, body, whole));
      if (facts.stream()) {
        assertThat(joinable(facts, contentType, body, borders))
            .isEqualTo(joinable(facts, contentType, body, whole));
      }
    }

    private String read(RequestFacts facts, String contentType, byte[] body, int[] borders) {
      ResponseReader reader = facts.protocol().reader(facts, recording.status(), contentType);
      reader.keepText(5_000);
      each(body, borders, reader::feed);
      reader.end();
      ResponseFacts said = reader.facts();
      return said.id()
          + said.model()
          + said.finishReasons()
          + said.usage()
          + said.serviceTier()
          + said.systemFingerprint()
          + said.errorType()
          + said.errorMessage()
          + said.complete()
          + said.brokenOff()
          + said.empty()
          + said.events()
          + said.unreadable()
          + said.toolCalls()
          + said.malformedEvents()
          + said.outputCharacters()
          + reader.contentSeen()
          + reader.errorSeen()
          + reader.text();
    }

    /**
     * Whether lines of an event stand behind data that is whole: whether that is an event of its
     * own depends on whether it came alone, as for all who read by the line.
     */
    private static boolean goesOnBehindWholeData(byte[] body) {
      Matcher lines = DATA_AND_MORE.matcher(new String(body, StandardCharsets.ISO_8859_1));
      while (lines.find()) {
        byte[] data = lines.group(1).trim().getBytes(StandardCharsets.ISO_8859_1);
        if (lines.group(1).contains("[DONE]")
            || (data.length > 0
                && data[0] == '{'
                && JsonDocument.isReadable(data, 0, data.length))) {
          return true;
        }
      }
      return false;
    }

    private static byte[] filtered(RequestFacts facts, byte[] body, int[] borders) {
      SseFilter filter =
          new SseFilter(
              event ->
                  facts
                      .protocol()
                      .isRequestedUsageEvent(
                          event.dataArray(), event.dataOffset(), event.dataLength()));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      each(body, borders, piece -> write(filter.feed(piece), out));
      write(filter.end(), out);
      return out.toByteArray();
    }

    /** What is handed on of a stream that may be joined later, and what is held. */
    private String joinable(RequestFacts facts, String contentType, byte[] body, int[] borders) {
      StreamContinuation continuation =
          StreamContinuation.of(
              facts.protocol().id(),
              1,
              () -> facts.protocol().reader(facts, recording.status(), contentType));
      if (continuation == null) {
        return "";
      }
      if (random.nextBoolean()) {
        continuation.isComplete();
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      each(body, borders, piece -> write(continuation.deliver(piece), out));
      continuation.end();
      boolean complete = continuation.isComplete();
      continuation.canJoin();
      continuation.isTorn();
      write(continuation.held(), out);
      return (goesOnBehindWholeData(body) ? "" : complete)
          + new String(out.toByteArray(), StandardCharsets.ISO_8859_1);
    }

    private void translation(String protocol, byte[] body, int[] borders) {
      String application = APPLICATIONS.get(random.nextInt(APPLICATIONS.size()));
      AnswerTranslation translation =
          AnswerTranslation.between(protocol, application, "m", true, "x1", 1_700_000_000L);
      if (translation == null) {
        return;
      }
      assertThat(translated(translation, body, borders))
          .as(application)
          .isEqualTo(translated(translation, body, new int[] {body.length}));
      try {
        assertThat(translation.whole(body)).isNotNull();
      } catch (UnusableAnswerException unusable) {
        assertThat(unusable.kind()).isNotNull();
      }
    }

    private static String translated(AnswerTranslation translation, byte[] body, int[] borders) {
      StreamTranslator translator = translation.stream();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        int from = 0;
        for (int to : borders) {
          write(translator.feed(ByteBuffer.wrap(body, from, to - from)), out);
          from = to;
        }
        write(translator.end(), out);
      } catch (UnusableAnswerException unusable) {
        // How much was handed on before depends on the borders.
        return unusable.kind().toString();
      }
      return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private interface Reader {
      void feed(ByteBuffer piece);
    }

    private static void each(byte[] body, int[] borders, Reader reader) {
      int from = 0;
      for (int to : borders) {
        reader.feed(ByteBuffer.wrap(body, from, to - from));
        from = to;
      }
    }

    private static void write(ByteBuffer bytes, ByteArrayOutputStream out) {
      while (bytes != null && bytes.hasRemaining()) {
        out.write(bytes.get());
      }
    }

    /** In ascending order, the end last. */
    private int[] borders(int length) {
      int count = random.nextInt(20) == 0 ? length : random.nextInt(8);
      int[] borders = new int[count + 1];
      for (int i = 0; i < count; i++) {
        borders[i] = count == length ? i : random.nextInt(length + 1);
      }
      borders[count] = length;
      Arrays.sort(borders);
      return borders;
    }
  }
}
