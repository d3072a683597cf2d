package io.flyball.instrumentation.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.garden.Advice;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.wire.Bodies;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.ExchangeFunctions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Chat clients of an application, the test in the place of the HTTP client below. */
class ChatClientTest {
  private static final String URL = "https://api.openai.com/v1/chat/completions";

  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new ChatClientInstrumentation());

  private int before;

  @BeforeEach
  void count() {
    before = AGENT.records().size();
  }

  @AfterEach
  void nothingFailed() {
    assertThat(AGENT.failures()).isEmpty();
  }

  private static void send(String url) {
    GovernedCall call =
        AGENT
            .gateway()
            .open(
                new WireRequest(
                    "POST",
                    URI.create(url),
                    Headers.EMPTY,
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .getBytes(StandardCharsets.UTF_8)));
    call.executeAsync(
            (request, cancellation) ->
                CompletableFuture.completedFuture(
                    WireResponse.received(
                        200, Headers.EMPTY, Bodies.of(new byte[] {'{', '}'}), new Object())),
            Runnable::run)
        .thenAccept(response -> response.body().close());
  }

  private static final ExchangeFunction WEB_CLIENT =
      ExchangeFunctions.create(
          (method, uri, request) ->
              Mono.defer(
                  () -> {
                    send(uri.toString());
                    return Mono.empty();
                  }));

  private static Mono<Void> exchange() {
    return WEB_CLIENT
        .exchange(ClientRequest.create(HttpMethod.POST, URI.create(URL)).build())
        .then();
  }

  private static final ChatResponse ANSWER =
      new ChatResponse(
          Collections.singletonList(new Generation(new AssistantMessage("Water it."))));

  /** Asks twice for a stream, the second time on a thread of Reactor's, as after a tool. */
  private static final ChatModel MODEL =
      new ChatModel() {
        @Override
        public ChatResponse call(Prompt prompt) {
          if (prompt.getContents().contains("broken")) {
            throw new IllegalStateException("broken");
          }
          send(URL);
          return ANSWER;
        }

        @Override
        public Flux<ChatResponse> stream(Prompt prompt) {
          return Flux.defer(ChatClientTest::exchange)
              .thenMany(
                  Flux.defer(ChatClientTest::exchange).subscribeOn(Schedulers.boundedElastic()))
              .thenMany(Flux.just(ANSWER));
        }

        @Override
        public ChatOptions getDefaultOptions() {
          return ChatOptions.builder().build();
        }
      };

  private List<String> features() {
    return AGENT.records().stream()
        .skip(before)
        .map(record -> record.attribution().feature())
        .map(name -> name == null || name.startsWith("org.junit") ? "none" : name)
        .collect(Collectors.toList());
  }

  @Test
  void aCallIsMadeForWhoAskedTheClientNotForAnAdvisor() {
    new Advice(MODEL).ask("Why is it yellow?");
    assertThatThrownBy(() -> new Advice(MODEL).ask("broken")).hasMessage("broken");
    send(URL);

    assertThat(features()).containsExactly("com.example.garden.Advice.ask", "none");
    assertThat(AGENT.records().get(before).attribution().callSite())
        .isEqualTo("com.example.garden.Advice$Diary.adviseCall");
  }

  @Test
  void aStreamIsMadeForWhoAskedTheClientOnEveryThread() {
    Advice advice = new Advice(MODEL);

    assertThat(Advice.read(advice.stream("Why is it yellow?"))).containsExactly("Water it.");
    Advice.read(advice.stream("And now?").subscribeOn(Schedulers.boundedElastic()));
    exchange().block();

    String place = "com.example.garden.Advice.stream";
    assertThat(features()).containsExactly(place, place, place, place, "none");
    assertThat(AGENT.records().subList(before, before + 4))
        .extracting(record -> record.attribution().callSite())
        .containsOnly(place);
  }

  @Test
  void otherRequestsOfTheWebClientAreNotTouched() {
    Mono<?> exchange =
        WEB_CLIENT.exchange(
            ClientRequest.create(HttpMethod.GET, URI.create("https://example.com/prices")).build());

    assertThat(exchange.getClass().getName()).startsWith("reactor.");
  }
}
