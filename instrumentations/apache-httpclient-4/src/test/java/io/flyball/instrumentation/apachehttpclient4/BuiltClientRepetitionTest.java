package io.flyball.instrumentation.apachehttpclient4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.RepetitionContract;
import io.flyball.instrumentation.testing.provider.Answer;
import java.util.EnumSet;
import java.util.Set;
import org.apache.http.HttpResponse;
import org.apache.http.NoHttpResponseException;
import org.apache.http.client.ServiceUnavailableRetryStrategy;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.DefaultHttpRequestRetryHandler;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.protocol.HttpContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BuiltClientRepetitionTest extends RepetitionContract {
  @RegisterExtension
  static final InProcessAgent AGENT = repeating(new ApacheHttpClientInstrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    return ClassicClient.limited(timeoutMillis);
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return ClassicClient.builtWithSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.ABORTABLE);
  }

  @Test
  void whatTheClientHasRepeatedByItselfIsNotRepeatedAgain() throws Exception {
    always(Answer.json(503, DOWN));
    ServiceUnavailableRetryStrategy twiceMore =
        new ServiceUnavailableRetryStrategy() {
          @Override
          public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
            return response.getStatusLine().getStatusCode() == 503 && count < 3;
          }

          @Override
          public long getRetryInterval() {
            return 0;
          }
        };
    try (CloseableHttpClient repeating =
        HttpClientBuilder.create().setServiceUnavailableRetryStrategy(twiceMore).build()) {
      HttpPost post = new HttpPost(provider.url() + PATH);
      post.setEntity(new StringEntity(Outgoing.CHAT, ContentType.APPLICATION_JSON));
      try (CloseableHttpResponse response = repeating.execute(post)) {
        assertThat(response.getStatusLine().getStatusCode()).isEqualTo(503);
      }
    }
    assertThat(provider.requests()).hasSize(3);
  }

  @Test
  void whatTheClientHasSentAgainByItselfAfterAFailureIsNotSentAgain() throws Exception {
    always(Answer.nothing().close());
    try (CloseableHttpClient repeating =
        HttpClientBuilder.create()
            .setRetryHandler(new DefaultHttpRequestRetryHandler(2, true))
            .build()) {
      HttpPost post = new HttpPost(provider.url() + PATH);
      post.setEntity(new StringEntity(Outgoing.CHAT, ContentType.APPLICATION_JSON));
      assertThat(catchThrowable(() -> repeating.execute(post)))
          .isInstanceOf(NoHttpResponseException.class);
    }
    assertThat(provider.requests()).hasSize(3);
  }
}
