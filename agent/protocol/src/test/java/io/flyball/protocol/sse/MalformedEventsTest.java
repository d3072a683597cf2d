package io.flyball.protocol.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MalformedEventsTest {

  private static String through(SseFilter filter, String stream, List<Integer> cuts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] piece : SseTexts.cut(stream.getBytes(StandardCharsets.UTF_8), cuts)) {
      write(filter.feed(ByteBuffer.wrap(piece)), out);
    }
    write(filter.end(), out);
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  private static void write(ByteBuffer bytes, ByteArrayOutputStream out) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    out.write(copy, 0, copy.length);
  }

  @Test
  void whatALenientReaderCouldReadIsNotTakenFromIt() {
    String[] good = {
      "data: {\"a\":\"tab\tin a string\"}\n\n",
      "data: {'a':'b',/* c */ d:[1,],}\n\n",
      "data: {\"a\":1} and so on\n\n",
      "data: {}{}\n\n",
      "data: {\"logprob\":NaN,\"b\":-Infinity,\"c\":[Infinity]}\n\n",
      "data: [DONE] \n\n",
      "data:  [DONE]\t\n\n",
      "data:[DONE]\n\n"
    };
    for (String event : good) {
      assertThat(through(MalformedEvents.filter(), event, Arrays.asList(5))).isEqualTo(event);
    }
    String[] bad = {
      "data: {\"a\":\"tab\t\n\n",
      "data: {NaN}\n\n",
      "data: {\"a\":Nan}\n\n",
      "data: {oops}\n\n",
      "data: 5 o'clock\n\n",
      "data: {\"a\" 1}\n\n",
      "data: {\"a\":1 \"b\":2}\n\n",
      "data: {\"a\":[1}]\n\n",
      "data: [DONE\n\n",
      "data: [DONE]]\n\n"
    };
    for (String event : bad) {
      assertThat(through(MalformedEvents.filter(), event, Arrays.asList(5))).isEmpty();
    }
  }

  @Property(tries = 300)
  void goodEventsStayAsTheyCameAndBadOnesGo(@ForAll("cuts") List<Integer> cuts) {
    SseFilter filter = MalformedEvents.filter();
    String stream =
        ": keep-alive\n\nevent: x\ndata: {\"a\":\ndata: 1}\r\n\r\ndata:\n\n"
            + "data: {\"choi\n\nevent: y\ndata: {}]{\n\ndata: {]\n\ndata: \"text\"\n\ndata: oops\r\n\r\ndata: [DONE]\n\n";

    assertThat(through(filter, stream, cuts))
        .isEqualTo(
            ": keep-alive\n\nevent: x\ndata: {\"a\":\ndata: 1}\r\n\r\ndata:\n\n"
                + "event: y\ndata: {}]{\n\ndata: \"text\"\n\ndata: [DONE]\n\n");
    assertThat(filter.removed()).isEqualTo(3);
  }

  @Test
  void halfAnEventAtTheEndDoesNotGoOn() {
    SseFilter filter = MalformedEvents.filter();

    assertThat(through(filter, "data: {}\n\ndata: {\"a\":", Arrays.asList(5)))
        .isEqualTo("data: {}\n\n");
  }

  @Test
  void aDocumentIsNoStream() {
    String document = "{\"error\":\n\n";

    assertThat(through(MalformedEvents.filter(), document, Arrays.asList(3))).isEqualTo(document);
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return SseTexts.cuts();
  }
}
