package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.sse.SseFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams without usage: how it is asked for, and what the asking brings. */
class UsageRequestTest {

  private static String ask(String host, String path, String body) {
    RequestFacts request = Answers.recognise(host, path, body);
    byte[] asked = request.protocol().askForUsage(request, Answers.bytes(body));
    return asked == null ? null : new String(asked, StandardCharsets.UTF_8);
  }

  private static String askChat(String fields) {
    return ask("api.openai.com", "/v1/chat/completions", "{\"messages\":[]," + fields + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"stream\":true | \"stream_options\":{\"include_usage\":true},\"messages\":[],"
            + "\"stream\":true",
        "\"stream\":true,\"stream_options\":null | \"messages\":[],\"stream\":true,"
            + "\"stream_options\":{\"include_usage\":true}",
        "\"stream\":true,\"stream_options\":{} | \"messages\":[],\"stream\":true,"
            + "\"stream_options\":{\"include_usage\":true}",
        "\"stream\":true,\"stream_options\":{ \"x\":1} | \"messages\":[],\"stream\":true,"
            + "\"stream_options\":{\"include_usage\":true, \"x\":1}",
        "\"stream_options\":{\"include_usage\": false },\"stream\":true | \"messages\":[],"
            + "\"stream_options\":{\"include_usage\": true },\"stream\":true",
        "\"stream_options\":{\"include_usage\":null},\"str\\u0065am\":true | \"messages\":[],"
            + "\"stream_options\":{\"include_usage\":true},\"str\\u0065am\":true"
      })
  void asksByASplice(String fields, String expected) {
    assertThat(askChat(fields)).isEqualTo("{" + expected + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"stream\":false",
        "\"stream\":null",
        "\"n\":1",
        "\"stream\":true,\"stream_options\":{\"include_usage\":true}",
        "\"stream\":true,\"usage\":{\"include\":true}",
        "\"stream\":true,\"us\\u0061ge\":{\"include\":true}",
        "\"stream\":true,\"Include_Usage\":true",
        "\"stream\":true,\"stream_options\":{\"continuous_usage_stats\":true}",
        "\"stream\":true,\"stream_options\":7",
        "\"stream\":true,\"stream_options\":[]"
      })
  void leavesOtherRequestsAlone(String fields) {
    assertThat(askChat(fields)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"model\":\"a\",\"seed\":1,\"tools\":[] | \"temperature\":2,\"model\":\"b\" | true",
        "\"x\":1,\"y\":[] | \"y\":[7],\"seed\":1,\"x\":2 | true",
        "\"x\":1 | \"y\":1 | false",
        "\"x\":true | \"x\":false | false",
        "\"x\":true | \"seed\":1 | false",
        "\"stream_options\":{\"x\":1} | \"stream_options\":{} | false"
      })
  void knowsWhatARequestHasBeyondTheApi(String one, String other, boolean same) {
    Protocol chat = Answers.CHAT.protocol();
    int first = chat.beyondTheApi(Answers.bytes("{\"messages\":[]," + one + "}"));
    int second = chat.beyondTheApi(Answers.bytes("{" + other + ",\"messages\":[]}"));
    assertThat(first == second).isEqualTo(same);
  }

  @Test
  void asksWhereTheProviderTakesIt() {
    String body = "{\"model\":\"m\",\"prompt\":\"x\",\"messages\":[],\"stream\":true}";
    String prompt = "{\"model\":\"m\",\"prompt\":\"x\",\"stream\":true}";

    assertThat(ask("api.mistral.ai", "/v1/chat/completions", body)).isNull();
    assertThat(ask("r.services.ai.azure.com", "/models/chat/completions", body)).isNull();
    assertThat(ask("api.groq.com", "/openai/v1/chat/completions", body)).isNotNull();
    assertThat(ask("api.openai.com", "/v1/completions", prompt)).isNotNull();
    assertThat(
            ask(
                "api.openai.com",
                "/v1/responses",
                "{\"model\":\"m\",\"input\":\"x\",\"stream\":true}"))
        .isNull();
    assertThat(
            ask(
                "api.anthropic.com",
                "/v1/messages",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[],\"stream\":true}"))
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":\"x\",\"choices\": [ ],\"usage\":{\"prompt_tokens\":1}} | true",
        "{\"usage\":{},\"choices\":[]} | true",
        "{\"id\":\"x\",\"object\":\"o\",\"created\":1,\"model\":\"m\",\"choices\":[],\"usage\":{\"x\":1},"
            + "\"system_fingerprint\":\"f\",\"service_tier\":\"t\",\"obfuscation\":\"o\",\"prompt_logprobs\":null}"
            + " | true",
        "{\"choices\":[],\"citations\":[\"u\"],\"usage\":{\"prompt_tokens\":1}} | false",
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":1},\"x\\u0031\":{}} | false",
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":1},\"done\":true} | false",
        "{\"choices\":[],\"prompt_filter_results\":[]} | false",
        "{\"choices\":[],\"usage\":null} | false",
        "{\"choices\":[{\"index\":0}],\"usage\":{\"prompt_tokens\":1},\"x\":[]} | false",
        "{\"choices\":[{\"delta\":{\"content\":\"[]\"}}],\"usage\":null} | false",
        "{\"usage\":{\"prompt_tokens\":1}} | true",
        "{\"choices\":null,\"usage\":{\"prompt_tokens\":1}} | true",
        "{\"choices\":{},\"usage\":{\"prompt_tokens\":1}} | false",
        "[DONE] | false",
        "[] | false",
        "{\"choices\":[] | false"
      })
  void knowsTheEventItAskedFor(String data, boolean expected) {
    assertThat(isRequestedUsageEvent(Answers.CHAT.protocol(), data)).isEqualTo(expected);
    assertThat(isRequestedUsageEvent(Answers.COMPLETIONS.protocol(), data)).isEqualTo(expected);
    assertThat(isRequestedUsageEvent(Answers.RESPONSES.protocol(), data)).isFalse();
    assertThat(isRequestedUsageEvent(Answers.MESSAGES.protocol(), data)).isFalse();
  }

  /** Single line ends part the events of some streams: the end is not hidden with the usage. */
  @Test
  void whatStandsInOneBlockWithUsageIsNotHiddenWithIt() {
    String usage = "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}";
    Protocol chat = Answers.CHAT.protocol();
    assertThat(isRequestedUsageEvent(chat, usage + "\n[DONE]")).isFalse();
    assertThat(isRequestedUsageEvent(chat, usage + "\n{\"choices\":[{\"index\":0}]}")).isFalse();
    assertThat(isRequestedUsageEvent(chat, "{\"choices\":[{\"index\":0}]}\n" + usage)).isFalse();
    assertThat(isRequestedUsageEvent(chat, usage.replace(",", ",\n  "))).isTrue();
  }

  private static boolean isRequestedUsageEvent(Protocol protocol, String data) {
    byte[] bytes = Answers.bytes("data: " + data + "\n\n");
    return protocol.isRequestedUsageEvent(bytes, "data: ".length(), bytes.length - 8);
  }

  @Test
  void theRecordedStreamLosesThatEventOnly() {
    Recorded recorded = Recorded.load("openai-java-chat-stream-usage");
    String stream = new String(recorded.responseBody, StandardCharsets.UTF_8);
    int start = stream.lastIndexOf("data: {");
    int end = stream.lastIndexOf("data: [DONE]");
    Protocol protocol = recorded.recognise().protocol();
    SseFilter filter =
        new SseFilter(
            event ->
                isRequestedUsageEvent(protocol, new String(event.data(), StandardCharsets.UTF_8)));

    String passed =
        StandardCharsets.UTF_8.decode(filter.feed(ByteBuffer.wrap(recorded.responseBody)))
            + StandardCharsets.UTF_8.decode(filter.end()).toString();

    assertThat(passed).isEqualTo(stream.substring(0, start) + stream.substring(end));
    assertThat(filter.removed()).isEqualTo(1);
  }
}
