package io.flyball.instrumentation.apachehttpclient5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.OpenReply;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.RepetitionContract;
import io.flyball.instrumentation.testing.Reply;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How calls are repeated where the application's pool has one connection. */
class ClassicPoolTest extends RepetitionContract {
  private static final int LARGE = 4 << 20;
  private static final long WAIT_MILLIS = 1_000;

  @RegisterExtension
  static final InProcessAgent AGENT = repeating(new ApacheHttpClient5Instrumentation());

  private PoolingHttpClientConnectionManager pool;
  private ClassicClient classic;

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    pool =
        ClassicClient.connections()
            .setMaxConnTotal(1)
            .setMaxConnPerRoute(1)
            .setConnectionFactory(ClassicRepetitionTest.shortHeads())
            .build();
    classic =
        new ClassicClient(
            ClassicClient.builder(timeoutMillis, ClassicClient.connections())
                .setConnectionManager(pool)
                .build());
    return classic;
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return ClassicClient.withSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.ABORTABLE);
  }

  @AfterEach
  void everyConnectionIsBack() {
    assertThat(pool.getTotalStats().getLeased()).isZero();
    assertThat(pool.getTotalStats().getPending()).isZero();
  }

  @Test
  void aSmallErrorGivesItsConnectionToTheNextAttempt() throws Exception {
    provider.answer(Answer.json(503, DOWN), CannedAnswers.chat());
    assertThat(client.send(Outgoing.chat(provider.url())).text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.connections()).hasSize(1);
  }

  /** It may be what the application gets, and is not thrown away for another attempt. */
  @Test
  void aLongErrorIsHandedOnWhole() throws Exception {
    char[] letters = new char[LARGE];
    Arrays.fill(letters, 'e');
    String text = "{\"error\":{\"message\":\"" + new String(letters) + "\"}}";
    always(Answer.json(503, text));
    long began = System.nanoTime();
    Reply reply = client.send(Outgoing.chat(provider.url()));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.text()).isEqualTo(text);
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(4));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatBreaksOffGivesItsConnectionBack(boolean inTheHead) throws Exception {
    Answer broken =
        inTheHead ? Answer.nothing().close() : Answer.events().chunk(": wait\n\n").close();
    provider.answer(broken, CannedAnswers.chat());
    Outgoing chat = inTheHead ? Outgoing.chat(provider.url()) : Outgoing.chatStream(provider.url());
    assertThat(client.send(chat).text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(2);
  }

  @Test
  void whoClosesAStreamEarlyHasAConnectionForTheNextCall() throws Exception {
    provider.answer(Answer.events().chunk("data: 1\n\n").stall(), CannedAnswers.chat());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()))) {
      assertThat(reply.status()).isEqualTo(200);
    }
    assertThat(client.send(Outgoing.chat(provider.url())).text()).isEqualTo(CannedAnswers.CHAT);
  }

  /** What the pool does not have it does not have for another attempt either. */
  @Test
  void aFullPoolIsWaitedForOnce() throws Exception {
    provider.answer(Answer.events().chunk("data: 1\n\n").stall());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()))) {
      assertThat(reply.status()).isEqualTo(200);
      long[] took = new long[2];
      for (int i = 0; i < 2; i++) {
        Outgoing chat = Outgoing.chat(provider.url());
        HttpUriRequestBase request = ClassicClient.request(i == 0 ? twin(chat) : chat);
        request.setConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(WAIT_MILLIS, TimeUnit.MILLISECONDS)
                .build());
        long began = System.nanoTime();
        assertThatThrownBy(() -> classic.execute(request))
            .isInstanceOf(ConnectionRequestTimeoutException.class);
        took[i] = System.nanoTime() - began;
      }
      assertThat(took[1]).isLessThan(took[0] + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS));
    }
  }

  @Test
  void aRequestThatIsCancelledWhileItWaitsSaysSo() throws Exception {
    isDown();
    HttpUriRequestBase request = ClassicClient.request(Outgoing.chat(provider.url()));
    whenItWaits(request::cancel);
    assertThatThrownBy(() -> classic.execute(request))
        .isInstanceOf(RequestFailedException.class)
        .hasMessage("Request aborted")
        .hasNoCause();
    assertThat(provider.requests()).hasSize(1);
  }
}
