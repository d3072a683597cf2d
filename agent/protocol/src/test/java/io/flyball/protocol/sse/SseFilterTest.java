package io.flyball.protocol.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SseFilterTest {
  private static final String SECRET = "data: [USAGE]";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ByteBuffer buffer) {
    return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
  }

  private static SseFilter filter() {
    return new SseFilter(event -> event.dataIs("[USAGE]"));
  }

  private static String through(SseFilter filter, byte[] stream, List<Integer> cuts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] piece : SseTexts.cut(stream, cuts)) {
      byte[] released = bytes(text(filter.feed(ByteBuffer.wrap(piece))));
      out.write(released, 0, released.length);
    }
    byte[] rest = bytes(text(filter.end()));
    out.write(rest, 0, rest.length);
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  @Test
  void aJsonDocumentIsNotHeldBack() {
    SseFilter filter = filter();
    assertThat(text(filter.feed(ByteBuffer.wrap(bytes("\n"))))).isEqualTo("\n");
    assertThat(text(filter.feed(ByteBuffer.wrap(bytes("{\"a\":1"))))).isEqualTo("{\"a\":1");
    assertThat(text(filter.feed(ByteBuffer.wrap(bytes("}\n"))))).isEqualTo("}\n");
    assertThat(text(filter.end())).isEmpty();
  }

  @Property(tries = 1000)
  void theStreamLeavesWithoutTheEventAndOtherwiseUntouched(
      @ForAll("blocks") List<String> blocks,
      @ForAll("endings") String ending,
      @ForAll("wideCuts") List<Integer> cuts) {
    StringBuilder stream = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (String block : blocks) {
      String raw = block.replace("\n", ending);
      stream.append(raw);
      if (!block.contains(SECRET)) {
        expected.append(raw);
      }
    }

    assertThat(through(filter(), bytes(stream.toString()), cuts)).isEqualTo(expected.toString());
  }

  @Property(tries = 1000)
  void aStreamWithoutTheEventLeavesByteForByte(
      @ForAll("streams") byte[] stream, @ForAll("cuts") List<Integer> cuts) {
    SseFilter filter = filter();

    assertThat(bytes(through(filter, stream, cuts))).isEqualTo(stream);
    assertThat(filter.removed()).isZero();
  }

  /** Who waits no longer has all that came, and the events after that are as they are ever. */
  @Property(tries = 1000)
  void whatIsReleasedBetweenPiecesIsAllThatCame(
      @ForAll("blocks") List<String> blocks,
      @ForAll("endings") String ending,
      @ForAll("wideCuts") List<Integer> cuts) {
    List<String> wanted = new ArrayList<>(blocks);
    wanted.removeIf(block -> block.contains(SECRET));
    byte[] stream = bytes(String.join("", wanted).replace("\n", ending));
    SseFilter filter = filter();
    StringBuilder fed = new StringBuilder();
    StringBuilder out = new StringBuilder();
    for (byte[] piece : SseTexts.cut(stream, cuts)) {
      fed.append(new String(piece, StandardCharsets.ISO_8859_1));
      out.append(StandardCharsets.ISO_8859_1.decode(filter.feed(ByteBuffer.wrap(piece))));
      out.append(StandardCharsets.ISO_8859_1.decode(filter.release()));
      assertThat(out.toString()).isEqualTo(fed.toString());
    }
    String end = "data: {}\n\n";
    String secret = SECRET + "\n\n";
    String rest =
        text(filter.feed(ByteBuffer.wrap(bytes("\n\n" + secret + end)))) + text(filter.end());
    assertThat(rest).isEqualTo("\n\n" + end);
  }

  /** As {@link #through}, but events without the unwanted one are not looked at. */
  @Property(tries = 1000)
  void whatIsPassedByMakesNoDifference(
      @ForAll("blocks") List<String> blocks,
      @ForAll("endings") String ending,
      @ForAll("wideCuts") List<Integer> cuts) {
    byte[] stream = bytes(String.join("", blocks).replace("\n", ending));
    SseFilter filter = filter();
    StringBuilder out = new StringBuilder();
    for (byte[] piece : SseTexts.cut(stream, cuts)) {
      ByteBuffer next = ByteBuffer.wrap(piece);
      out.append(text(text(next).contains(SECRET) ? filter.feed(next) : filter.passBy(next)));
    }
    out.append(text(filter.end()));

    assertThat(out.toString()).isEqualTo(through(filter(), stream, cuts));
  }

  @Test
  void wholeEventsAreKnownByWhereTheyBeginAndEnd() {
    SseFilter filter = filter();
    assertThat(areWhole(filter, "data: 1\n\n")).isTrue();
    assertThat(areWhole(filter, ": x\r\n\r\ndata: 1\r\n\r\n")).isTrue();
    assertThat(areWhole(filter, "data: 1\n\ndata: 2\n")).isFalse();
    assertThat(areWhole(filter, "\n")).isFalse();
    filter.feed(ByteBuffer.wrap(bytes("data: 1")));
    assertThat(areWhole(filter, "\n\n")).as("the end of one").isFalse();
    filter.feed(ByteBuffer.wrap(bytes("\r\r")));
    assertThat(areWhole(filter, "\n\n")).as("the line feed belongs to the one before").isFalse();
    assertThat(areWhole(filter(), "{\"a\":1\n\n")).as("a document").isFalse();
    SseFilter small = new SseFilter(event -> false, 4);
    small.feed(ByteBuffer.wrap(bytes("data: too large")));
    assertThat(areWhole(small, "\n\n")).isFalse();
  }

  private static boolean areWhole(SseFilter filter, String next) {
    return filter.areWholeEvents(ByteBuffer.wrap(bytes(next)));
  }

  @Test
  void anEventLeavesAtOnce() {
    SseFilter filter = filter();

    assertThat(text(filter.feed(ByteBuffer.wrap(bytes("data: 1\n\ndata: 2")))))
        .isEqualTo("data: 1\n\n");
    assertThat(text(filter.feed(ByteBuffer.wrap(bytes("\n\n"))))).isEqualTo("data: 2\n\n");
  }

  @Test
  void wholeEventsLeaveInTheBufferTheyCameIn() {
    SseFilter filter = filter();
    ByteBuffer whole = ByteBuffer.wrap(bytes("..data: 1\n\ndata: 2\n\n"), 2, 18);

    assertThat(filter.feed(whole)).isSameAs(whole);
    assertThat(text(whole)).isEqualTo("data: 1\n\ndata: 2\n\n");
  }

  @Test
  void anEventInTheMiddleIsTakenOut() {
    SseFilter filter = filter();
    ByteBuffer mixed = ByteBuffer.wrap(bytes("data: 1\n\n" + SECRET + "\n\ndata: 2\n\nda"));

    assertThat(text(filter.feed(mixed))).isEqualTo("data: 1\n\ndata: 2\n\n");
    assertThat(text(filter.feed(ByteBuffer.wrap(bytes("ta: 3\n\n"))))).isEqualTo("data: 3\n\n");
  }

  @Test
  void whatIsHeldBackLeavesAtTheEnd() {
    SseFilter filter = filter();

    assertThat(text(filter.feed(ByteBuffer.wrap(bytes("data: cut of"))))).isEmpty();
    assertThat(text(filter.end())).isEqualTo("data: cut of");
  }

  @Test
  void theLateLineFeedOfARemovedEventGoesWithIt() {
    String stream = "data: 1\r\n\r\n" + SECRET + "\r\n\r\ndata: [DONE]\r\n\r\n";
    SseFilter filter = filter();

    assertThat(through(filter, bytes(stream), Collections.singletonList(1)))
        .isEqualTo("data: 1\r\n\r\ndata: [DONE]\r\n\r\n");
    assertThat(filter.removed()).isEqualTo(1);
  }

  /** What is held goes on before the next event that does, unless that one goes on alone. */
  @Property(tries = 1000)
  void theNextEventTellsWhatBecomesOfTheOneThatIsHeld(
      @ForAll("heldBlocks") List<String> blocks,
      @ForAll("endings") String ending,
      @ForAll("wideCuts") List<Integer> cuts) {
    StringBuilder expected = new StringBuilder();
    StringBuilder held = new StringBuilder();
    for (String block : blocks) {
      String raw = block.replace("\n", ending);
      if (block.contains("[HELD]")) {
        held.append(raw);
      } else if (!block.contains("[USAGE]")) {
        expected.append(block.contains("[ALONE]") ? "" : held).append(raw);
        held.setLength(0);
      }
    }
    SseFilter filter =
        new SseFilter(
            event -> false,
            SseSplitter.DEFAULT_LIMIT,
            event ->
                event.dataIs("[HELD]")
                    ? SseFilter.Fate.HELD
                    : event.dataIs("[USAGE]")
                        ? SseFilter.Fate.TAKEN_OUT
                        : event.dataIs("[ALONE]")
                            ? SseFilter.Fate.GOES_ON_ALONE
                            : SseFilter.Fate.GOES_ON);

    assertThat(through(filter, bytes(String.join("", blocks).replace("\n", ending)), cuts))
        .isEqualTo(expected.toString() + held);
  }

  @Provide
  Arbitrary<List<String>> heldBlocks() {
    return Arbitraries.of(
            SECRET + "\n\n",
            "data: [HELD]\n\n",
            "event: x\ndata: [HELD]\n\n",
            "data: [ALONE]\n\n",
            "data: {}\n\n",
            ": keep-alive\n\n")
        .list()
        .ofMaxSize(10);
  }

  @Provide
  Arbitrary<List<String>> blocks() {
    return Arbitraries.of(
            SECRET + "\n\n",
            "event: x\n" + SECRET + "\n\n",
            "data: {\"a\":[]}\n\n",
            "data: two\ndata: lines\n\n",
            ": keep-alive\n\n",
            "data: [DONE]\n\n")
        .list()
        .ofMaxSize(10);
  }

  @Provide
  Arbitrary<String> endings() {
    return Arbitraries.of("\n", "\r", "\r\n");
  }

  @Provide
  Arbitrary<List<Integer>> wideCuts() {
    return Combinators.combine(SseTexts.cuts(), Arbitraries.integers().between(1, 200))
        .as(
            (cuts, wide) -> {
              cuts.add(wide);
              return cuts;
            });
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
