package io.flyball.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import io.flyball.instrumentation.testing.stage.ScriptedStage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * What every client that Flyball governs must pass, in process and attached. It knows nothing of
 * the client but {@link GovernedClient}.
 *
 * <p>A subclass registers an {@link InProcessAgent} in a static field with {@code
 * RegisterExtension} and returns it from {@link #agent}; one subclass per mode.
 */
public abstract class GovernedClientContract extends AttemptContract {

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private Reply sendAsync(Outgoing request) throws Exception {
    try (OpenReply reply = get(client.openAsync(request))) {
      return reply.whole();
    }
  }

  @Test
  void anAsynchronousRequestGoesOutByteForByte() throws Exception {
    needs(Capability.ASYNC);
    Reply expected = sendAsync(twin(Outgoing.chat(provider.url())));
    Reply actual = sendAsync(Outgoing.chat(provider.url()));
    assertThat(actual.text()).isEqualTo(expected.text());
    assertThat(actual.providersHeaders()).isEqualTo(expected.providersHeaders());
    assertThat(asTwin(provider.requests().get(1))).isEqualTo(provider.requests().get(0).rawText());
  }

  @Test
  void answersAsynchronouslyWithoutTheNetwork() throws Exception {
    needs(Capability.ASYNC);
    needsGovern();
    Reply reply = sendAsync(Outgoing.chat(provider.url()).script("answer"));
    assertThat(reply.text()).isEqualTo(ScriptedStage.ANSWER);
    assertThat(provider.connections()).isEmpty();
  }

  @Test
  void asksAgainAsynchronously() throws Exception {
    needs(Capability.ASYNC);
    needsGovern();
    provider.answer(CannedAnswers.openAiError(503, "overloaded"), Answer.nothing().reset());
    Reply reply = sendAsync(Outgoing.chat(provider.url()).script("retry"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(3);
  }

  @Test
  void asksAgainAsynchronouslyAfterSilence() throws Exception {
    needs(Capability.ASYNC);
    needsGovern();
    provider.answer(Answer.silence());
    Reply reply = sendAsync(Outgoing.chat(provider.url()).script("timeout 300"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertAborted(0);
  }

  @Test
  void sendsAsynchronouslyToAnotherHost() throws Exception {
    needs(Capability.ASYNC);
    needsGovern();
    try (FakeProvider other = FakeProvider.start()) {
      sendAsync(Outgoing.chat(provider.url()).script("redirect " + other.url() + " sk-other"));
      assertThat(other.takeRequest().rawText()).contains("sk-other").doesNotContain("sk-app");
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Test
  void asksTwiceAtOnceAsynchronously() throws Exception {
    needs(Capability.ASYNC);
    needsGovern();
    provider.answer(Answer.silence());
    Reply reply = sendAsync(Outgoing.chat(provider.url()).script("hedge 100"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(2);
    assertAborted(0);
  }

  @Test
  void anAsynchronousStreamArrivesAsItIsSent() throws Exception {
    needs(Capability.ASYNC);
    Gate gate = new Gate();
    String first = CannedAnswers.content("one");
    provider.answer(Answer.events().event(first).gate(gate).event("[DONE]").end());
    try (OpenReply reply = get(client.openAsync(Outgoing.chatStream(provider.url())))) {
      byte[] start = new byte[6];
      assertThat(reply.body().read(start)).isPositive();
      gate.open();
      assertThat(reply.whole().text()).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void anAsynchronousFailureIsTheClientsOwn() throws Exception {
    needs(Capability.ASYNC);
    provider.answer(Answer.silence(), Answer.silence());
    try (GovernedClient impatient = newClient(300)) {
      Throwable expected =
          catchThrowable(() -> get(impatient.openAsync(twin(Outgoing.chat(provider.url())))));
      Throwable actual =
          catchThrowable(() -> get(impatient.openAsync(Outgoing.chat(provider.url()))));
      assertThat(expected).isInstanceOf(ExecutionException.class);
      assertThat(actual).isInstanceOf(ExecutionException.class);
      assertThatThrown(actual.getCause(), expected.getCause());
    }
  }

  @Test
  void cancellingClosesTheProvidersConnection() throws Exception {
    needs(Capability.ASYNC);
    needs(Capability.ABORTABLE);
    provider.answer(Answer.silence());
    CompletableFuture<OpenReply> reply = client.openAsync(Outgoing.chat(provider.url()));
    provider.takeRequest();
    reply.cancel(true);
    assertAborted(0);
  }

  @Test
  void cancellingClosesALaterAttemptsConnection() throws Exception {
    needs(Capability.ASYNC);
    needs(Capability.ABORTABLE);
    needsGovern();
    provider.answer(Answer.nothing().close(), Answer.silence());
    CompletableFuture<OpenReply> reply =
        client.openAsync(Outgoing.chat(provider.url()).script("retry"));
    provider.takeRequest();
    provider.takeRequest();
    reply.cancel(true);
    assertAborted(1);
  }

  @Test
  void anInterruptEndsABlockedCallAsItAlwaysDid() throws Exception {
    needs(Capability.INTERRUPTIBLE);
    provider.answer(Answer.silence(), Answer.silence());
    Throwable expected = interrupted(twin(Outgoing.chat(provider.url())));
    Throwable actual = interrupted(Outgoing.chat(provider.url()));
    assertThatThrown(actual, expected);
    assertAborted(1);
  }

  private Throwable interrupted(Outgoing request) throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller = new Thread(() -> thrown.set(catchThrowable(() -> client.send(request))));
    caller.start();
    provider.takeRequest();
    caller.interrupt();
    caller.join(TimeUnit.SECONDS.toMillis(30));
    return thrown.get();
  }
}
