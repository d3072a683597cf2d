package io.flyball.instrumentation.apachehttpclient5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an application sees of a governed call is what it sees of the same request to a path that is
 * no model call. The pool has one connection, so what is not given back is missed at once.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClassicAsBareTest {
  private static final String[] PATHS = {"/v1/chat/completionz", "/v1/chat/completions"};

  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new ApacheHttpClient5Instrumentation());

  private FakeProvider provider;
  private PoolingHttpClientConnectionManager pool;
  private CloseableHttpClient client;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
    pool = new PoolingHttpClientConnectionManager();
    pool.setMaxTotal(1);
    pool.setDefaultMaxPerRoute(1);
    client =
        HttpClients.custom()
            .setConnectionManager(pool)
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(5, TimeUnit.SECONDS)
                    .setResponseTimeout(5, TimeUnit.SECONDS)
                    .build())
            .build();
    AGENT.failures().clear();
  }

  @AfterEach
  void end() throws IOException {
    assertThat(pool.getTotalStats().getLeased()).as("connections that are not back").isZero();
    client.close();
    provider.close();
    assertThat(AGENT.failures()).isEmpty();
  }

  private HttpPost post(String path) {
    HttpPost post = new HttpPost(URI.create(provider.url() + path));
    post.setEntity(new StringEntity(Outgoing.CHAT, ContentType.APPLICATION_JSON));
    return post;
  }

  private interface Use {
    String of(String path) throws Exception;
  }

  private static void sameOnBoth(Use use) throws Exception {
    List<String> seen = new ArrayList<>();
    for (String path : PATHS) {
      String told;
      try {
        told = use.of(path);
      } catch (IOException thrown) {
        told = thrown.getClass().getName() + ": " + thrown.getMessage();
      }
      seen.add(told.replace(PATHS[1], PATHS[0]));
    }
    assertThat(seen.get(1)).isEqualTo(seen.get(0));
  }

  private static String told(HttpEntity entity) {
    return entity.getContentType()
        + " "
        + entity.getContentEncoding()
        + " "
        + entity.getContentLength()
        + " "
        + entity.isChunked()
        + entity.isRepeatable()
        + entity.isStreaming();
  }

  private static List<String> headers(Header... headers) {
    List<String> all = new ArrayList<>();
    for (Header header : headers) {
      if (!header.getName().startsWith("x-flyball-")) {
        all.add(header.toString());
      }
    }
    return all;
  }

  @Test
  void theHeadIsTheSame() throws Exception {
    sameOnBoth(
        path -> {
          provider.answer(
              Answer.of(200, "{}", "X-One", "a", "x-ONE", "b", "Content-Type", "application/json"));
          try (CloseableHttpResponse response = client.execute(post(path))) {
            String told =
                response.getVersion()
                    + " "
                    + response.getCode()
                    + response.getReasonPhrase()
                    + headers(response.getHeaders())
                    + told(response.getEntity());
            return told + EntityUtils.toString(response.getEntity());
          }
        });
  }

  @Test
  void aHandlerThatReadsNothingLeavesAConnectionForTheNext() throws Exception {
    for (int i = 0; i < 3; i++) {
      provider.answer(CannedAnswers.chat());
      int code = client.execute(post(PATHS[1]), response -> response.getCode());
      assertThat(code).isEqualTo(200);
    }
    assertThat(provider.connections()).as("the connection is used again").hasSize(1);
  }

  @Test
  void aHandlerThatFailsLeavesAConnectionForTheNext() throws Exception {
    for (String path : PATHS) {
      provider.answer(CannedAnswers.chat());
      Throwable thrown =
          catchThrowable(
              () ->
                  client.execute(
                      post(path),
                      response -> {
                        throw new IOException("not for me");
                      }));
      assertThat(thrown).isInstanceOf(IOException.class).hasMessage("not for me");
    }
  }

  @Test
  void aReaderThatStopsBeforeTheEndLeavesAConnectionForTheNext() throws Exception {
    for (int i = 0; i < 3; i++) {
      provider.answer(Answer.events().chunk(Outgoing.CHAT).end());
      try (CloseableHttpResponse response = client.execute(post(PATHS[1]))) {
        InputStream in = response.getEntity().getContent();
        for (int read = 0; read < Outgoing.CHAT.length(); read++) {
          assertThat(in.read()).isPositive();
        }
        in.close();
      }
    }
    assertThat(provider.connections()).as("the connection is used again").hasSize(1);
  }

  @Test
  void theContextIsAsAfterTheApplicationsOwnRequest() throws Exception {
    sameOnBoth(
        path -> {
          provider.answer(Answer.of(200, "{}", "Set-Cookie", "a=b"));
          HttpClientContext context = HttpClientContext.create();
          context.setCookieStore(new BasicCookieStore());
          client.execute(post(path), context).close();
          return context.getRequest().getRequestUri()
              + headers(context.getRequest().getHeaders())
              + context.getResponse().getCode()
              + context.getHttpRoute()
              + context.getCookieStore().getCookies().size()
              + context.getProtocolVersion()
              + context.getRequestConfig();
        });
  }

  @Test
  void redirectionsAreTheClients() throws Exception {
    sameOnBoth(
        path -> {
          provider.answer(
              Answer.of(307, "", "Location", "/moved" + path), Answer.json(200, "{\"a\":1}"));
          HttpClientContext context = HttpClientContext.create();
          try (CloseableHttpResponse response = client.execute(post(path), context)) {
            return EntityUtils.toString(response.getEntity())
                + context.getRedirectLocations().getAll();
          }
        });
    assertThat(provider.requests()).hasSize(4);
  }

  /** The client itself asks once more, a second later; ours would multiply. */
  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void whatTheClientRepeatsIsNotRepeatedOnceMore(int status) throws Exception {
    sameOnBoth(
        path -> {
          provider.answer(Answer.json(status, "{}"), Answer.json(status, "{}"));
          int before = provider.requests().size();
          try (CloseableHttpResponse response = client.execute(post(path))) {
            return response.getCode() + " " + (provider.requests().size() - before);
          }
        });
  }

  @Test
  void anAbortedRequestEndsAsBare() throws Exception {
    sameOnBoth(
        path -> {
          provider.answer(Answer.silence());
          int before = provider.requests().size();
          HttpPost post = post(path);
          Thread aborting =
              new Thread(
                  () -> {
                    while (provider.requests().size() == before) {
                      Thread.yield();
                    }
                    post.abort();
                  });
          aborting.start();
          try {
            return "answered " + client.execute(post).getCode();
          } finally {
            aborting.join();
          }
        });
  }

  @Test
  void aRequestThatWasAbortedBeforeIsNotSent() throws Exception {
    sameOnBoth(
        path -> {
          HttpPost post = post(path);
          post.abort();
          return String.valueOf(catchThrowable(() -> client.execute(post)));
        });
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void abortingEndsAStreamThatIsRead() throws Exception {
    for (String path : PATHS) {
      provider.answer(Answer.events().chunk("data: 1\n\n").stall());
      HttpPost post = post(path);
      CloseableHttpResponse response = client.execute(post);
      InputStream in = response.getEntity().getContent();
      assertThat(in.read()).isEqualTo('d');
      post.abort();
      assertThat(
              catchThrowable(
                  () -> {
                    while (in.read() >= 0) {
                      // What has come before is still there.
                    }
                  }))
          .as(path)
          .isInstanceOf(SocketException.class);
      EntityUtils.consume(response.getEntity());
      response.close();
    }
    assertThat(provider.connections().get(1).awaitClose()).isTrue();
  }

  @Test
  void anEntityThatCanBeWrittenOnceIsWrittenInItsOwnChunks() throws Exception {
    for (String path : PATHS) {
      provider.answer(CannedAnswers.chat());
      HttpPost post = new HttpPost(URI.create(provider.url() + path));
      InputStream once = new ByteArrayInputStream(Outgoing.CHAT.getBytes(StandardCharsets.UTF_8));
      post.setEntity(new InputStreamEntity(once, ContentType.APPLICATION_JSON));
      client.execute(post).close();
    }
    assertThat(provider.requests().get(1).rawText().replace(PATHS[1], PATHS[0]))
        .isEqualTo(provider.requests().get(0).rawText());
  }

  @Test
  void aRequestWithoutAHostGoesToItsTarget() throws Exception {
    HttpHost target = HttpHost.create(provider.url());
    for (String path : PATHS) {
      provider.answer(CannedAnswers.chat());
      ClassicHttpRequest request = new BasicClassicHttpRequest("POST", path);
      request.setEntity(new StringEntity(Outgoing.CHAT, ContentType.APPLICATION_JSON));
      try (CloseableHttpResponse response = client.execute(target, request)) {
        assertThat(response.getFirstHeader("x-flyball-call") != null).isEqualTo(path == PATHS[1]);
      }
      assertThat(request.getAuthority().getPort()).isEqualTo(target.getPort());
    }
    assertThat(provider.requests().get(1).rawText().replace(PATHS[1], PATHS[0]))
        .isEqualTo(provider.requests().get(0).rawText());
  }

  /** The client ends its pool then; what was sent is not sent once more. */
  @Test
  void anErrorComesThrough() throws Exception {
    for (String path : PATHS) {
      provider.answer(CannedAnswers.chat());
      try (CloseableHttpClient failing =
          HttpClients.custom()
              .addResponseInterceptorLast(
                  (response, entity, context) -> {
                    throw new StackOverflowError("of the application");
                  })
              .build()) {
        assertThat(catchThrowable(() -> failing.execute(post(path))))
            .as(path)
            .isInstanceOf(StackOverflowError.class)
            .hasMessage("of the application");
      }
    }
    assertThat(provider.requests()).hasSize(2);
  }

  @Test
  void theMinimalClientIsGoverned() throws Exception {
    try (CloseableHttpClient minimal = HttpClients.createMinimal(pool)) {
      List<Integer> governed = new ArrayList<>();
      for (String path : PATHS) {
        provider.answer(CannedAnswers.chat());
        try (CloseableHttpResponse response =
            minimal.execute(post(path), HttpClientContext.create())) {
          governed.add(response.getHeaders("x-flyball-call").length);
          assertThat(EntityUtils.toString(response.getEntity())).isEqualTo(CannedAnswers.CHAT);
        }
      }
      assertThat(governed).isEqualTo(Arrays.asList(0, 1));
    }
  }
}
