package io.flyball.instrumentation.httpurlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.httpurlconnection.Programs.Program;
import io.flyball.instrumentation.httpurlconnection.Programs.Seen;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The same small programs with the JDK's connection and with ours, against the same answers: what
 * they see and what they send is the same, whether the request is a model call or only looks like
 * one. Observing, so that nothing is meant to differ.
 */
class DifferentialTest {
  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.observe(new HttpUrlConnectionInstrumentation());

  private static final String PATH = "/v1/chat/completions";
  private static final byte[] NO_CALL =
      "just some words, nothing else".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CALL = Outgoing.CHAT.getBytes(StandardCharsets.US_ASCII);

  private static Map<String, Answer> answers() {
    Map<String, Answer> answers = new LinkedHashMap<>();
    String[] headers = {"X-Two", "1", "Date", "Sat, 21 Nov 2026 03:00:00 GMT", "X-Two", "2"};
    answers.put("200", Answer.of(200, "fine", headers));
    answers.put("200 chunked", Answer.chunked(200, headers).chunk("fi").chunk("ne").end());
    answers.put("200 empty", Answer.of(200, "", headers));
    answers.put("200 until close", raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nfine").close());
    answers.put("HTTP/1.0", raw("HTTP/1.0 200 Fine with me\r\nX-Two: 1\r\n\r\nfine").close());
    answers.put("no reason", raw("HTTP/1.1 200\r\nContent-Length: 4\r\n\r\nfine"));
    answers.put("204", raw("HTTP/1.1 204 No Content\r\nX-Two: 2\r\n\r\n"));
    answers.put("304", raw("HTTP/1.1 304 Not Modified\r\nX-Two: 2\r\n\r\n"));
    answers.put(
        "interim",
        raw("HTTP/1.1 100 Continue\r\n\r\n")
            .raw(bytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine")));
    answers.put("301", Answer.of(301, "moved", "Location", PATH));
    answers.put("307", Answer.of(307, "moved", "Location", PATH));
    answers.put("400", Answer.of(400, "bad", headers));
    answers.put("401", Answer.of(401, "who are you", "WWW-Authenticate", "Basic realm=x"));
    answers.put("404", Answer.of(404, "not here", headers));
    answers.put("404 empty", Answer.of(404, "", headers));
    answers.put("410 chunked", Answer.chunked(410, headers).chunk("gone").end());
    answers.put("500", Answer.of(500, "broken", headers));
    answers.put("garbage", raw("I am not a web server at all\r\n\r\n").close());
    answers.put("nothing", Answer.nothing().close());
    return answers;
  }

  private static Answer raw(String text) {
    return Answer.nothing().raw(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @TestFactory
  Stream<DynamicTest> everyProgramSeesAndSendsTheSame() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, Program> program : Programs.all().entrySet()) {
      for (Map.Entry<String, Answer> answer : answers().entrySet()) {
        tests.add(
            DynamicTest.dynamicTest(
                program.getKey() + ", " + answer.getKey(),
                () -> compare(program.getValue(), answer.getValue())));
      }
    }
    return tests.stream();
  }

  private static void compare(Program program, Answer answer) throws Exception {
    for (byte[] body : new byte[][] {NO_CALL, CALL}) {
      List<String> plain = new ArrayList<>();
      AGENT.disconnectedWhile(() -> plain.addAll(outcome(program, body, answer, false)));
      assertThat(outcome(program, body, answer, true)).isEqualTo(plain);
    }
    assertThat(AGENT.failures()).isEmpty();
  }

  /** What the program saw, then every request that arrived. */
  private static List<String> outcome(Program program, byte[] body, Answer answer, boolean governed)
      throws Exception {
    List<String> outcome = new ArrayList<>();
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(answer);
      // A POST that got no answer is sent once more by the JDK.
      provider.answer(answer);
      HttpURLConnection connection =
          (HttpURLConnection) new URL(provider.url() + PATH).openConnection();
      assertThat(connection instanceof GovernedHttpUrlConnection).isEqualTo(governed);
      connection.setReadTimeout(20_000);
      Seen seen = new Seen();
      try {
        program.run(connection, body, seen);
      } catch (Exception thrown) {
        seen.tell("ended by " + thrown.getClass().getName() + ": " + thrown.getMessage());
      }
      outcome.add(
          seen.toString().replace(":" + provider.port(), ":PORT").replaceAll("@[0-9a-f]+", "@"));
      for (RecordedRequest request : provider.requests()) {
        outcome.add(request.rawText().replace(":" + provider.port(), ":PORT"));
      }
      connection.disconnect();
    }
    return outcome;
  }
}
