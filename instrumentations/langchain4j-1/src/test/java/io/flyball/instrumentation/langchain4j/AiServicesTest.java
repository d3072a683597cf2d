package io.flyball.instrumentation.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.support.SupportDesk;
import com.example.support.SupportDesk.Assistant;
import com.example.support.SupportDesk.Books;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.TokenStream;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.wire.Bodies;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** AI services of an application, the test in the place of the models and their HTTP client. */
class AiServicesTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new AiServicesInstrumentation());

  private final ExecutorService client = Executors.newSingleThreadExecutor();
  private int before;

  @BeforeEach
  void count() {
    before = AGENT.records().size();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    assertThat(AGENT.failures()).isEmpty();
  }

  private static void call() {
    try {
      AGENT
          .gateway()
          .open(
              new WireRequest(
                  "POST",
                  URI.create("https://api.openai.com/v1/chat/completions"),
                  Headers.EMPTY,
                  "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                      .getBytes(StandardCharsets.UTF_8)))
          .execute(
              (request, cancellation) ->
                  CompletableFuture.completedFuture(
                      WireResponse.received(
                          200, Headers.EMPTY, Bodies.of(new byte[] {'{', '}'}), new Object())))
          .body()
          .close();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Wants the tool for every first question that may use one. */
  private static ChatResponse answerTo(ChatRequest request) {
    call();
    boolean first = request.messages().size() == 1;
    return ChatResponse.builder()
        .aiMessage(
            first && !request.toolSpecifications().isEmpty()
                ? AiMessage.from(
                    ToolExecutionRequest.builder()
                        .id("1")
                        .name("book")
                        .arguments("{\"arg0\":\"Governors\",\"title\":\"Governors\"}")
                        .build())
                : AiMessage.from("fine"))
        .build();
  }

  private static final ChatModel MODEL =
      new ChatModel() {
        @Override
        public ChatResponse doChat(ChatRequest request) {
          return answerTo(request);
        }
      };

  /** Asks on the thread that it is called on and answers on its client's, as real ones do. */
  private StreamingChatModel streaming() {
    return new StreamingChatModel() {
      @Override
      public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        ChatResponse answer = answerTo(request);
        client.execute(() -> handler.onCompleteResponse(answer));
      }
    };
  }

  /** What is made on the test's own thread, by nobody, has JUnit for its place. */
  private List<String> features() {
    return AGENT.records().stream()
        .skip(before)
        .map(record -> record.attribution().feature())
        .map(name -> name == null || name.startsWith("org.junit") ? "none" : name)
        .collect(Collectors.toList());
  }

  @Test
  void aCallIsMadeForTheServicesMethod() {
    Assistant assistant = SupportDesk.assistant(MODEL, null);

    assistant.answer("How fast?");
    assistant.politely("How fast?");
    call();

    assertThat(features()).containsExactly("Assistant.answer", "Assistant.answer", "none");
  }

  @Test
  void aMethodThatFailsIsOver() {
    ChatModel broken =
        new ChatModel() {
          @Override
          public ChatResponse doChat(ChatRequest request) {
            throw new IllegalStateException("broken");
          }
        };

    assertThatThrownBy(() -> SupportDesk.assistant(broken, null).answer("How fast?"))
        .hasMessageContaining("broken");
    call();

    assertThat(features()).containsExactly("none");
  }

  @Test
  void whatAToolAsksAnotherServiceIsMadeForThatOne() {
    SupportDesk.assistant(MODEL, null, new Books(MODEL)).answer("Which book?");

    assertThat(features())
        .containsExactly("Assistant.answer", "Librarian.find", "Assistant.answer");
  }

  @Test
  void aStreamIsMadeForTheMethodThatGaveItWhereverItIsStarted() throws Exception {
    TokenStream stream = SupportDesk.assistant(null, streaming()).stream("How fast?");

    CompletableFuture.supplyAsync(() -> SupportDesk.start(stream)).get().get(10, TimeUnit.SECONDS);
    call();

    assertThat(features()).containsExactly("Assistant.stream", "none");
  }

  @Test
  void aStreamThatGoesOnAfterItsToolsIsTheSameCallers() throws Exception {
    TokenStream stream =
        SupportDesk.assistant(null, streaming(), new Books(MODEL)).stream("Which book?");

    SupportDesk.start(stream).get(10, TimeUnit.SECONDS);
    client.submit(AiServicesTest::call).get();

    assertThat(features())
        .containsExactly("Assistant.stream", "Librarian.find", "Assistant.stream", "none");
    assertThat(AGENT.records().subList(before, before + 4))
        .extracting(record -> record.attribution().callSite())
        .containsExactly(
            "com.example.support.SupportDesk.start",
            "com.example.support.SupportDesk$Books.book",
            "com.example.support.SupportDesk.start",
            null);
  }

  @Test
  void theServicesOwnMethodsAreNoCalls() {
    Assistant assistant = SupportDesk.assistant(MODEL, null);

    assertThat(assistant).hasToString(assistant.toString()).isEqualTo(assistant);
    assertThat(features()).isEmpty();
  }
}
