package io.flyball.instrumentation.apachehttpclient4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.apache.http.client.ClientProtocolException;
import org.apache.http.client.ResponseHandler;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.BasicResponseHandler;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.util.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With a pool of one connection, one that is not given back is missed by the next call. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PooledConnectionTest {
  private static final String PATH = "/v1/chat/completions";
  private static final int MILLIS = 5_000;

  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new ApacheHttpClientInstrumentation());

  private FakeProvider provider;
  private PoolingHttpClientConnectionManager pool;
  private CloseableHttpClient client;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
    pool = new PoolingHttpClientConnectionManager();
    pool.setMaxTotal(1);
    client =
        HttpClientBuilder.create()
            .setConnectionManager(pool)
            .setDefaultRequestConfig(
                RequestConfig.custom().setConnectionRequestTimeout(MILLIS).build())
            .build();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    provider.close();
    assertThat(AGENT.failures()).isEmpty();
  }

  private HttpPost post(String... script) {
    HttpPost post = new HttpPost(provider.url() + PATH);
    post.setEntity(new StringEntity(Outgoing.CHAT, ContentType.APPLICATION_JSON));
    for (String line : script) {
      post.addHeader("x-flyball-test", line);
    }
    return post;
  }

  private void theNextCallGetsIt() throws IOException {
    assertThat(client.execute(post(), new BasicResponseHandler())).isEqualTo(CannedAnswers.CHAT);
    assertThat(pool.getTotalStats().getLeased()).isZero();
  }

  @Test
  void anAnswerThatIsReadGivesItBackForTheNext() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (CloseableHttpResponse response = client.execute(post())) {
        assertThat(EntityUtils.toString(response.getEntity())).isEqualTo(CannedAnswers.CHAT);
        assertThat(pool.getTotalStats().getLeased()).as("before it is closed").isZero();
      }
    }
    assertThat(provider.connections()).hasSize(1);
  }

  @Test
  void anAnswerThatIsNotReadGivesItBackWhenItIsClosed() throws Exception {
    client.execute(post()).close();
    theNextCallGetsIt();
  }

  @Test
  void anAnswerThatIsConsumedUnreadKeepsItsConnection() throws Exception {
    EntityUtils.consume(client.execute(post()).getEntity());
    theNextCallGetsIt();
    assertThat(provider.connections()).hasSize(1);
  }

  @Test
  void aHandlerThatLeavesTheContentUnread() throws Exception {
    ResponseHandler<Integer> status = response -> response.getStatusLine().getStatusCode();
    assertThat(client.execute(post(), status)).isEqualTo(200);
    theNextCallGetsIt();
    assertThat(provider.connections()).hasSize(1);
  }

  @Test
  void aHandlerThatThrows() throws Exception {
    ResponseHandler<String> angry =
        response -> {
          throw new ClientProtocolException("no");
        };
    assertThatThrownBy(() -> client.execute(post(), angry))
        .isInstanceOf(ClientProtocolException.class)
        .hasMessage("no");
    theNextCallGetsIt();
  }

  @Test
  void attemptsThatAreRepeated() throws Exception {
    provider.answer(CannedAnswers.openAiError(503, "overloaded"), Answer.nothing().close());
    assertThat(client.execute(post("retry"), new BasicResponseHandler()))
        .isEqualTo(CannedAnswers.CHAT);
    theNextCallGetsIt();
  }

  @Test
  void anAttemptThatIsGivenUp() throws Exception {
    provider.answer(Answer.silence());
    assertThat(client.execute(post("timeout 200"), new BasicResponseHandler()))
        .isEqualTo(CannedAnswers.CHAT);
    theNextCallGetsIt();
  }

  @Test
  void anAttemptThatIsGivenUpInItsBody() throws Exception {
    provider.answer(Answer.events().chunk(": wait\n\n").stall());
    assertThat(client.execute(post("timeout 200"), new BasicResponseHandler()))
        .isEqualTo(CannedAnswers.CHAT);
    theNextCallGetsIt();
  }

  @Test
  void anAnswerThatIsMadeNeedsNone() throws Exception {
    try (CloseableHttpResponse held = client.execute(new HttpPost(provider.url() + "/other"))) {
      assertThat(client.execute(post("answer"), new BasicResponseHandler())).contains("Made here.");
      assertThat(held.getStatusLine().getStatusCode()).isEqualTo(200);
    }
    theNextCallGetsIt();
  }

  @Test
  void anotherHostsConnectionComesBackToo() throws Exception {
    try (FakeProvider other = FakeProvider.start()) {
      String script = "redirect " + other.url() + " sk-other";
      assertThat(client.execute(post(script), new BasicResponseHandler()))
          .isEqualTo(CannedAnswers.CHAT);
      client.execute(post(script)).close();
      assertThat(other.requests()).hasSize(2);
    }
    theNextCallGetsIt();
  }

  @Test
  void aStreamThatIsClosedEarly() throws Exception {
    provider.answer(Answer.events().event(CannedAnswers.content("one")).stall());
    try (CloseableHttpResponse response = client.execute(post())) {
      assertThat(response.getEntity().getContent().read()).isEqualTo('d');
    }
    theNextCallGetsIt();
  }

  @Test
  void releasingTheRequestGivesItBack() throws Exception {
    provider.answer(Answer.events().event(CannedAnswers.content("one")).stall());
    HttpPost post = post();
    CloseableHttpResponse response = client.execute(post);
    assertThat(response.getEntity().getContent().read()).isEqualTo('d');
    post.releaseConnection();
    theNextCallGetsIt();
    assertThat(client.execute(post, new BasicResponseHandler())).isEqualTo(CannedAnswers.CHAT);
  }

  @Test
  void anAnswerInGzip() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(CannedAnswers.CHAT.getBytes(UTF_8));
    }
    provider.answer(gzip(zipped.toByteArray()), gzip(zipped.toByteArray()));
    for (int i = 0; i < 2; i++) {
      CloseableHttpResponse response = client.execute(post());
      assertThat(response.getFirstHeader("Content-Encoding")).isNull();
      assertThat(response.getEntity().getContentLength()).isEqualTo(-1);
      assertThat(EntityUtils.toString(response.getEntity())).isEqualTo(CannedAnswers.CHAT);
    }
    theNextCallGetsIt();
    assertThat(provider.connections()).hasSize(1);
    assertThat(provider.requests().get(0).header("accept-encoding")).isEqualTo("gzip,deflate");
  }

  private static Answer gzip(byte[] body) {
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    return Answer.nothing().raw(head.getBytes(UTF_8)).raw(body);
  }

  @Test
  void theMinimalClient() throws Exception {
    try (CloseableHttpClient minimal = HttpClients.createMinimal(pool)) {
      assertThat(minimal.execute(post("answer"), new BasicResponseHandler()))
          .contains("Made here.");
      provider.answer(CannedAnswers.openAiError(503, "overloaded"));
      assertThat(minimal.execute(post("retry"), new BasicResponseHandler()))
          .isEqualTo(CannedAnswers.CHAT);
      theNextCallGetsIt();
    }
  }
}
