package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import io.flyball.instrumentation.testing.provider.RefusedPort;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an application can look at while it calls, each compared with a path that is not governed:
 * its event listener, its network interceptors, the dispatcher, the pool, its lists and the call.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeenByTheApplicationTest {
  private static final String UNDER_TEST = System.getProperty("okhttp.under.test", "3.14.9");
  private static final TimeSource TIME = TimeSource.SYSTEM;

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new OkHttpInstrumentation())
          .with(
              Policies.builder()
                  .retry(3, new Backoff(1, 1), new RetryBudget(1, 1000, TIME))
                  .streamRecovery(StreamRecovery.SPLICE)
                  .build());

  private static final MediaType JSON = MediaType.parse("application/json");
  private static final String GOVERNED = "/v1/chat/completions";
  private static final String OWN = "/v1/chat/completionz";

  /** What the provider does, and what the application does with it. */
  enum Course {
    SUCCESS(CannedAnswers.chat()),
    GZIP(Answer.gzip(200, CannedAnswers.CHAT, "content-type", "application/json")),
    STREAM(CannedAnswers.chatStream(true)),
    CLOSED_EARLY(Answer.events().event(CannedAnswers.content("one")).stall()),
    BAD_REQUEST(CannedAnswers.openAiError(400, "context_length_exceeded")),
    UNAUTHORIZED(CannedAnswers.openAiError(401, "invalid_api_key")),
    NOT_FOUND(CannedAnswers.openAiError(404, "model_not_found")),
    REDIRECTED_ONCE(Answer.of(307, "", "location", "/v1/elsewhere"), CannedAnswers.chat()),
    REDIRECTED_FOR_EVER(
        Collections.nCopies(70, Answer.of(302, "", "location", "/v1/elsewhere"))
            .toArray(new Answer[0])),
    CANCELLED_BEFORE_ITS_HEAD(Answer.silence()),
    CANCELLED_IN_ITS_BODY(Answer.events().event(CannedAnswers.content("one")).stall());

    final Answer[] answers;

    Course(Answer... answers) {
      this.answers = answers;
    }
  }

  private static Request request(FakeProvider provider, String path) {
    return new Request.Builder()
        .url(provider.url() + path)
        .post(RequestBody.create(JSON, Outgoing.CHAT_STREAM))
        .build();
  }

  @ParameterizedTest
  @EnumSource(Course.class)
  void everyCourseIsSeenAsItIsWithoutFlyball(Course course) throws Exception {
    List<String> own = seen(course, OWN);
    assertThat(seen(course, GOVERNED)).containsExactlyElementsOf(own);
  }

  private static List<String> seen(Course course, String path) throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(course.answers);
      EventLog log = new EventLog();
      OkHttpClient client = client(log);
      Call call = client.newCall(request(provider, path));
      try {
        pursue(course, call, provider);
      } catch (IOException failure) {
        log.add(failure.toString());
      }
      if (!UNDER_TEST.startsWith("3.9")) {
        await().until(log::isOver);
      }
      log.add("cancelled: " + call.isCanceled());
      await().until(() -> client.dispatcher().runningCallsCount() == 0);
      await()
          .until(
              () ->
                  client.connectionPool().connectionCount()
                      == client.connectionPool().idleConnectionCount());
      log.add("connections: " + client.connectionPool().connectionCount());
      log.add("requests: " + provider.requests().size());
      List<String> events = log.events();
      if (events.remove("1 canceled")) {
        // Told by the thread that cancels, while the other one already tells of the failure.
        events.add("1 canceled");
      }
      return events;
    }
  }

  private static OkHttpClient client(EventLog log) {
    return new OkHttpClient.Builder()
        .eventListenerFactory(call -> log.of(call))
        .addNetworkInterceptor(log.networkInterceptor())
        .readTimeout(30, TimeUnit.SECONDS)
        .build();
  }

  private static void pursue(Course course, Call call, FakeProvider provider) throws Exception {
    if (course == Course.CANCELLED_BEFORE_ITS_HEAD) {
      Thread other =
          new Thread(
              () -> {
                await().until(() -> !provider.requests().isEmpty());
                call.cancel();
              });
      other.start();
    }
    try (Response response = call.execute()) {
      if (course == Course.CLOSED_EARLY || course == Course.CANCELLED_IN_ITS_BODY) {
        assertThat(response.body().source().readUtf8Line()).contains("one");
        if (course == Course.CANCELLED_IN_ITS_BODY) {
          call.cancel();
          response.body().string();
        }
      } else {
        response.body().string();
      }
    }
  }

  @Test
  void retriesAreFurtherRequestsOfTheOneCall() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(
          CannedAnswers.openAiError(503, "overloaded"),
          Answer.events().event("{\"error\":{\"message\":\"scripted\"}}").stall(),
          CannedAnswers.chatStream(true));
      EventLog log = new EventLog();
      try (Response response = client(log).newCall(request(provider, GOVERNED)).execute()) {
        assertThat(response.body().string()).contains("Hello").endsWith("[DONE]\n\n");
        assertThat(response.header("x-flyball-attempts")).isEqualTo("3");
      }
      assertThat(provider.requests()).hasSize(3);
      assertThat(log.events().get(0)).isEqualTo("1 callStart");
      // Until 3.13 OkHttp tells of an end whenever a connection is given back.
      String told = UNDER_TEST.startsWith("3.9") ? "callStart" : "callStart|callEnd|callFailed";
      assertThat(log.events())
          .filteredOn(event -> event.matches("\\d+ (requestHeadersStart|" + told + ").*"))
          .startsWith("1 callStart")
          .containsSubsequence(Collections.nCopies(3, "1 requestHeadersStart"))
          .hasSize(UNDER_TEST.startsWith("3.9") ? 4 : 5);
      assertThat(log.events()).filteredOn(event -> event.startsWith("network")).hasSize(3);
    }
  }

  @Test
  void aRefusedConnectionFailsWithOkHttpsOwnExceptionAndOneCall() throws Exception {
    List<List<String>> ends = new ArrayList<>();
    for (String path : new String[] {OWN, GOVERNED}) {
      EventLog log = new EventLog();
      Request request =
          new Request.Builder()
              .url("http://127.0.0.1:" + RefusedPort.number() + path)
              .post(RequestBody.create(JSON, Outgoing.CHAT))
              .build();
      assertThatThrownBy(() -> client(log).newCall(request).execute())
          .isExactlyInstanceOf(ConnectException.class);
      List<String> events = log.events();
      ends.add(Arrays.asList(events.get(0), events.get(events.size() - 1)));
    }
    assertThat(ends.get(1)).isEqualTo(ends.get(0)).first().isEqualTo("1 callStart");
  }

  @Test
  void whoIsNotTrustedIsAskedOnceAndFailsInOkHttpsOwnWords() throws Exception {
    try (FakeProvider provider = FakeProvider.startTls()) {
      List<List<String>> seen = new ArrayList<>();
      for (String path : new String[] {OWN, GOVERNED}) {
        EventLog log = new EventLog();
        assertThatThrownBy(() -> client(log).newCall(request(provider, path)).execute())
            .isInstanceOf(SSLHandshakeException.class);
        seen.add(log.events());
      }
      assertThat(seen.get(1)).isEqualTo(seen.get(0));
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Test
  void theListsOfInterceptorsAreTheApplicationsOwn() throws Exception {
    Interceptor own = chain -> chain.proceed(chain.request());
    assertThat(new OkHttpClient().interceptors()).isEmpty();
    OkHttpClient client = new OkHttpClient.Builder().addInterceptor(own).build();
    List<Interceptor> whileCalled = new ArrayList<>();
    OkHttpClient[] looking = new OkHttpClient[1];
    looking[0] =
        client
            .newBuilder()
            .addInterceptor(
                chain -> {
                  whileCalled.addAll(looking[0].interceptors());
                  whileCalled.addAll(looking[0].newBuilder().interceptors());
                  return chain.proceed(chain.request());
                })
            .build();
    try (FakeProvider provider = FakeProvider.start();
        Response response = looking[0].newCall(request(provider, GOVERNED)).execute()) {
      assertThat(response.header("x-flyball-call")).isNotNull();
      assertThat(response.body().string()).isEqualTo(CannedAnswers.CHAT);
    }
    assertThat(whileCalled).hasSize(4).noneMatch(GovernInterceptor.class::isInstance);
    assertThat(client.interceptors()).containsExactly(own);
    assertThat(client.newBuilder().interceptors()).containsExactly(own);
    assertThat(client.newBuilder().build().interceptors())
        .isEqualTo(client.interceptors())
        .isNotSameAs(client.interceptors());
    assertThat(client.networkInterceptors()).isEmpty();
  }

  @Test
  void aStreamThatWentOnElsewhereIsOneCallMore() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      Gate gate = new Gate();
      provider.answer(
          Answer.events().event(CannedAnswers.content("Hello")).gate(gate).reset(),
          CannedAnswers.chatStream(true));
      EventLog log = new EventLog();
      try (Response response = client(log).newCall(request(provider, GOVERNED)).execute()) {
        assertThat(response.body().source().readUtf8Line()).contains("Hello");
        gate.open();
        assertThat(response.body().string()).contains(" there.").endsWith("[DONE]\n\n");
      }
      await().until(log::isOver);
      assertThat(log.events())
          .filteredOn(event -> event.contains("callStart"))
          .containsExactly("1 callStart", "2 callStart");
    }
  }
}
