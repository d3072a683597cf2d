package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.example.shop.Recommendations;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.stage.ScriptedStage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The thread that makes a call: what is asked of it, and that its interruptions are its own. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaHttpClientCallerTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new JavaHttpClientInstrumentation());

  private final HttpClient client = HttpClient.newHttpClient();
  private FakeProvider provider;

  @BeforeEach
  void startProvider() throws IOException {
    provider = FakeProvider.start();
  }

  @AfterEach
  void stopProvider() throws IOException {
    provider.close();
    assertThat(AGENT.failures()).isEmpty();
  }

  @Test
  void everyFormOfACallIsChargedToTheCodeThatMadeIt() throws Exception {
    assumeFalse(InProcessAgent.attached(), "looks at the engine's own records");
    BodyPublisher madeWhileSent =
        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(Outgoing.CHAT.getBytes(UTF_8)));
    int before = AGENT.records().size();

    Recommendations.now(client, request(BodyPublishers.ofString(Outgoing.CHAT)).build());
    assertThat(callSiteOf(before)).isEqualTo("com.example.shop.Recommendations.now");
    Recommendations.now(client, request(madeWhileSent).build());
    assertThat(callSiteOf(before + 1)).isEqualTo("com.example.shop.Recommendations.now");
    Recommendations.later(client, request(BodyPublishers.ofString(Outgoing.CHAT)).build()).get();
    assertThat(callSiteOf(before + 2)).isEqualTo("com.example.shop.Recommendations.later");
    Recommendations.later(client, request(madeWhileSent).build()).get();
    assertThat(callSiteOf(before + 3)).isEqualTo("com.example.shop.Recommendations.later");
  }

  private static String callSiteOf(int call) {
    await().until(() -> AGENT.records().size() > call);
    return AGENT.records().get(call).attribution().callSite();
  }

  @Test
  void anAttemptCancelledByAPolicyDoesNotInterruptTheCaller() throws Exception {
    provider.answer(Answer.silence());
    HttpRequest impatient =
        request(BodyPublishers.ofString(Outgoing.CHAT))
            .header(ScriptedStage.HEADER, "timeout 200")
            .build();

    assertThat(Recommendations.now(client, impatient).body()).isEqualTo(CannedAnswers.CHAT);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(provider.requests()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"timeout 60000", "retry"})
  void anInterruptionOfTheCallerReachesItWhateverAPolicyMayCancel(String script) throws Exception {
    provider.answer(Answer.silence());
    HttpRequest request =
        request(BodyPublishers.ofString(Outgoing.CHAT))
            .header(ScriptedStage.HEADER, script)
            .build();
    Thread caller = Thread.currentThread();
    Thread interrupting =
        new Thread(
            () -> {
              await().until(() -> !provider.requests().isEmpty());
              caller.interrupt();
            });
    interrupting.start();

    assertThatThrownBy(() -> Recommendations.now(client, request))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    interrupting.join();
  }

  private HttpRequest.Builder request(BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create(provider.url() + "/v1/chat/completions")).POST(body);
  }
}
