package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import io.flyball.wire.HeldBytes;
import java.io.IOException;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A body that says that it can be written once, where nothing is configured that no call may
 * exceed: it goes where it goes as without Flyball, once, and is recorded.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OneShotTest {
  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new OkHttpInstrumentation())
          .unscripted()
          .with(
              Policies.builder()
                  .retry(3, new Backoff(1, 1), new RetryBudget(1, 1000, TimeSource.SYSTEM))
                  .build());

  private static final String PATH = "/v1/chat/completions";
  private static final String TWIN = "/v1/chat/completionz";

  private FakeProvider provider;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(SentOnce.isAsked());
    provider = FakeProvider.start();
  }

  @AfterEach
  void stop() throws IOException {
    if (provider != null) {
      provider.close();
    }
    assertThat(AGENT.failures()).isEmpty();
  }

  private String send(String path, SentOnce body) throws IOException {
    Request request = new Request.Builder().url(provider.url() + path).post(body).build();
    try (Response response = new OkHttpClient().newCall(request).execute()) {
      return response.code() + " " + response.body().string();
    }
  }

  private static CallRecord lastRecord(int before) {
    await().until(() -> AGENT.records().size() > before);
    return AGENT.records().get(before);
  }

  @ParameterizedTest
  @CsvSource({"2, true", "2, false", "100000, true", "100000, false", "20000000, false"})
  void itIsNeitherHeldNorChangedAndItsAnswerIsCounted(int length, boolean declares)
      throws Exception {
    int before = AGENT.records().size();
    long held = HeldBytes.ofThisJvm().held();
    SentOnce bare = new SentOnce(length, declares, true, false, null, 0);
    SentOnce body = new SentOnce(length, declares, true, false, null, 0);

    assertThat(send(PATH, body)).isEqualTo("200 " + CannedAnswers.CHAT);
    assertThat(send(TWIN, bare)).isEqualTo("200 " + CannedAnswers.CHAT);

    assertThat(body.written).isEqualTo(1);
    assertThat(body.mostHeld).isLessThanOrEqualTo(held);
    List<RecordedRequest> sent = provider.requests();
    assertThat(sent.get(0).rawText().replace(PATH, TWIN)).isEqualTo(sent.get(1).rawText());
    assertThat(lastRecord(before).usage().output()).isPositive();
  }

  @Test
  void itIsNotSentAgainWhereOthersAre() throws Exception {
    provider.answer(CannedAnswers.openAiError(503, "overloaded"));
    SentOnce body = new SentOnce(2, true, true, false, null, 0);
    assertThat(send(PATH, body)).startsWith("503 ");
    assertThat(body.written).isEqualTo(1);
    assertThat(provider.requests()).hasSize(1);

    provider.answer(CannedAnswers.openAiError(503, "overloaded"));
    assertThat(send(PATH, new SentOnce(2, true, false, false, null, 0))).startsWith("200 ");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 30_000})
  void whatItThrowsIsWhatTheApplicationSees(int at) {
    for (Exception thrown :
        new Exception[] {new IOException("mine"), new IllegalStateException("mine, too")}) {
      SentOnce bare = new SentOnce(100_000, true, true, false, thrown, at);
      SentOnce body = new SentOnce(100_000, true, true, false, thrown, at);
      Throwable seenBare = catchThrowable(() -> send(TWIN, bare));
      assertThat(catchThrowable(() -> send(PATH, body))).isSameAs(seenBare).isSameAs(thrown);
      assertThat(body.written).isEqualTo(1);
    }
  }
}
