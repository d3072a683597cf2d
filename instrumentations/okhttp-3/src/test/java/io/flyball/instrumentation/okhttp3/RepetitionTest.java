package io.flyball.instrumentation.okhttp3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.RepetitionContract;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import java.io.File;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.Cache;
import okhttp3.CacheControl;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepetitionTest extends RepetitionContract {
  @RegisterExtension static final InProcessAgent AGENT = repeating(new OkHttpInstrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    return new OkHttpClientUnderTest(timeoutMillis);
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return OkHttpClientUnderTest.withSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.ASYNC, Capability.ABORTABLE);
  }

  private Call call(OkHttpClient okHttp, String path) {
    return okHttp.newCall(
        new Request.Builder()
            .url(provider.url() + path)
            .post(RequestBody.create(MediaType.parse("application/json"), Outgoing.CHAT))
            .build());
  }

  private Call call() {
    return call(new OkHttpClient(), PATH);
  }

  @ParameterizedTest
  @ValueSource(ints = {-3, 3})
  void aBodyOfAnotherLengthThanItDeclaresIsNotRepeated(int more) {
    byte[] bytes = Outgoing.CHAT.getBytes(StandardCharsets.UTF_8);
    RequestBody body =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return MediaType.parse("application/json");
          }

          @Override
          public long contentLength() {
            return bytes.length + more;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.write(bytes);
          }
        };
    Call call =
        new OkHttpClient()
            .newCall(new Request.Builder().url(provider.url() + PATH).post(body).build());

    assertThat(catchThrowable(call::execute)).isInstanceOf(ProtocolException.class);
    assertThat(provider.connections()).hasSizeLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?trace=a|b", "?q={x}", "?q=^", "?q=\\", "?q=%zz", "?q=a b", "#a|b"})
  void whatIsNoUriIsRepeatedAsItIsWritten(String rest) throws Exception {
    provider.answer(Answer.json(503, DOWN), Answer.json(200, "{}"), Answer.json(200, "{}"));
    OkHttpClient okHttp = new OkHttpClient();
    for (String path : new String[] {PATH, TWIN_PATH}) {
      try (Response response = call(okHttp, "/a|b" + path + rest).execute()) {
        assertThat(response.code()).isEqualTo(200);
      }
    }

    assertThat(provider.requests()).as("the call is governed, and asked again").hasSize(3);
    String bare = provider.requests().get(2).rawText().replace(TWIN_PATH, PATH);
    assertThat(provider.requests().get(0).rawText()).isEqualTo(bare);
    assertThat(provider.requests().get(1).rawText()).isEqualTo(bare);
  }

  /** OkHttp itself asks once more then; ours would multiply. */
  @ParameterizedTest
  @CsvSource({"408,", "408,0", "503,0"})
  void whatOkHttpRepeatsIsNotRepeatedOnceMore(int status, String retryAfter) throws Exception {
    Answer answer =
        retryAfter == null
            ? Answer.of(status, DOWN)
            : Answer.of(status, DOWN, "Retry-After", retryAfter);
    for (String path : new String[] {TWIN_PATH, PATH}) {
      int before = provider.requests().size();
      provider.answer(answer, answer);
      try (Response response = call(new OkHttpClient(), path).execute()) {
        assertThat(response.code()).isEqualTo(status);
        assertThat(response.body().string()).isEqualTo(DOWN);
        // OkHttp before 3.10 does not ask again after a 503.
        assumeTrue(response.priorResponse() != null || path.equals(PATH));
        assertThat(response.priorResponse().code()).isEqualTo(status);
      }
      assertThat(provider.requests()).hasSize(before + 2);
    }
  }

  /** An application that wants nothing repeated after a failed connection has said so. */
  @Test
  void whatOkHttpIsToldNotToRepeatIsSentOnce() throws Exception {
    OkHttpClient once = new OkHttpClient.Builder().retryOnConnectionFailure(false).build();
    for (String path : new String[] {TWIN_PATH, PATH}) {
      int before = provider.requests().size();
      provider.answer(Answer.nothing().close());
      assertThatThrownBy(() -> call(once, path).execute()).isInstanceOf(IOException.class);
      assertThat(provider.requests()).as(path).hasSize(before + 1);
      provider.answer(Answer.of(408, DOWN));
      try (Response response = call(once, path).execute()) {
        assertThat(response.code()).isEqualTo(408);
      }
      assertThat(provider.requests()).as(path).hasSize(before + 2);
    }
    // An overloaded provider is another matter.
    provider.answer(Answer.json(503, DOWN), CannedAnswers.chat());
    try (Response response = call(once, PATH).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
  }

  /** OkHttp answers by itself where only its cache may, and counts who asks it. */
  @Test
  void whatTheCacheDoesNotHaveIsAskedForOnce(@TempDir File folder) throws Exception {
    int[] asked = new int[2];
    for (int i = 0; i < 2; i++) {
      try (Cache cache = new Cache(new File(folder, "c" + i), 1 << 20)) {
        OkHttpClient client = new OkHttpClient.Builder().cache(cache).build();
        Request request =
            call(client, i == 0 ? TWIN_PATH : PATH)
                .request()
                .newBuilder()
                .cacheControl(CacheControl.FORCE_CACHE)
                .build();
        try (Response response = client.newCall(request).execute()) {
          assertThat(response.code()).isEqualTo(504);
        }
        asked[i] = cache.requestCount();
      }
    }
    assertThat(asked[1]).isEqualTo(asked[0]);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void anotherProtocolIsHandedOn() throws Exception {
    asItsTwin(
        Answer.nothing()
            .raw(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: close\r\nUpgrade: x\r\n\r\n"
                    .getBytes(US_ASCII))
            .close());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
            + "0\r\n\r\n"
      })
  void howLongABodyIsIsWhatOkHttpMakesOfIt(String answer) throws Exception {
    long[] lengths = new long[2];
    for (int i = 0; i < 2; i++) {
      provider.answer(Answer.nothing().raw(answer.getBytes(US_ASCII)));
      try (Response response = call(new OkHttpClient(), i == 0 ? TWIN_PATH : PATH).execute()) {
        lengths[i] = response.body().contentLength();
        response.body().bytes();
      }
    }
    assertThat(lengths[1]).isEqualTo(lengths[0]);
    assertThat(provider.requests()).hasSize(2);
  }

  @Test
  void aCallThatIsCancelledSaysSo() throws Exception {
    isDown();
    Call call = call();
    whenItWaits(call::cancel);
    assertThatThrownBy(call::execute)
        .isInstanceOf(IOException.class)
        .hasMessage("Canceled")
        .hasNoCause();
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void soDoesOneThatWasEnqueued() throws Exception {
    isDown();
    Call call = call();
    CompletableFuture<Response> answer = new CompletableFuture<>();
    call.enqueue(
        new Callback() {
          @Override
          public void onFailure(Call failed, IOException failure) {
            answer.completeExceptionally(failure);
          }

          @Override
          public void onResponse(Call answered, Response response) {
            answer.complete(response);
          }
        });
    whenItWaits(call::cancel);
    assertThatThrownBy(answer::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("Canceled")
        .hasNoCause();
    assertThat(provider.requests()).hasSize(1);
  }

  /** Though it is made by another call, so that it can be ended without the first one. */
  @Test
  void aRepetitionIsNoCallMoreToAListener() throws Exception {
    provider.answer(Answer.json(503, DOWN), CannedAnswers.chat());
    EventLog log = new EventLog();
    OkHttpClient client =
        new OkHttpClient.Builder().eventListenerFactory(call -> log.of(call)).build();
    try (Response response = call(client, PATH).execute()) {
      assertThat(response.body().string()).isEqualTo(CannedAnswers.CHAT);
    }
    assertThat(provider.requests()).hasSize(2);
    assertThat(log.events())
        .filteredOn(event -> event.contains("callStart"))
        .containsExactly("1 callStart");
  }
}
