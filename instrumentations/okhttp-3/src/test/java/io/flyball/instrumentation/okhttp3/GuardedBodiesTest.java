package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where something is configured that no call may exceed, no form of a body gets past it: each is
 * read, written once for that, or is not sent.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuardedBodiesTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.guard(new OkHttpInstrumentation());

  private static final String PATH = "/v1/chat/completions";

  private FakeProvider provider;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
    assertThat(AGENT.failures()).isEmpty();
  }

  static Stream<Arguments> forms() {
    List<Arguments> forms = new ArrayList<>();
    for (boolean declares : new boolean[] {true, false}) {
      for (boolean oneShot : new boolean[] {true, false}) {
        for (boolean enqueued : new boolean[] {true, false}) {
          forms.add(Arguments.of(declares, oneShot, enqueued));
        }
      }
    }
    return forms.stream();
  }

  private String send(SentOnce body, boolean enqueued) throws Exception {
    Request request = new Request.Builder().url(provider.url() + PATH).post(body).build();
    Call call = new OkHttpClient().newCall(request);
    if (!enqueued) {
      return told(call.execute());
    }
    CompletableFuture<String> answer = new CompletableFuture<>();
    call.enqueue(
        new Callback() {
          @Override
          public void onFailure(Call failed, IOException failure) {
            answer.completeExceptionally(failure);
          }

          @Override
          public void onResponse(Call answered, Response response) throws IOException {
            answer.complete(told(response));
          }
        });
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  private static String told(Response response) throws IOException {
    try (Response closed = response) {
      return closed.code() + " " + closed.body().string();
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void whatExceedsALimitIsRefusedInEveryForm(boolean declares, boolean oneShot, boolean enqueued)
      throws Exception {
    SentOnce tooLong = new SentOnce(20_000, declares, oneShot, false, null, 0);
    assertThat(send(tooLong, enqueued)).startsWith("4").contains("flyball");
    assertThat(provider.requests()).isEmpty();

    SentOnce allowed = new SentOnce(2, declares, oneShot, false, null, 0);
    assertThat(send(allowed, enqueued)).isEqualTo("200 " + CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(1);
    assertThat(provider.requests().get(0).bodyText().getBytes(StandardCharsets.US_ASCII))
        .isEqualTo(allowed.bytes);
  }

  @Test
  void whatCannotBeReadBeforeItIsSentIsNotSent() throws Exception {
    assumeTrue(SentOnce.isAsked());
    SentOnce duplex = new SentOnce(2, false, false, true, null, 0);
    assertThat(send(duplex, false)).startsWith("4").contains("isDuplex");
    assertThat(duplex.written).isZero();
    assertThat(provider.connections()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void whatABodyThrowsIsWhatTheApplicationSees(
      boolean declares, boolean oneShot, boolean enqueued) {
    IOException thrown = new IOException("mine");
    SentOnce body = new SentOnce(100_000, declares, oneShot, false, thrown, 30_000);
    assertThat(catchThrowable(() -> send(body, enqueued))).isSameAs(thrown);
    assertThat(body.written).isEqualTo(1);
    assertThat(provider.requests()).isEmpty();
  }
}
