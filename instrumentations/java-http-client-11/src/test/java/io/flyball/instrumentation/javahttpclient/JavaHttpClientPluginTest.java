package io.flyball.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.wire.Caller;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Gateway;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine that breaks: whoever calls the hook then goes on with the client's own method. */
class JavaHttpClientPluginTest {
  private static final Error BROKEN = new NoClassDefFoundError("of ours");

  private FakeProvider provider;

  @BeforeEach
  void startProvider() throws IOException {
    provider = FakeProvider.start().answer(Answer.json(200, CannedAnswers.CHAT));
  }

  @AfterEach
  void stopProvider() throws IOException {
    provider.close();
  }

  private Outcome enter(String hook, boolean sends) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(provider.url() + "/v1/chat/completions"))
            .POST(BodyPublishers.ofString("{}"))
            .build();
    return new JavaHttpClientPlugin(new BrokenEngine(sends))
        .enter(
            "java-http-client-11:" + hook,
            HttpClient.newHttpClient(),
            new Object[] {request, BodyHandlers.ofString()});
  }

  @ParameterizedTest
  @ValueSource(strings = {"send", "sendAsync"})
  void anErrorAfterSendingIsTheResultAndNoReasonToSendAgain(String hook) throws Exception {
    assertThat(enter(hook, true).failure()).isSameAs(BROKEN);
    provider.takeRequest();
  }

  @ParameterizedTest
  @ValueSource(strings = {"send", "sendAsync"})
  void anErrorBeforeSendingLeavesTheRequestToTheClient(String hook) {
    assertThatThrownBy(() -> enter(hook, false)).isSameAs(BROKEN);
    assertThat(provider.requests()).isEmpty();
  }

  private static final class BrokenEngine implements Gateway, GovernedCall {
    private final boolean sends;
    private WireRequest asked;

    BrokenEngine(boolean sends) {
      this.sends = sends;
    }

    @Override
    public boolean mayGovern(String method, String host, int port, String path) {
      return true;
    }

    @Override
    public int maxRequestBytes() {
      return 1024;
    }

    @Override
    public Caller caller() {
      return null;
    }

    @Override
    public GovernedCall open(WireRequest request) {
      asked = request;
      return this;
    }

    @Override
    public GovernedCall open(WireRequest request, Caller caller) {
      return open(request);
    }

    @Override
    public void internalError(String place, Throwable failure) {
      throw new AssertionError(place, failure);
    }

    @Override
    public String id() {
      return "1";
    }

    @Override
    public WireResponse execute(Transport transport) {
      return executeAsync(transport, Runnable::run).toCompletableFuture().join();
    }

    @Override
    public CompletionStage<WireResponse> executeAsync(Transport transport, Executor executor) {
      if (sends) {
        transport.send(asked, new Cancellation());
      }
      throw BROKEN;
    }

    @Override
    public void cancel() {}

    @Override
    public void cancel(Throwable why) {}
  }
}
