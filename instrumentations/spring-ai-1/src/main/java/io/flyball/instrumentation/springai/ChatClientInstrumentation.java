package io.flyball.instrumentation.springai;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The {@code ChatClient} of Spring AI from 1.0. No client of HTTP: only there to know who asked it,
 * since advisors of the application stand between that place and the wire, and streams are sent on
 * threads of Reactor's.
 */
public final class ChatClientInstrumentation implements ClientInstrumentation {
  private static final String CALL =
      "org.springframework.ai.chat.client.DefaultChatClient$DefaultCallResponseSpec";
  private static final String STREAM =
      "org.springframework.ai.chat.client.DefaultChatClient$DefaultStreamResponseSpec";
  private static final String REQUEST = "org.springframework.ai.chat.client.ChatClientRequest";
  private static final String EXCHANGE =
      "org.springframework.web.reactive.function.client.ExchangeFunctions$DefaultExchangeFunction";

  @Override
  public String name() {
    return "spring-ai-1-chat-client";
  }

  @Override
  public List<Hook> hooks() {
    return Arrays.asList(
        new Hook(
            CALL, "doGetObservableChatClientResponse", ChatCallAdvice.class.getName(), REQUEST),
        new Hook(
            STREAM, "doGetObservableFluxChatResponse", ChatStreamAdvice.class.getName(), REQUEST),
        // With the format of an entity, in 1.0.
        new Hook(
                CALL,
                "doGetObservableChatClientResponse",
                ChatCallAdvice.class.getName(),
                REQUEST,
                "java.lang.String")
            .whereItExists(),
        new Hook(
            EXCHANGE,
            "exchange",
            ExchangeAdvice.class.getName(),
            "org.springframework.web.reactive.function.client.ClientRequest"));
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.singletonList(Witness.method(STREAM, "doGetObservableFluxChatResponse"));
  }

  /** The {@code WebClient} is Spring's, and mostly there without Spring AI. */
  @Override
  public String libraryType() {
    return "org.springframework.ai.chat.client.ChatClient";
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.springai.ChatClientPlugin";
  }
}
