package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An {@code error} that says nothing is none, and what is whole is an answer, whatever it says. */
class SayingNothingTest {
  private static final List<String> NOTHING =
      Arrays.asList(
          "\"error\":\"\"",
          "\"error\":{}",
          "\"error\":[]",
          "\"error\":[null]",
          "\"error\":false",
          "\"error\":0",
          "\"error\":\"none\"",
          "\"error\":\"null\"",
          "\"error\":\"OK\"",
          "\"error\":{\"code\":0}",
          "\"error\":{\"message\":null}",
          "\"error\":{\"code\":null,\"message\":\"\"}",
          "\"error\":{\"code\":\"0\",\"message\":\"success\"}",
          "\"error\":{\"code\":200,\"status\":\"OK\",\"type\":\"\"}");

  private static final String MARK = "\"type\":\"error\"";

  private static final String CHAT =
      "{%s\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"Hi\"},"
          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}";
  private static final String MESSAGES =
      "{%s\"id\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],"
          + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
  private static final String RESPONSES =
      "{%s\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":"
          + "\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}],"
          + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"total_tokens\":2}}";
  private static final String GEMINI =
      "{%s\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}],"
          + "\"usageMetadata\":{\"promptTokenCount\":1,\"candidatesTokenCount\":1}}";
  private static final String EMBEDDINGS =
      "{%s\"data\":[{\"embedding\":[0.1]}],\"usage\":{\"prompt_tokens\":1}}";
  private static final String GEMINI_EMBED = "{%s\"embedding\":{\"values\":[0.1]}}";

  private static Map<RequestFacts, String> plain() {
    Map<RequestFacts, String> plain = new LinkedHashMap<>();
    plain.put(Answers.CHAT, CHAT);
    plain.put(Answers.MESSAGES, MESSAGES);
    plain.put(Answers.RESPONSES, RESPONSES);
    plain.put(Answers.GEMINI, GEMINI);
    plain.put(Answers.EMBEDDINGS, EMBEDDINGS);
    plain.put(Answers.GEMINI_EMBED, GEMINI_EMBED);
    return plain;
  }

  /** The events of a stream; the first %s is before the content, the second behind it. */
  private static Map<RequestFacts, String[]> streams() {
    Map<RequestFacts, String[]> streams = new LinkedHashMap<>();
    streams.put(
        Answers.CHAT,
        new String[] {
          "data: {%s\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n",
          "data: {%s\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},"
              + "\"finish_reason\":\"stop\"}]}\n\n",
          "data: [DONE]\n\n"
        });
    streams.put(
        Answers.MESSAGES,
        new String[] {
          "data: {%s\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n",
          "data: {%s\"type\":\"content_block_delta\",\"delta\":{\"text\":\"Hi\"}}\n\n",
          "data: {%s\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n",
          "data: {%s\"type\":\"message_stop\"}\n\n"
        });
    streams.put(
        Answers.RESPONSES,
        new String[] {
          "data: {\"type\":\"response.created\",\"response\":{%s\"id\":\"r\"}}\n\n",
          "data: {%s\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n",
          "data: {\"type\":\"response.completed\",\"response\":{%s\"status\":\"completed\"}}\n\n"
        });
    streams.put(
        Answers.GEMINI_STREAM,
        new String[] {
          "data: {%s\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}\n\n",
          "data: {%s\"candidates\":[{\"content\":{},\"finishReason\":\"STOP\"}]}\n\n"
        });
    return streams;
  }

  private static ResponseReader read(RequestFacts call, String body) {
    ResponseReader reader = Answers.reader(call, 200);
    boolean early = false;
    for (byte each : Answers.bytes(body)) {
      reader.feed(ByteBuffer.wrap(new byte[] {each}));
      early |= reader.errorSeen();
    }
    reader.end();
    assertThat(early && !reader.errorSeen()).as(body).isFalse();
    return reader;
  }

  private static void isGood(RequestFacts call, String body) {
    ResponseReader reader = read(call, body);
    assertThat(reader.errorSeen()).as(body).isFalse();
    assertThat(reader.contentSeen()).as(body).isTrue();
    assertThat(reader.facts().complete()).as(body).isTrue();
    assertThat(reader.facts().empty()).as(body).isFalse();
    assertThat(reader.facts().errorType()).as(body).isNull();
    assertThat(reader.facts().errorMessage()).as(body).isNull();
  }

  @Test
  void anErrorThatSaysNothingIsNoneInAPlainAnswer() {
    plain()
        .forEach(
            (call, body) -> {
              for (String nothing : NOTHING) {
                isGood(call, String.format(body, nothing + ","));
                isGood(call, String.format(body, "").replaceAll("\\}$", "," + nothing + "}"));
              }
              isGood(call, String.format(body, MARK + ","));
            });
  }

  @Test
  void norInAnyEventOfAStream() {
    streams()
        .forEach(
            (call, events) -> {
              for (String nothing : NOTHING) {
                for (int only = -1; only < events.length; only++) {
                  StringBuilder stream = new StringBuilder();
                  for (int i = 0; i < events.length; i++) {
                    boolean said = only < 0 || only == i;
                    stream.append(events[i].replace("%s", said ? nothing + "," : ""));
                  }
                  isGood(call, stream.toString());
                }
              }
            });
  }

  @Test
  void aStrayMarkBesideChoicesIsNone() {
    for (RequestFacts call : Arrays.asList(Answers.CHAT, Answers.GEMINI_STREAM)) {
      isGood(call, String.join("", streams().get(call)).replace("%s", MARK + ","));
    }
  }

  @Test
  void aWholePlainAnswerIsNoFailureWhateverStandsBesideIt() {
    String said = "\"error\":{\"message\":\"the cache was down\",\"code\":500}";
    plain()
        .forEach(
            (call, body) -> {
              isGood(call, String.format(body, said + ","));
              isGood(call, String.format(body, "").replaceAll("\\}$", "," + said + "}"));
            });
  }

  @Test
  void anErrorThatSaysSomethingInThePlaceOfAnAnswerStaysOne() {
    for (RequestFacts call : plain().keySet()) {
      for (String error :
          Arrays.asList(
              "{\"error\":\"boom\"}",
              "{\"error\":{\"message\":\"boom\"}}",
              "{\"error\":{\"code\":0,\"message\":\"boom\"}}",
              "{\"error\":{\"code\":500}}",
              "{\"error\":{\"type\":\"overloaded_error\"}}",
              "{\"type\":\"error\",\"message\":\"boom\"}",
              "{\"type\":\"error\"}")) {
        assertThat(read(call, error).errorSeen()).as(error).isTrue();
        assertThat(read(call, "data: " + error + "\n\n").errorSeen()).as(error).isTrue();
      }
    }
    String failed =
        String.format(CHAT, "\"error\":{\"message\":\"boom\"},").replace("\"stop\"", "\"error\"");
    assertThat(read(Answers.CHAT, failed).errorSeen()).isTrue();
    String response =
        String.format(RESPONSES, "\"error\":{\"code\":\"boom\"},").replace("completed", "failed");
    assertThat(read(Answers.RESPONSES, response).errorSeen()).isTrue();
    assertThat(read(Answers.RESPONSES, response).facts().errorType()).isEqualTo("boom");
  }

  @Test
  void anErrorEventBehindTheContentOfAStreamStaysOne() {
    streams()
        .forEach(
            (call, events) -> {
              String said = "data: {\"error\":{\"message\":\"boom\"}}\n\n";
              String stream = (events[0] + events[1]).replace("%s", "") + said;
              assertThat(read(call, stream).errorSeen()).as(stream).isTrue();
            });
  }
}
