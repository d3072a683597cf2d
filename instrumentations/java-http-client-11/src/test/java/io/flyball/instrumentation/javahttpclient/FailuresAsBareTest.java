package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RefusedPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no attempt makes better ends as it does on a path that is not governed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailuresAsBareTest {
  private static final String GOVERNED = "/v1/chat/completions";
  private static final String OWN = "/v1/chat/completionz";

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new JavaHttpClientInstrumentation())
          .with(
              Policies.builder()
                  .retry(3, new Backoff(1, 1), new RetryBudget(1, 1000, TimeSource.SYSTEM))
                  .build());

  private static HttpRequest chat(String url) {
    return HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(Outgoing.CHAT))
        .build();
  }

  private static HttpResponse<String> ask(HttpClient client, String url, boolean async)
      throws Exception {
    return async
        ? client.sendAsync(chat(url), BodyHandlers.ofString()).get()
        : client.send(chat(url), BodyHandlers.ofString());
  }

  private static Throwable failure(String url, boolean async) {
    Throwable thrown = catchThrowable(() -> ask(HttpClient.newHttpClient(), url, async));
    return thrown instanceof ExecutionException ? thrown.getCause() : thrown;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRefusedConnection(boolean async) throws Exception {
    for (String path : new String[] {OWN, GOVERNED}) {
      assertThat(failure("http://127.0.0.1:" + RefusedPort.number() + path, async))
          .isExactlyInstanceOf(ConnectException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoIsNotTrusted(boolean async) throws Exception {
    for (String path : new String[] {OWN, GOVERNED}) {
      try (FakeProvider provider = FakeProvider.startTls()) {
        assertThat(failure(provider.url() + path, async))
            .isExactlyInstanceOf(SSLHandshakeException.class);
        assertThat(provider.connections()).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void redirectsForEver(boolean async) throws Exception {
    int[] requests = new int[2];
    for (String path : new String[] {OWN, GOVERNED}) {
      try (FakeProvider provider = FakeProvider.start()) {
        provider.answer(
            Collections.nCopies(40, Answer.of(307, "", "location", "/v1/elsewhere"))
                .toArray(new Answer[0]));
        HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
        HttpResponse<String> response = ask(client, provider.url() + path, async);
        assertThat(response.statusCode()).isEqualTo(307);
        requests[path.equals(OWN) ? 0 : 1] = provider.requests().size();
      }
    }
    assertThat(requests[1]).isEqualTo(requests[0]);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHandlerThatKnowsNoSubscriber(boolean async) throws Exception {
    List<String> said = new ArrayList<>();
    for (String path : new String[] {OWN, GOVERNED}) {
      try (FakeProvider provider = FakeProvider.start()) {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = chat(provider.url() + path);
        BodyHandler<String> none = head -> null;
        Throwable thrown =
            catchThrowable(
                () -> {
                  if (async) {
                    client.sendAsync(request, none).get();
                  } else {
                    client.send(request, none);
                  }
                });
        said.add(thrown + " because of " + thrown.getCause());
      }
    }
    assertThat(said.get(1)).isEqualTo(said.get(0)).contains("NullPointerException");
  }

  @ParameterizedTest
  @EnumSource(value = BodyEnd.class, mode = EnumSource.Mode.EXCLUDE, names = "NEVER_ENDS")
  void aBodyThatDoesNotEndWell(BodyEnd end) throws Exception {
    for (int i = 0; i < 4; i++) {
      boolean async = (i & 1) != 0;
      boolean declared = (i & 2) != 0;
      List<String> said = new ArrayList<>();
      for (String path : new String[] {OWN, GOVERNED}) {
        try (FakeProvider provider = FakeProvider.start()) {
          HttpRequest request =
              HttpRequest.newBuilder(URI.create(provider.url() + path))
                  .POST(end.of(Outgoing.CHAT.getBytes(UTF_8), declared))
                  .build();
          HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
          try {
            HttpResponse<String> response =
                async
                    ? client.sendAsync(request, BodyHandlers.ofString()).get()
                    : client.send(request, BodyHandlers.ofString());
            said.add(response.statusCode() + provider.takeRequest().bodyText());
          } catch (IOException | ExecutionException thrown) {
            said.add(thrown + " because of " + thrown.getCause());
          }
        }
      }
      assertThat(said.get(1)).as("async %s, declared %s", async, declared).isEqualTo(said.get(0));
    }
  }
}
