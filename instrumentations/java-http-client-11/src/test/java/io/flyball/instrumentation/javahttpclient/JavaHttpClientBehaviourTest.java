package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RefusedPort;
import io.flyball.instrumentation.testing.stage.ScriptedStage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.CookieHandler;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to this client, each compared with what it does for a request of its own. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaHttpClientBehaviourTest {
  private static final String GOVERNED = "/v1/chat/completions";
  private static final String OWN = "/v1/chat/completionz";
  private static final String[] BOTH = {OWN, GOVERNED};

  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new JavaHttpClientInstrumentation());

  private final HttpClient client = HttpClient.newHttpClient();
  private FakeProvider provider;

  @BeforeEach
  void startProvider() throws IOException {
    provider = FakeProvider.start();
  }

  @AfterEach
  void stopProvider() throws IOException {
    provider.close();
    assertThat(AGENT.failures()).isEmpty();
  }

  @Test
  void everyHandlerGetsTheWholeAnswer(@TempDir Path folder) throws Exception {
    HttpRequest request = request(GOVERNED).build();
    String chat = CannedAnswers.CHAT;

    assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo(chat);
    assertThat(client.send(request, BodyHandlers.ofByteArray()).body())
        .isEqualTo(chat.getBytes(UTF_8));
    assertThat(client.send(request, BodyHandlers.discarding()).body()).isNull();
    assertThat(client.send(request, BodyHandlers.replacing("other")).body()).isEqualTo("other");
    assertThat(client.send(request, BodyHandlers.ofFile(folder.resolve("chat"))).body())
        .hasContent(chat);
    assertThat(client.send(request, BodyHandlers.buffering(BodyHandlers.ofString(), 7)).body())
        .isEqualTo(chat);
    try (InputStream stream = client.send(request, BodyHandlers.ofInputStream()).body()) {
      assertThat(stream).hasContent(chat);
    }
    try (Stream<String> lines = client.send(request, BodyHandlers.ofLines()).body()) {
      assertThat(lines.collect(Collectors.joining())).isEqualTo(chat);
    }
    BodyHandler<Integer> mapping =
        head -> BodySubscribers.mapping(BodySubscribers.ofString(UTF_8), String::length);
    assertThat(client.send(request, mapping).body()).isEqualTo(chat.length());
    assertThat(client.sendAsync(request, mapping).get().body()).isEqualTo(chat.length());
    assertThat(text(client.send(request, BodyHandlers.ofPublisher()).body())).isEqualTo(chat);
    assertThat(text(client.sendAsync(request, BodyHandlers.ofPublisher()).get().body()))
        .isEqualTo(chat);
  }

  @Test
  void aHandlerMayBlockUntilTheBodyComes() throws Exception {
    provider.answer(Answer.gzip(200, CannedAnswers.CHAT), Answer.gzip(200, CannedAnswers.CHAT));
    BodyHandler<InputStream> unzipping =
        head ->
            BodySubscribers.mapping(
                BodySubscribers.ofInputStream(),
                zipped -> {
                  try {
                    return new GZIPInputStream(zipped);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });

    assertThat(client.send(request(GOVERNED).build(), unzipping).body())
        .hasContent(CannedAnswers.CHAT);
    assertThat(client.sendAsync(request(GOVERNED).build(), unzipping).get().body())
        .hasContent(CannedAnswers.CHAT);
  }

  @Test
  void theResponseKnowsWhereItCameFrom() throws Exception {
    HttpRequest request = request(GOVERNED).build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());

    assertThat(response.request()).isSameAs(request);
    assertThat(response.uri()).isEqualTo(request.uri());
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(response.previousResponse()).isEmpty();
    assertThat(response.sslSession()).isEmpty();
    assertThat(response).hasToString("(POST " + request.uri() + ") 200");
  }

  @Test
  void aFollowedRedirectIsRemembered() throws Exception {
    HttpClient following =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    provider.answer(Answer.of(307, "", "Location", provider.url() + "/elsewhere"));
    HttpResponse<String> response =
        following.send(request(GOVERNED).build(), BodyHandlers.ofString());

    assertThat(response.uri().getPath()).isEqualTo("/elsewhere");
    assertThat(response.request().uri().getPath()).isEqualTo("/elsewhere");
    assertThat(response.previousResponse().map(HttpResponse::statusCode)).contains(307);
  }

  @Test
  void asynchronousFailuresAreWrappedAsTheClientWrapsThem() throws Exception {
    for (String path : BOTH) {
      URI refused = URI.create("http://127.0.0.1:" + RefusedPort.number() + path);
      CompletableFuture<HttpResponse<String>> future =
          client.sendAsync(request(path).uri(refused).build(), BodyHandlers.ofString());
      Throwable got = catchThrowable(() -> future.get(30, TimeUnit.SECONDS));
      assertThat(got).as(path).isInstanceOf(ExecutionException.class);
      assertThat(got.getCause()).as(path).isInstanceOf(ConnectException.class);
      assertThat(catchThrowable(future::join)).as(path).isInstanceOf(CompletionException.class);
      assertThat(future.handle((response, failure) -> failure).join())
          .as(path)
          .isInstanceOf(CompletionException.class)
          .hasCause(got.getCause());
    }
  }

  @Test
  void aHandlerThatThrowsFailsTheCallAlike() {
    BodyHandler<String> broken =
        head -> {
          throw new IllegalStateException("broken handler");
        };
    List<Throwable> thrown = new ArrayList<>();
    for (String path : BOTH) {
      thrown.add(catchThrowable(() -> client.send(request(path).build(), broken)));
      thrown.add(catchThrowable(() -> client.sendAsync(request(path).build(), broken).get()));
    }
    assertThat(thrown.get(2)).hasSameClassAs(thrown.get(0)).hasMessage(thrown.get(0).getMessage());
    assertThat(thrown.get(3)).hasSameClassAs(thrown.get(1)).hasMessage(thrown.get(1).getMessage());
  }

  @Test
  void anImpossibleDemandFailsAlikeAndDoesNoHarmToABodyThatIsEmpty() {
    for (int status : new int[] {200, 204}) {
      String body = status == 200 ? CannedAnswers.CHAT : "";
      List<String> ended = new ArrayList<>();
      for (String path : BOTH) {
        provider.answer(Answer.json(status, body), Answer.json(status, body));
        for (boolean async : new boolean[] {false, true}) {
          BodyHandler<Void> demanding = BodyHandlers.fromSubscriber(new Demanding(0));
          Throwable thrown =
              catchThrowable(
                  () -> {
                    if (async) {
                      client.sendAsync(request(path).build(), demanding).get();
                    } else {
                      client.send(request(path).build(), demanding);
                    }
                  });
          ended.add(String.valueOf(thrown));
        }
      }
      assertThat(ended.subList(2, 4)).isEqualTo(ended.subList(0, 2));
      assertThat(ended.get(0)).startsWith(status == 200 ? "java.lang.IllegalArgument" : "null");
    }
  }

  @Test
  void bodiesOfUnknownLengthGoOutInChunksAsBefore() throws Exception {
    for (String path : BOTH) {
      BodyPublisher stream =
          BodyPublishers.ofInputStream(
              () -> new ByteArrayInputStream(Outgoing.CHAT.getBytes(UTF_8)));
      HttpRequest request = HttpRequest.newBuilder(uri(path)).POST(stream).build();
      client.send(request, BodyHandlers.ofString());
      client.sendAsync(request, BodyHandlers.ofString()).get();
    }
    String own = provider.requests().get(0).rawText();
    assertThat(own).containsIgnoringCase("transfer-encoding: chunked");
    assertThat(provider.requests())
        .extracting(sent -> sent.rawText().replace(GOVERNED, OWN))
        .containsOnly(own);
  }

  @Test
  void aRequestThatIsNoModelCallAfterAllGoesOutOnceAndWhole() throws Exception {
    String body = "{\"not\":\"a chat\"}";
    client.send(
        HttpRequest.newBuilder(uri(GOVERNED)).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
    client
        .sendAsync(
            HttpRequest.newBuilder(uri(GOVERNED))
                .POST(
                    BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(UTF_8))))
                .build(),
            BodyHandlers.ofString())
        .get();

    assertThat(provider.requests()).hasSize(2);
    assertThat(provider.requests()).extracting(sent -> sent.bodyText()).containsOnly(body);
  }

  @Test
  void cancellingADependentStageAbortsTheCall() throws Exception {
    assumeTrue(Runtime.version().feature() >= 16, "the client has no way to abort before a head");
    provider.answer(Answer.silence());
    CompletableFuture<Integer> status =
        client
            .sendAsync(request(GOVERNED).build(), BodyHandlers.ofString())
            .thenApply(HttpResponse::statusCode);
    provider.takeRequest();

    assertThat(status.cancel(true)).isTrue();
    assertThat(provider.connections().get(0).awaitClose()).isTrue();
  }

  @Test
  void closingLinesEarlyClosesTheConnection() throws Exception {
    String first = CannedAnswers.content("one");
    provider.answer(Answer.events().event(first).event(CannedAnswers.content("two")).stall());
    try (Stream<String> lines = client.send(streaming(), BodyHandlers.ofLines()).body()) {
      assertThat(lines.findFirst()).contains("data: " + first);
    }
    assertThat(provider.connections().get(0).awaitClose()).isTrue();
  }

  @Test
  void tenThousandChunksArriveInOrder() throws Exception {
    Answer stream = Answer.events();
    stream =
        stream.then(
            wire -> {
              for (int i = 0; i < 10_000; i++) {
                String event = "data: " + i + "\n\n";
                wire.write(
                    (Integer.toHexString(event.length()) + "\r\n" + event + "\r\n")
                        .getBytes(UTF_8));
              }
            });
    provider.answer(stream.end());
    List<String> lines;
    try (Stream<String> body = client.send(streaming(), BodyHandlers.ofLines()).body()) {
      lines = body.filter(line -> !line.isEmpty()).collect(Collectors.toList());
    }
    assertThat(lines).hasSize(10_000).startsWith("data: 0").endsWith("data: 9999");
  }

  @Test
  void dependentsNeverRunOnTheClientsSelectorThread() throws Exception {
    String thread =
        client
            .sendAsync(request(GOVERNED).build(), BodyHandlers.ofString())
            .thenApply(response -> Thread.currentThread().getName())
            .get();
    assertThat(thread).doesNotContain("Selector");
  }

  @Test
  void aSendBeginsOnItsOwnThread() throws Exception {
    List<Thread> asked = Collections.synchronizedList(new ArrayList<>());
    HttpClient cookies =
        HttpClient.newBuilder()
            .cookieHandler(
                new CookieHandler() {
                  @Override
                  public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
                    asked.add(Thread.currentThread());
                    return Map.of();
                  }

                  @Override
                  public void put(URI uri, Map<String, List<String>> headers) {}
                })
            .build();
    cookies.send(request(GOVERNED).build(), BodyHandlers.ofString());
    cookies.sendAsync(request(GOVERNED).build(), BodyHandlers.ofString()).get();
    assertThat(asked).hasSize(2);
    assertThat(asked.get(0)).isSameAs(Thread.currentThread());
    assertThat(asked.get(1)).isNotSameAs(Thread.currentThread());
  }

  @Test
  void aProxyGetsItsPasswordAndAnotherHostDoesNot() throws Exception {
    HttpClient proxied =
        HttpClient.newBuilder()
            .proxy(ProxySelector.of(new InetSocketAddress("127.0.0.1", provider.port())))
            .authenticator(
                new Authenticator() {
                  @Override
                  protected PasswordAuthentication getPasswordAuthentication() {
                    return new PasswordAuthentication("me", "secret".toCharArray());
                  }
                })
            .build();
    provider.answer(
        Answer.of(407, "", "Proxy-Authenticate", "Basic realm=\"way out\""),
        CannedAnswers.chat(),
        Answer.of(401, "", "WWW-Authenticate", "Basic realm=\"models\""));
    HttpRequest request =
        request(GOVERNED)
            .header(ScriptedStage.HEADER, "redirect http://models.invalid sk-other")
            .build();

    assertThat(proxied.send(request, BodyHandlers.ofString()).body()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests().get(1).header("proxy-authorization")).startsWith("Basic ");
    assertThatThrownBy(() -> proxied.send(request, BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
    assertThat(provider.requests()).hasSize(3);
    assertThat(provider.requests())
        .extracting(sent -> sent.header("authorization"))
        .noneMatch(sent -> sent != null && sent.startsWith("Basic"));
  }

  @Test
  void anotherHostIsAskedOverTheSameConnectionAgain() throws Exception {
    HttpClient following =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    try (FakeProvider other = FakeProvider.start()) {
      HttpRequest request =
          request(GOVERNED)
              .header(ScriptedStage.HEADER, "redirect " + other.url() + " sk-other")
              .build();
      for (int i = 0; i < 3; i++) {
        following.send(request, BodyHandlers.ofString());
      }
      assertThat(other.connections()).hasSize(1);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(Outgoing.CHAT));
  }

  private HttpRequest streaming() {
    return HttpRequest.newBuilder(uri(GOVERNED))
        .POST(BodyPublishers.ofString(Outgoing.CHAT_STREAM))
        .build();
  }

  private URI uri(String path) {
    return URI.create(provider.url() + path);
  }

  private static String text(Flow.Publisher<List<ByteBuffer>> body) throws Exception {
    HttpResponse.BodySubscriber<String> subscriber = BodySubscribers.ofString(UTF_8);
    body.subscribe(subscriber);
    return subscriber.getBody().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** Makes one demand and no other. */
  private static final class Demanding implements Flow.Subscriber<List<ByteBuffer>> {
    private final long demand;

    Demanding(long demand) {
      this.demand = demand;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(demand);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
