package com.example.support;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.util.concurrent.CompletableFuture;

/** What an application does with AI services. */
public final class SupportDesk {

  /** A service that answers at once, or bit by bit. */
  public interface Assistant {
    String answer(String question);

    TokenStream stream(String question);

    default String politely(String question) {
      return answer(question + ", please");
    }
  }

  /** A service that a tool of another asks. */
  public interface Librarian {
    String find(String title);
  }

  /** Asks the librarian. */
  public static final class Books {
    private final Librarian librarian;

    public Books(ChatModel model) {
      this.librarian = AiServices.create(Librarian.class, model);
    }

    @Tool("A book")
    public String book(String title) {
      return librarian.find(title);
    }
  }

  private SupportDesk() {}

  public static Assistant assistant(
      ChatModel model, StreamingChatModel streaming, Object... tools) {
    return AiServices.builder(Assistant.class)
        .chatModel(model)
        .streamingChatModel(streaming)
        .tools(tools)
        .build();
  }

  public static CompletableFuture<ChatResponse> start(TokenStream stream) {
    CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
    stream
        .onPartialResponse(partial -> {})
        .onCompleteResponse(whole::complete)
        .onError(whole::completeExceptionally)
        .start();
    return whole;
  }
}
