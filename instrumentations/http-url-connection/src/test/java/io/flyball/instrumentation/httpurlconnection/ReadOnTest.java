package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who catches the timeout of a read and reads on, to look at a flag in between, gets the rest. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadOnTest {
  private static final int CUTS = 8;
  private static final int READ_TIMEOUT_MILLIS = 400;
  private static final String EVENTS =
      event("{\"content\":\"One \"}", "null")
          + event("{\"content\":\"two\"}", "null")
          + event("{}", "\"stop\"")
          + "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\","
          + "\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,"
          + "\"total_tokens\":7}}\n\ndata: [DONE]\n\n";

  @RegisterExtension static final InProcessAgent AGENT = Bare.agent(Bare.policies().build());

  private enum Form {
    FIXED(Outgoing.CHAT, CannedAnswers.CHAT),
    CHUNKED(Outgoing.CHAT, CannedAnswers.CHAT),
    STREAM(Outgoing.CHAT_STREAM, EVENTS);

    final String request;
    final String body;

    Form(String request, String body) {
      this.request = request;
      this.body = body;
    }

    /** Silent at that byte until the gate opens. */
    Answer answer(int cut, Gate gate) {
      String begin = body.substring(0, cut);
      String rest = body.substring(cut);
      if (this == FIXED) {
        String head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n";
        return Answer.nothing()
            .raw((head + begin).getBytes(UTF_8))
            .gate(gate)
            .raw(rest.getBytes(UTF_8));
      }
      Answer head =
          this == STREAM
              ? Answer.events()
              : Answer.chunked(200, "content-type", "application/json");
      return head.chunk(begin).gate(gate).chunk(rest).end();
    }
  }

  private static String event(String delta, String reason) {
    return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\","
        + "\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + reason
        + "}]}\n\n";
  }

  private static HttpURLConnection asked(FakeProvider provider, String path, Form form)
      throws IOException {
    HttpURLConnection connection = Bare.post(provider.url() + path);
    connection.setReadTimeout(READ_TIMEOUT_MILLIS);
    Bare.write(connection, form.request);
    return connection;
  }

  /** What had been read at each timeout while the provider was silent, and at the end. */
  private static List<String> read(String path, Form form, int cut) throws Exception {
    List<String> seen = new ArrayList<>();
    Gate gate = new Gate();
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(form.answer(cut, gate));
      HttpURLConnection connection = asked(provider, path, form);
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      InputStream in = connection.getInputStream();
      byte[] some = new byte[100];
      for (int count = 0; count >= 0; ) {
        try {
          count = in.read(some);
          read.write(some, 0, Math.max(0, count));
        } catch (SocketTimeoutException silence) {
          assertThat(seen.size()).as("timeouts").isLessThan(2);
          seen.add(read.toString("UTF-8"));
          if (seen.size() == 2) {
            gate.open();
          }
        }
      }
      in.close();
      seen.add(read.toString("UTF-8"));
    }
    return seen;
  }

  @Test
  void whereverTheProviderIsSilentForLongerThanARead() throws Exception {
    int records = AGENT.records().size();
    Random random = new Random();
    ExecutorService programs = Executors.newFixedThreadPool(CUTS * 2);
    try {
      for (Form form : Form.values()) {
        List<Callable<Void>> cases = new ArrayList<>();
        for (int i = 0; i < CUTS; i++) {
          int cut = 1 + random.nextInt(form.body.length() - 1);
          cases.add(
              () -> {
                List<String> bare = read(Bare.OWN, form, cut);
                assertThat(bare.get(0)).isEqualTo(form.body.substring(0, cut));
                assertThat(read(Bare.GOVERNED, form, cut))
                    .as(form + ", silent at byte " + cut)
                    .isEqualTo(bare);
                return null;
              });
        }
        for (Future<Void> done : programs.invokeAll(cases)) {
          done.get();
        }
      }
    } finally {
      programs.shutdownNow();
    }
    List<CallRecord> made = AGENT.records();
    made = made.subList(records, made.size());
    assertThat(made).hasSize(CUTS * Form.values().length);
    assertThat(made)
        .allSatisfy(
            call -> {
              assertThat(call.outcome()).isEqualTo(Outcome.SUCCESS);
              assertThat(call.attempts()).hasSize(1);
              assertThat(call.usage().output()).isPositive();
            });
  }

  @Test
  void whoDoesNotHasACallThatTimedOut() throws Exception {
    for (Form form : Form.values()) {
      int records = AGENT.records().size();
      try (FakeProvider provider = FakeProvider.start()) {
        provider.answer(form.answer(form.body.length() / 2, new Gate()));
        try (InputStream in = asked(provider, Bare.GOVERNED, form).getInputStream()) {
          assertThat(
                  catchThrowable(
                      () -> {
                        while (in.read() >= 0) {
                          // On, to where it is silent.
                        }
                      }))
              .isExactlyInstanceOf(SocketTimeoutException.class);
          assertThat(AGENT.records()).hasSize(records);
        }
      }
      assertThat(AGENT.records()).hasSize(records + 1);
      CallRecord call = AGENT.records().get(records);
      assertThat(call.outcome()).as(form.name()).isEqualTo(Outcome.TIMEOUT);
      assertThat(call.errorType()).isEqualTo(SocketTimeoutException.class.getName());
      assertThat(call.attempts()).hasSize(1);
    }
  }
}
