package io.flyball.protocol.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SseSplitterTest {

  /** Writes down what it is told. */
  private static final class Log implements SseSink {
    final List<String> events = new ArrayList<>();
    final List<String> longEvents = new ArrayList<>();
    final List<String> data = new ArrayList<>();
    private final ByteArrayOutputStream longData = new ByteArrayOutputStream();
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void event(SseEvent event) {
      if (event.hasData()) {
        String text = new String(event.data(), StandardCharsets.UTF_8);
        events.add(event.name() + "|" + text);
        addData(text);
      }
      bytes.write(event.rawArray(), event.rawOffset(), event.rawLength());
    }

    private void addData(String text) {
      if (!text.isEmpty()) {
        data.add(text);
      }
    }

    @Override
    public void longEvent(SseEvent beginning) {
      longEvents.add(beginning.name());
      byte[] begun = beginning.data();
      longData.write(begun, 0, begun.length);
    }

    @Override
    public void moreData(byte[] run, int offset, int length) {
      assertThat(length).isPositive();
      longData.write(run, offset, length);
    }

    @Override
    public void longEventEnded() {
      addData(new String(longData.toByteArray(), StandardCharsets.UTF_8));
      longData.reset();
    }

    @Override
    public void passedOver(byte[] run, int offset, int length) {
      bytes.write(run, offset, length);
    }

    @Override
    public void lateLineFeed() {
      bytes.write('\n');
    }
  }

  private static Log split(List<byte[]> pieces, int limit) {
    Log log = new Log();
    SseSplitter splitter = new SseSplitter(log, limit);
    for (byte[] piece : pieces) {
      ByteBuffer direct = ByteBuffer.allocateDirect(piece.length);
      direct.put(piece).flip();
      splitter.feed(direct);
      assertThat(direct.remaining()).isEqualTo(piece.length);
    }
    splitter.end();
    return log;
  }

  private static Log split(String... pieces) {
    List<byte[]> all = new ArrayList<>();
    for (String piece : pieces) {
      all.add(piece.getBytes(StandardCharsets.UTF_8));
    }
    return split(all, SseSplitter.DEFAULT_LIMIT);
  }

  @Property(tries = 2000)
  void findsTheEventsTheStandardDefines(
      @ForAll("streams") byte[] stream, @ForAll("cuts") List<Integer> cuts) {
    Log log = split(SseTexts.cut(stream, cuts), SseSplitter.DEFAULT_LIMIT);

    assertThat(log.events).isEqualTo(SseTexts.events(stream));
  }

  @Property(tries = 1000)
  void losesNoByteWhateverTheLimit(
      @ForAll("streams") byte[] stream, @ForAll("cuts") List<Integer> cuts) {
    assertThat(split(SseTexts.cut(stream, cuts), 1 << 20).bytes.toByteArray()).isEqualTo(stream);
    assertThat(split(SseTexts.cut(stream, cuts), 15).bytes.toByteArray()).isEqualTo(stream);
  }

  @Property(tries = 1000)
  void theLimitDoesNotDependOnTheCut(
      @ForAll("streams") byte[] stream, @ForAll("cuts") List<Integer> cuts) {
    List<byte[]> whole = new ArrayList<>();
    whole.add(stream);

    assertThat(split(SseTexts.cut(stream, cuts), 20).events).isEqualTo(split(whole, 20).events);
  }

  @Property(tries = 2000)
  void dataIsTheSameWhateverTheLimit(
      @ForAll("streams") byte[] stream,
      @ForAll("cuts") List<Integer> cuts,
      @ForAll @IntRange(max = 40) int limit) {
    Log kept = split(SseTexts.cut(stream, cuts), 1 << 20);

    assertThat(split(SseTexts.cut(stream, cuts), limit).data).isEqualTo(kept.data);
    assertThat(hasFields(stream, limit)).isEqualTo(hasFields(stream, 1 << 20));
  }

  private static boolean hasFields(byte[] stream, int limit) {
    SseSplitter splitter = new SseSplitter(event -> {}, limit);
    splitter.feed(stream, 0, stream.length);
    splitter.end();
    return splitter.hasFields();
  }

  @Test
  void anEventIsThereWithItsLastByte() {
    Log log = new Log();
    SseSplitter splitter = new SseSplitter(log);

    splitter.feed(ByteBuffer.wrap("data: 1\r\n\r".getBytes(StandardCharsets.UTF_8)));

    assertThat(log.events).containsExactly("null|1");
  }

  @Test
  void carriageReturnAndLineFeedInTwoBuffersAreOneLineEnd() {
    assertThat(split("data: a\r", "\ndata: b\r", "\n\r", "\ndata: c\r\n\r\n").events)
        .containsExactly("null|a\nb", "null|c");
  }

  @Test
  void charactersCutInTwoAreWhole() {
    byte[] stream = "data: 💡\n\n".getBytes(StandardCharsets.UTF_8);
    List<byte[]> bytes = new ArrayList<>();
    for (byte b : stream) {
      bytes.add(new byte[] {b});
    }

    assertThat(split(bytes, 100).events).containsExactly("null|💡");
  }

  @Test
  void anEventLargerThanTheLimitComesInPiecesAndIsCounted() {
    Log log = new Log();
    SseSplitter splitter = new SseSplitter(log, 10);

    splitter.feed(
        ByteBuffer.wrap(
            "data: too large\ndata: 1\n\ndata: 2\n\n".getBytes(StandardCharsets.UTF_8)));
    splitter.end();

    assertThat(log.events).containsExactly("null|2");
    assertThat(log.data).containsExactly("too large\n1", "2");
    assertThat(splitter.eventsPassedOver()).isEqualTo(1);
  }

  /** Who looks at each byte again with each line does so for ever. */
  @Test
  void aLineOfDataIsLookedAtOnceHoweverManyLinesFollow() {
    Log log = new Log();
    SseSplitter splitter = new SseSplitter(log);
    int[] looks = new int[1];
    String[] lines = {"data: {\n", "id: 1\n", "data: }\n", ": c\r\n", "event: e\n", "data: 3\r\n"};
    for (int i = 0; i < 1000; i++) {
      byte[] line = lines[i % lines.length].getBytes(StandardCharsets.UTF_8);
      splitter.feed(line, 0, line.length);
      splitter.endIfWhole(
          event -> {
            looks[0]++;
            return false;
          });
    }
    assertThat(looks[0]).isEqualTo(1);
    assertThat(log.events).isEmpty();
  }

  @Test
  void theNameOfOneEventDoesNotPassToTheNext() {
    assertThat(split("event: a\ndata: 1\n\ndata: 2\n\nevent: b\ndata: 3\n\n").events)
        .containsExactly("a|1", "null|2", "b|3");
  }

  @Provide
  Arbitrary<byte[]> streams() {
    return SseTexts.streams();
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return SseTexts.cuts();
  }
}
