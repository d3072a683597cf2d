package io.flyball.instrumentation.apachehttpclient4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequestInterceptor;
import org.apache.http.HttpResponseInterceptor;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.entity.ContentProducer;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.EntityTemplate;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.BasicResponseHandler;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.client.LaxRedirectStrategy;
import org.apache.http.impl.execchain.RequestAbortedException;
import org.apache.http.message.BasicHttpEntityEnclosingRequest;
import org.apache.http.util.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a program sees of a governed call is what it sees of the same request to another path. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AsBareTest {
  private static final String PATH = "/v1/chat/completions";
  private static final String TWIN = "/v1/chat/completionz";

  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new ApacheHttpClientInstrumentation());

  private FakeProvider provider;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
    assertThat(AGENT.failures()).isEmpty();
  }

  private HttpPost post(String path) {
    return post(path, new StringEntity(Outgoing.CHAT, ContentType.APPLICATION_JSON));
  }

  private HttpPost post(String path, HttpEntity entity) {
    HttpPost post = new HttpPost(provider.url() + path);
    post.setEntity(entity);
    return post;
  }

  private interface Look {
    String at(String path) throws Exception;
  }

  private static void same(Look look) throws Exception {
    String bare = look.at(TWIN).replace(TWIN, PATH);
    assertThat(look.at(PATH)).isEqualTo(bare);
  }

  private static String headers(Header[] headers) {
    StringBuilder all = new StringBuilder();
    for (Header header : headers) {
      if (!header.getName().startsWith("x-flyball-")) {
        all.append(header).append('\n');
      }
    }
    return all.toString();
  }

  @Test
  void responseAndEntityAndContext() throws Exception {
    Answer answer =
        Answer.of(
            200,
            CannedAnswers.CHAT,
            "Content-Type",
            "application/json; charset=utf-8",
            "X-Twice",
            "one",
            "x-twice",
            "two");
    provider.answer(answer, answer);
    try (CloseableHttpClient client = HttpClientBuilder.create().build()) {
      same(
          path -> {
            HttpClientContext context = HttpClientContext.create();
            try (CloseableHttpResponse response = client.execute(post(path), context)) {
              HttpEntity entity = response.getEntity();
              String seen =
                  headers(response.getAllHeaders())
                      + response.getStatusLine()
                      + response.getLocale()
                      + entity.getContentLength()
                      + entity.isChunked()
                      + entity.isRepeatable()
                      + entity.isStreaming()
                      + entity.getContentType()
                      + entity.getContentEncoding();
              assertThat(context.getResponse()).isSameAs(response);
              assertThat(context.getRequest()).isInstanceOf(HttpUriRequest.class);
              seen +=
                  context.getRequest().getRequestLine()
                      + headers(context.getRequest().getAllHeaders())
                      + context.getTargetHost()
                      + context.getHttpRoute()
                      + context.isRequestSent()
                      + context.getRedirectLocations()
                      + context.getTargetAuthState();
              return seen + EntityUtils.toString(entity);
            }
          });
    }
  }

  @Test
  void aResponseWithoutAnEntity() throws Exception {
    Answer none = Answer.nothing().raw("HTTP/1.1 204 Gone quiet\r\nX-A: b\r\n\r\n".getBytes(UTF_8));
    provider.answer(none, none);
    try (CloseableHttpClient client = HttpClientBuilder.create().build()) {
      same(
          path -> {
            try (CloseableHttpResponse response = client.execute(post(path))) {
              return response.getStatusLine() + " " + response.getEntity();
            }
          });
    }
  }

  @Test
  void chunksOfABodyOfUnknownLength() throws Exception {
    ContentProducer producer =
        out -> {
          byte[] bytes = Outgoing.CHAT.getBytes(UTF_8);
          out.write(bytes, 0, 10);
          out.flush();
          for (int i = 10; i < bytes.length; i++) {
            out.write(bytes[i]);
          }
        };
    EntityTemplate entity = new EntityTemplate(producer);
    entity.setContentType("application/json");
    entity.setChunked(true);
    sentAsBare(path -> post(path, entity));
    assertThat(provider.requests().get(0).header("transfer-encoding")).isEqualTo("chunked");
  }

  @Test
  void aBodyThatCanBeReadOnce() throws Exception {
    sentAsBare(
        path ->
            post(
                path,
                new InputStreamEntity(
                    new ByteArrayInputStream(Outgoing.CHAT.getBytes(UTF_8)),
                    ContentType.APPLICATION_JSON)));
  }

  private interface Ask {
    HttpPost at(String path);
  }

  private void sentAsBare(Ask ask) throws Exception {
    try (CloseableHttpClient client = HttpClientBuilder.create().build()) {
      client.execute(ask.at(TWIN), new BasicResponseHandler());
      client.execute(ask.at(PATH), new BasicResponseHandler());
    }
    sameRequests();
  }

  private void sameRequests() {
    List<RecordedRequest> requests = provider.requests();
    assertThat(requests).hasSize(2);
    assertThat(requests.get(1).rawText()).isEqualTo(requests.get(0).rawText().replace(TWIN, PATH));
  }

  @Test
  void aRequestLineWithATarget() throws Exception {
    HttpHost target = HttpHost.create(provider.url());
    try (CloseableHttpClient client = HttpClientBuilder.create().build()) {
      for (String path : new String[] {TWIN, PATH}) {
        HttpEntityEnclosingRequest request =
            new BasicHttpEntityEnclosingRequest("POST", path + "?q={x}|y");
        request.setEntity(new StringEntity(Outgoing.CHAT, ContentType.APPLICATION_JSON));
        client.execute(target, request, new BasicResponseHandler());
      }
    }
    sameRequests();
    assertThat(AGENT.records()).isNotEmpty();
  }

  @Test
  void interceptorsRunOncePerAttempt() throws Exception {
    AtomicInteger out = new AtomicInteger();
    AtomicInteger in = new AtomicInteger();
    provider.answer(CannedAnswers.openAiError(503, "overloaded"));
    try (CloseableHttpClient client =
        HttpClientBuilder.create()
            .addInterceptorLast(
                (HttpRequestInterceptor) (request, context) -> out.incrementAndGet())
            .addInterceptorLast(
                (HttpResponseInterceptor) (response, context) -> in.incrementAndGet())
            .build()) {
      HttpPost post = post(PATH);
      post.addHeader("x-flyball-test", "retry");
      client.execute(post, new BasicResponseHandler());
    }
    assertThat(Arrays.asList(out.get(), in.get())).containsExactly(2, 2);
  }

  @Test
  void redirectsAreOfOneCall() throws Exception {
    try (CloseableHttpClient client =
        HttpClientBuilder.create().setRedirectStrategy(new LaxRedirectStrategy()).build()) {
      int before = AGENT.records().size();
      List<String> seen = new ArrayList<>();
      for (String path : new String[] {TWIN, PATH}) {
        provider.answer(
            Answer.of(307, "", "Location", provider.url() + path), CannedAnswers.chat());
        HttpClientContext context = HttpClientContext.create();
        try (CloseableHttpResponse response = client.execute(post(path), context)) {
          seen.add(
              (context.getRedirectLocations() + EntityUtils.toString(response.getEntity()))
                  .replace(TWIN, PATH));
        }
      }
      assertThat(seen.get(1)).isEqualTo(seen.get(0));
      assertThat(provider.requests()).hasSize(4);
      assertThat(provider.requests().get(3).bodyText()).isEqualTo(Outgoing.CHAT);
      org.awaitility.Awaitility.await().until(() -> AGENT.records().size() == before + 1);
    }
  }

  @Test
  void aPasswordIsToldToOwnHostsOnly() throws Exception {
    BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    credentials.setCredentials(AuthScope.ANY, new UsernamePasswordCredentials("me", "secret"));
    Answer who = Answer.of(401, "{}", "WWW-Authenticate", "Basic realm=\"x\"");
    try (FakeProvider other = FakeProvider.start();
        CloseableHttpClient client =
            HttpClientBuilder.create().setDefaultCredentialsProvider(credentials).build()) {
      provider.answer(who, CannedAnswers.chat());
      assertThat(client.execute(post(PATH), new BasicResponseHandler()))
          .isEqualTo(CannedAnswers.CHAT);
      assertThat(provider.requests()).hasSize(2);
      assertThat(provider.requests().get(1).header("authorization")).startsWith("Basic ");

      other.answer(who);
      HttpPost post = post(PATH);
      post.addHeader("x-flyball-test", "redirect " + other.url() + " sk-other");
      try (CloseableHttpResponse response = client.execute(post)) {
        assertThat(response.getStatusLine().getStatusCode()).isEqualTo(401);
      }
      assertThat(other.requests()).hasSize(1);
      assertThat(other.requests().get(0).header("authorization")).isEqualTo("Bearer sk-other");
    }
  }

  @Test
  void abortingTheRequestEndsTheCallAsBare() throws Exception {
    provider.answer(Answer.silence(), Answer.silence());
    try (CloseableHttpClient client = HttpClientBuilder.create().build()) {
      List<Throwable> thrown = new ArrayList<>();
      for (String path : new String[] {TWIN, PATH}) {
        HttpPost post = post(path);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread caller = new Thread(() -> failure.set(catchThrowable(() -> client.execute(post))));
        caller.start();
        provider.takeRequest();
        post.abort();
        caller.join();
        thrown.add(failure.get());
        assertThat(post.isAborted()).isTrue();
      }
      assertThat(thrown.get(1)).hasSameClassAs(thrown.get(0));
      assertThat(provider.connections().get(1).awaitClose()).isTrue();
    }
  }

  @Test
  void aRequestThatWasAbortedBeforeIsNotSent() throws Exception {
    try (CloseableHttpClient client = HttpClientBuilder.create().build()) {
      for (String path : new String[] {TWIN, PATH}) {
        HttpPost post = post(path);
        post.abort();
        assertThat(catchThrowable(() -> client.execute(post)))
            .isInstanceOf(RequestAbortedException.class)
            .hasMessage("Request aborted");
      }
    }
    assertThat(provider.connections()).isEmpty();
  }

  @Test
  void abortingWhileAStreamIsReadEndsIt() throws Exception {
    provider.answer(Answer.events().event(CannedAnswers.content("one")).stall());
    try (CloseableHttpClient client = HttpClientBuilder.create().build()) {
      HttpPost post = post(PATH);
      CloseableHttpResponse response = client.execute(post);
      byte[] some = new byte[8];
      assertThat(response.getEntity().getContent().read(some)).isPositive();
      post.abort();
      assertThat(catchThrowable(() -> EntityUtils.toString(response.getEntity())))
          .isInstanceOf(IOException.class);
      assertThat(provider.connections().get(0).awaitClose()).isTrue();
      response.close();
    }
  }
}
