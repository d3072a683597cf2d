package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.wire.BodyInputStream;
import io.flyball.wire.Cancellation;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several attempts of {@link OkHttpTransport} within the one call of the application. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OwnCallTest {
  private static final String PATH = "/v1/chat/completions";

  /** What the engine does with a transport while the application's call is under way. */
  private interface Work {
    Response with(OkHttpTransport transport, WireRequest asked, Interceptor.Chain chain)
        throws Exception;
  }

  private static OkHttpClient.Builder trusting() {
    return new OkHttpClient.Builder()
        .hostnameVerifier((host, session) -> true)
        .sslSocketFactory(
            FakeProvider.trustingClient().getSocketFactory(),
            (X509TrustManager) FakeProvider.trust().getTrustManagers()[0]);
  }

  private static String call(OkHttpClient.Builder builder, String url, Work work)
      throws IOException {
    OkHttpClient plain = builder.build();
    OkHttpClient client =
        plain
            .newBuilder()
            .addInterceptor(
                chain -> {
                  Request request = chain.request();
                  Request replayable =
                      request
                          .newBuilder()
                          .post(RecordedBody.record(request.body(), 1 << 20, true))
                          .build();
                  WireRequest asked = Messages.toWire(replayable);
                  OkHttpTransport transport =
                      new OkHttpTransport(
                          plain,
                          new AttemptClients(),
                          new RunningCalls(),
                          chain,
                          replayable,
                          asked,
                          System.nanoTime());
                  try {
                    return work.with(transport, asked, chain);
                  } catch (IOException | RuntimeException e) {
                    throw e;
                  } catch (Exception e) {
                    throw new IOException(e);
                  }
                })
            .build();
    Request request =
        new Request.Builder()
            .url(url)
            .post(RequestBody.create(MediaType.parse("application/json"), Outgoing.CHAT_STREAM))
            .build();
    try (Response response = client.newCall(request).execute()) {
      return response.body().string();
    }
  }

  private static WireResponse sent(OkHttpTransport transport, WireRequest request) {
    return transport.send(request, new Cancellation()).toCompletableFuture().join();
  }

  private static Response answered(WireResponse response, Interceptor.Chain chain) {
    return Messages.toResponse(response, chain.request(), () -> {});
  }

  /** As the engine's timer does it. */
  private static void closeWhileItIsRead(WireResponse response) throws Exception {
    InputStream in = new BodyInputStream(response.body());
    byte[] some = new byte[4096];
    assertThat(in.read(some)).isPositive();
    Thread reader = Thread.currentThread();
    Thread timer =
        new Thread(
            () -> {
              await().until(() -> Arrays.toString(reader.getStackTrace()).contains("okio."));
              response.body().close();
            });
    timer.start();
    assertThatThrownBy(
            () -> {
              while (in.read(some) >= 0) {
                continue;
              }
            })
        .isInstanceOf(IOException.class);
    timer.join();
  }

  @Test
  void aReadIsEndedWithoutTheCall() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(Answer.events().event("1").stall(), Answer.events().event("2").stall());
      String text =
          call(
              new OkHttpClient.Builder(),
              provider.url() + PATH,
              (transport, asked, chain) -> {
                closeWhileItIsRead(sent(transport, asked));
                assertThat(chain.call().isCanceled()).isFalse();
                closeWhileItIsRead(sent(transport, asked));
                assertThat(chain.call().isCanceled()).isFalse();
                return answered(sent(transport, asked), chain);
              });
      assertThat(text).isEqualTo(CannedAnswers.CHAT);
      assertThat(provider.requests()).hasSize(3);
      assertThat(provider.connections().get(0).awaitClose()).isTrue();
      assertThat(provider.connections().get(1).awaitClose()).isTrue();
    }
  }

  @Test
  void aReadOverHttp2IsEndedWithoutTheCall() throws Exception {
    try (MockWebServer server = new MockWebServer()) {
      server.useHttps(FakeProvider.trustingClient().getSocketFactory(), false);
      server.enqueue(
          new MockResponse()
              .setHeader("Content-Type", "text/event-stream")
              // Not less than the request, which this server reads as slowly.
              .setBody(String.join("", Collections.nCopies(10_000, "data: 1\n\n")))
              .throttleBody(40_000, 3, TimeUnit.SECONDS));
      server.enqueue(new MockResponse().setBody(CannedAnswers.CHAT));
      String text =
          call(
              trusting(),
              server.url(PATH).toString(),
              (transport, asked, chain) -> {
                WireResponse first = sent(transport, asked);
                assertThat(((Received) first.origin()).response().protocol())
                    .isEqualTo(Protocol.HTTP_2);
                closeWhileItIsRead(first);
                assertThat(chain.call().isCanceled()).isFalse();
                return answered(sent(transport, asked), chain);
              });
      assertThat(text).isEqualTo(CannedAnswers.CHAT);
      assertThat(server.getRequestCount()).isEqualTo(2);
    }
  }

  @Test
  void anAnswerThatNobodyReadMakesRoomForTheNext() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(Answer.events().event("error").stall());
      String text =
          call(
              new OkHttpClient.Builder(),
              provider.url() + PATH,
              (transport, asked, chain) -> {
                sent(transport, asked);
                return answered(sent(transport, asked), chain);
              });
      assertThat(text).isEqualTo(CannedAnswers.CHAT);
    }
  }

  @Test
  void afterTheApplicationHasItsResponseAnAttemptIsACallOfItsOwn() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      OkHttpTransport[] kept = new OkHttpTransport[1];
      WireRequest[] again = new WireRequest[1];
      String text =
          call(
              new OkHttpClient.Builder(),
              provider.url() + PATH,
              (transport, asked, chain) -> {
                kept[0] = transport;
                again[0] = asked;
                Response response = answered(sent(transport, asked), chain);
                transport.leaveChain();
                return response;
              });
      assertThat(text).isEqualTo(CannedAnswers.CHAT);
      try (InputStream in = new BodyInputStream(sent(kept[0], again[0]).body())) {
        assertThat(in).hasContent(CannedAnswers.CHAT);
      }
      assertThat(provider.requests()).hasSize(2);
    }
  }
}
