package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors in all their forms, and answers that are nothing at all. */
class FailedAnswerTest {
  private static final List<RequestFacts> CALLS =
      Arrays.asList(
          Answers.CHAT,
          Answers.RESPONSES,
          Answers.EMBEDDINGS,
          Answers.COMPLETIONS,
          Answers.MESSAGES,
          Answers.GEMINI,
          Answers.GEMINI_STREAM,
          Answers.GEMINI_EMBED);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "429 | {\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":\"c\"}} | c | m",
        "429 | {\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":null}} | t | m",
        "400 | {\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":400}} | t | m",
        "402 | {\"error\":{\"message\":\"m\",\"code\":402}} | 402 | m",
        "429 | {\"error\":{\"code\":\"429\",\"message\":\"m\"}} | 429 | m",
        "400 | {\"object\":\"error\",\"message\":\"m\",\"type\":\"t\",\"code\":40303} | t | m",
        "200 | {\"object\":\"error\",\"message\":\"m\",\"type\":\"t\",\"code\":null} | t | m",
        "429 | {\"message\":\"m\"} | - | m",
        "422 | {\"detail\":[{\"loc\":[\"x\"],\"msg\":\"m\"}]} | - | -",
        "404 | {\"error\":\"m\"} | - | m",
        "200 | {\"error\":\"m\"} | - | m",
        "400 | [{\"error\":{\"code\":400,\"message\":\"m\",\"status\":\"S\"}}] | S | m",
        "529 | {\"type\":\"error\",\"error\":{\"type\":\"t\",\"message\":\"m\"}} | t | m",
        "429 | {\"type\":\"error\",\"error\":{\"type\":\"t\",\"message\":\"m\","
            + "\"details\":{\"error_code\":\"d\"}}} | d | m",
        "502 | <html>Bad Gateway</html> | - | -",
        "503 | upstream connect error | - | -",
        "500 | {\"error\":{\"mess | - | -",
        "500 | '' | - | -"
      })
  void readsTheErrorOfEveryProvider(int status, String body, String type, String message) {
    for (RequestFacts call : CALLS) {
      ResponseReader reader = Answers.reader(call, status);
      reader.feed(ByteBuffer.wrap(Answers.bytes(body)));
      reader.end();

      assertThat(reader.errorSeen()).isTrue();
      assertThat(reader.contentSeen()).isFalse();
      assertThat(reader.facts().errorType()).isEqualTo(type);
      assertThat(reader.facts().errorMessage()).isEqualTo(message);
    }
  }

  @Test
  void aSuccessIsNoError() {
    for (RequestFacts call : CALLS) {
      ResponseReader reader = Answers.reader(call, 200);
      reader.feed(
          ByteBuffer.wrap(
              Answers.bytes(
                  "{\"error\":null,\"type\":\"message\",\"code\":\"ok\",\"message\":\"y\"}")));
      assertThat(reader.contentSeen()).isFalse();
      reader.end();

      assertThat(reader.errorSeen()).isFalse();
      assertThat(reader.contentSeen()).isTrue();
      assertThat(reader.facts().errorType()).isNull();
      assertThat(reader.facts().errorMessage()).isNull();
    }
  }

  /** With status 200: body, the error's name. */
  private static final String[][] VENDORS = {
    {
      "{\"code\":\"Throttling.RateQuota\",\"message\":\"m\",\"request_id\":\"r\"}",
      "Throttling.RateQuota"
    },
    {"{\"code\":1302,\"msg\":\"m\",\"success\":false}", "1302"},
    {"{\"success\":false,\"errors\":[{\"code\":7003,\"message\":\"m\"}],\"result\":null}", "7003"},
    {"{\"error_code\":18,\"error_msg\":\"m\",\"id\":\"1\"}", "18"},
    {
      "{\"base_resp\":{\"status_code\":1008,\"status_msg\":\"m\"},\"choices\":null}", "minimax_1008"
    },
    {"{\"message\":\"Insufficient balance\"}", null}
  };

  @Test
  void whatVendorsSayWithStatus200IsAnError() {
    for (RequestFacts call : Arrays.asList(Answers.CHAT, Answers.MESSAGES, Answers.GEMINI)) {
      for (String[] vendor : VENDORS) {
        for (String form : Arrays.asList(vendor[0], "data: " + vendor[0] + "\n\n")) {
          ResponseReader reader = Answers.reader(call, 200);
          reader.feed(ByteBuffer.wrap(Answers.bytes(form)));
          reader.end();
          assertThat(reader.errorSeen()).as(form).isTrue();
          assertThat(reader.facts().errorType()).as(form).isEqualTo(vendor[1]);
          assertThat(reader.facts().failedAnswer()).isTrue();
        }
      }
    }
  }

  @Test
  void anAnswerWithContentIsNoErrorWhateverStandsBesideIt() {
    String choices =
        ",\"choices\":[{\"index\":0,\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";
    for (String beside :
        Arrays.asList(
            "{\"code\":20000,\"message\":\"done\"",
            "{\"success\":false,\"msg\":\"x\"",
            "{\"base_resp\":{\"status_code\":1,\"status_msg\":\"x\"}")) {
      ResponseReader reader = Answers.reader(Answers.CHAT, 200);
      reader.feed(ByteBuffer.wrap(Answers.bytes(beside + choices)));
      reader.end();
      assertThat(reader.errorSeen()).as(beside).isFalse();
      assertThat(reader.facts().empty()).isFalse();
      assertThat(reader.facts().complete()).isTrue();
    }
    ResponseFacts fine =
        Answers.read(
            Answers.EMBEDDINGS,
            "{\"code\":20000,\"message\":\"ok\",\"success\":true,\"data\":[{}]}");
    assertThat(fine.errorType()).isNull();
  }

  /**
   * A plain answer that ends anywhere before its end broke off; with a mistake in it, it did not.
   */
  @Test
  void whatBrokeOffIsToldFromWhatCannotBeRead() {
    String whole =
        "{\"id\":\"é\",\"choices\":[{\"message\":{\"content\":\"H\\\"i\"},\"finish_reason\":\"stop\"}]}";
    byte[] bytes = Answers.bytes(whole);
    for (int cut = 0; cut < bytes.length; cut++) {
      ResponseReader reader = Answers.reader(Answers.CHAT, 200);
      reader.feed(ByteBuffer.wrap(bytes, 0, cut));
      reader.end();
      assertThat(reader.facts().brokenOff()).as("cut at %s", cut).isTrue();
      assertThat(reader.facts().complete()).isFalse();
    }
    for (String odd :
        Arrays.asList(
            whole.replace("H\\\"i", "a\tb"),
            whole.replace("\"é\"", "NaN"),
            whole + "}",
            whole + whole,
            whole.replace("é", "\u0000"))) {
      ResponseFacts facts = Answers.read(Answers.CHAT, odd);
      assertThat(facts.brokenOff()).as(odd).isFalse();
      assertThat(facts.unreadable()).as(odd).isFalse();
      assertThat(facts.complete()).as(odd).isTrue();
      assertThat(facts.empty()).as(odd).isFalse();
      assertThat(facts.finishReasons()).as(odd).containsExactly("stop");
    }
    for (String mistaken :
        Arrays.asList(whole.replace("\\\"", "\""), whole.replace(":[", " ["), "{]" + whole)) {
      ResponseFacts facts = Answers.read(Answers.CHAT, mistaken);
      assertThat(facts.brokenOff()).as(mistaken).isFalse();
      assertThat(facts.unreadable()).as(mistaken).isTrue();
      assertThat(facts.empty()).as(mistaken).isFalse();
      assertThat(facts.outputCharacters()).as(mistaken).isPositive();
    }
    for (String text : Arrays.asList("upstream failed", "\"oops\"", ")]}',\n" + whole, "12")) {
      ResponseFacts facts = Answers.read(Answers.CHAT, text);
      assertThat(facts.brokenOff()).as(text).isFalse();
      assertThat(facts.unreadable()).as(text).isTrue();
      assertThat(facts.empty()).as(text).isTrue();
      assertThat(facts.events()).as(text).isFalse();
    }
    for (String beginning : Arrays.asList("d", "dat", "eve", "i", "re", "\n\nda")) {
      assertThat(Answers.read(Answers.CHAT, beginning).brokenOff()).as(beginning).isTrue();
    }
    for (String none :
        Arrays.asList("[]", "{\"choices\":[]}", "{\"choices\":null}", "{}", "<html></html>")) {
      ResponseFacts facts = Answers.read(Answers.CHAT, none);
      assertThat(facts.empty()).as(none).isTrue();
      assertThat(facts.brokenOff()).as(none).isFalse();
    }
  }

  @Test
  void aBodyCutShortHasNoContent() {
    for (RequestFacts call : CALLS) {
      ResponseReader reader = Answers.reader(call, 200);
      reader.feed(ByteBuffer.wrap(Answers.bytes("{\"id\":\"x\",\"usage\":{\"input_tokens\":1}")));
      reader.end();

      assertThat(reader.contentSeen()).isFalse();
      assertThat(reader.facts().complete()).isFalse();
    }
  }

  @Test
  void bodiesLargerThanAnyBufferAreRead() {
    ResponseReader reader = Answers.reader(Answers.EMBEDDINGS, 200);
    byte[] vector = Answers.bytes("{\"object\":\"embedding\",\"embedding\":[0.25,-1e-3,3]},");

    reader.feed(ByteBuffer.wrap(Answers.bytes("{\"data\":[")));
    for (int i = 0; i < 200_000; i++) {
      reader.feed(ByteBuffer.wrap(vector));
    }
    reader.feed(ByteBuffer.wrap(Answers.bytes("{}],\"usage\":{\"prompt_tokens\":5}}")));
    reader.end();

    assertThat(reader.facts().complete()).isTrue();
    assertThat(reader.facts().usage().input()).isEqualTo(5);
  }

  @Property(tries = 2000)
  void garbageOfAnyKindIsTaken(
      @ForAll("calls") RequestFacts call,
      @ForAll("starts") String start,
      @ForAll byte[] garbage,
      @ForAll("statuses") int status) {
    byte[] body = new byte[start.length() + garbage.length];
    System.arraycopy(Answers.bytes(start), 0, body, 0, start.length());
    System.arraycopy(garbage, 0, body, start.length(), garbage.length);
    ResponseReader reader = Answers.reader(call, status);

    Answers.feed(reader, body, Collections.singletonList(7));
    reader.end();
    reader.feed(ByteBuffer.wrap(body));

    assertThat(reader.facts()).isNotNull();
    assertThat(reader.errorSeen()).isEqualTo(status == 500);
  }

  @Test
  void hostileBodiesAreTaken() {
    StringBuilder deep = new StringBuilder();
    StringBuilder digits = new StringBuilder("1");
    for (int i = 0; i < 100_000; i++) {
      deep.append("{\"choices\":[");
      digits.append('0');
    }
    for (RequestFacts call : CALLS) {
      assertThat(Answers.read(call, deep.toString()).complete()).isFalse();
      assertThat(Answers.read(call, "data: " + deep + "\n\n").malformedEvents()).isEqualTo(1);
      assertThat(Answers.read(call, "{\"usage\":" + digits + "}").usage()).isNull();
      assertThat(Answers.read(call, "{\"usage\":{\"prompt_tokens\":1e400}}").usage()).isNull();
    }
  }

  @Provide
  Arbitrary<RequestFacts> calls() {
    return Arbitraries.of(CALLS);
  }

  @Provide
  Arbitrary<Integer> statuses() {
    return Arbitraries.of(200, 500);
  }

  @Provide
  Arbitrary<String> starts() {
    return Arbitraries.of(
        "",
        "{",
        "[{\"candidates\":[{",
        "{\"choices\":[{",
        "data: ",
        "data: {\"usage\":{",
        "event: x\n");
  }
}
