package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What no provider ever got is paid to none, whoever ended the call. */
class NeverSentTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new OkHttpInstrumentation());

  @AfterEach
  void nothingFailed() {
    assertThat(AGENT.failures()).isEmpty();
  }

  private static Call call(OkHttpClient client, String url) {
    RequestBody body = RequestBody.create(MediaType.parse("application/json"), Outgoing.CHAT);
    return client.newCall(
        new Request.Builder().url(url + "/v1/chat/completions").post(body).build());
  }

  private static boolean isBilled(int record) {
    await().until(() -> AGENT.records().size() > record);
    return AGENT.records().get(record).attempts().stream().anyMatch(one -> one.openEnded());
  }

  @Test
  void aCallThatWasCancelledBefore() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      int before = AGENT.records().size();
      Call call = call(new OkHttpClient(), provider.url());
      call.cancel();
      assertThat(catchThrowable(call::execute)).hasMessage("Canceled");
      assertThat(provider.requests()).isEmpty();
      assertThat(isBilled(before)).isFalse();
    }
  }

  @Test
  void aCallThatIsCancelledInItsHandshake() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
      int before = AGENT.records().size();
      Call call = call(new OkHttpClient(), "https://127.0.0.1:" + mute.getLocalPort());
      Thread caller =
          new Thread(
              () -> {
                try {
                  call.execute().close();
                } catch (IOException expected) {
                  // It was cancelled.
                }
              });
      caller.start();
      mute.accept();
      call.cancel();
      caller.join();
      assertThat(isBilled(before)).isFalse();
    }
  }

  @Test
  void aCallWhoseTimeIsOverInItsHandshake() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
      int before = AGENT.records().size();
      OkHttpClient client =
          new OkHttpClient.Builder().readTimeout(300, TimeUnit.MILLISECONDS).build();
      Call call = call(client, "https://127.0.0.1:" + mute.getLocalPort());
      assertThat(catchThrowable(call::execute)).isInstanceOf(IOException.class);
      assertThat(isBilled(before)).isFalse();
    }
  }

  @Test
  void butACallThatIsCancelledBehindItsRequest() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(Answer.silence());
      int before = AGENT.records().size();
      Call call = call(new OkHttpClient(), provider.url());
      Thread caller =
          new Thread(
              () -> {
                try {
                  call.execute().close();
                } catch (IOException expected) {
                  // It was cancelled.
                }
              });
      caller.start();
      await().until(() -> !provider.requests().isEmpty());
      call.cancel();
      caller.join();
      assertThat(isBilled(before)).isTrue();
    }
  }
}
