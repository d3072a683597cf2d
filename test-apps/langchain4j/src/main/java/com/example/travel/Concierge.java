package com.example.travel;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A concierge whose tool asks another AI service, and on another thread the model, at once and as a
 * stream. An ordinary LangChain4j application that knows nothing of Flyball, for any version from
 * 1.0.
 *
 * <p>Reads {@code OPENAI_BASE_URL} and {@code OPENAI_API_KEY}.
 */
public final class Concierge {

  interface Desk {
    String advise(String question);

    TokenStream chat(String question);
  }

  interface Critic {
    String review(String restaurant);
  }

  static final class Restaurants {
    private final Critic critic;
    private final ChatModel model;
    private final ExecutorService pool = Executors.newFixedThreadPool(1);

    Restaurants(ChatModel model) {
      this.model = model;
      this.critic = AiServices.create(Critic.class, model);
    }

    @Tool("What a restaurant is like")
    String restaurant(@P("name") String name) {
      String review = critic.review(name);
      return CompletableFuture.supplyAsync(() -> model.chat("In a word: " + review), pool).join();
    }
  }

  private Concierge() {}

  public static void main(String[] arguments) throws Exception {
    String url = System.getenv("OPENAI_BASE_URL");
    String key = System.getenv("OPENAI_API_KEY");
    ChatModel model =
        OpenAiChatModel.builder().baseUrl(url).apiKey(key).modelName("gpt-4o-mini").build();
    Desk desk =
        AiServices.builder(Desk.class)
            .chatModel(model)
            .streamingChatModel(
                OpenAiStreamingChatModel.builder()
                    .baseUrl(url)
                    .apiKey(key)
                    .modelName("gpt-4o")
                    .build())
            .tools(new Restaurants(model))
            .build();
    System.out.println("advice: " + desk.advise("Where do we eat?"));
    TokenStream stream = desk.chat("Where do we eat tomorrow?");
    System.out.println("chat: " + whole(stream).get(60, TimeUnit.SECONDS));
    System.exit(0);
  }

  private static CompletableFuture<String> whole(TokenStream stream) {
    CompletableFuture<String> whole = new CompletableFuture<>();
    stream
        .onPartialResponse(partial -> {})
        .onCompleteResponse((ChatResponse response) -> whole.complete(response.aiMessage().text()))
        .onError(whole::completeExceptionally)
        .start();
    return whole;
  }
}
