package io.flyball.protocol.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MalformedEventsTest {

  private interface Look {
    boolean at(SseEvent event);
  }

  private static boolean at(String stream, Look look) {
    List<Boolean> found = new ArrayList<>();
    SseSplitter splitter = new SseSplitter(event -> found.add(look.at(event)));
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    splitter.feed(bytes, 0, bytes.length);
    splitter.end();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void onlyObjectsThatNobodyCouldReadAreMalformed() {
    String[] malformed = {
      "data: {\"a\":\"tab\t\n\n",
      "data: {\"a\":Nan}\n\n",
      "data: { \"a\" 1}\n\n",
      "data: {\"a\":1 \"b\":2}\n\n",
      "data: {\"a\":[1}]\n\n",
      "event: x\ndata:  {\"choices\":[{\"delta\":\n\n"
    };
    for (String event : malformed) {
      assertThat(at(event, MalformedEvents::isMalformed)).as(event).isTrue();
      assertThat(at(event, MalformedEvents::isGood)).as(event).isFalse();
    }
    String[] good = {
      "data: {\"a\":\"tab\tin a string\"}\n\n",
      "data: {'a':'b',/* c */ d:[1,],}\n\n",
      "data: {\"a\":1} and so on\n\n",
      "data: {}{}\n\n",
      "data: {\"logprob\":NaN,\"b\":-Infinity,\"c\":[Infinity]}\n\n",
      "data: {\"a\":\ndata: 1}\r\n\r\n"
    };
    for (String event : good) {
      assertThat(at(event, MalformedEvents::isMalformed)).as(event).isFalse();
      assertThat(at(event, MalformedEvents::isGood)).as(event).isTrue();
    }
  }

  @Test
  void textIsNeither() {
    String[] text = {
      "data: 5 o'clock\n\n",
      "data: {NaN}\n\n",
      "data: {oops}\n\n",
      "data: {\n\n",
      "data: {{x}}\n\n",
      "data: [DONE\n\n",
      "data: [DONE]]\n\n",
      "data: [done]\n\n",
      "data: [1] {\"a\"\n\n",
      "data: \"quote\n\n",
      "data: [DONE] \n\n",
      "data:\n\n",
      ": comment\n\n",
      "event: error\ndata: {\"a\":\n\n"
    };
    for (String event : text) {
      assertThat(at(event, MalformedEvents::isMalformed)).as(event).isFalse();
      assertThat(at(event, MalformedEvents::isGood)).as(event).isFalse();
    }
  }

  @Test
  void onlyBetweenTwoGoodEventsOneMayBeMissed() {
    MalformedEvents events = MalformedEvents.ofStream();
    assertThat(events.good()).isFalse();
    assertThat(events.malformed()).isTrue();
    assertThat(events.good()).isTrue();
    assertThat(events.good()).isFalse();
    events.interrupted();
    assertThat(events.malformed()).isTrue();
    events.interrupted();
    assertThat(events.good()).isFalse();
    assertThat(events.malformed()).as("another stream than we thought").isFalse();

    assertThat(MalformedEvents.ofStream().malformed()).as("behind nothing").isFalse();
    MalformedEvents two = MalformedEvents.afterGood();
    assertThat(two.malformed()).isTrue();
    assertThat(two.malformed()).as("two in a row").isFalse();
    assertThat(two.good()).isFalse();
    MalformedEvents text = MalformedEvents.afterGood();
    text.other();
    text.good();
    assertThat(text.malformed()).as("behind text").isFalse();
  }
}
