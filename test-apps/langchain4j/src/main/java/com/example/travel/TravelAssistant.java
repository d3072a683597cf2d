package com.example.travel;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.SystemMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A travel assistant with a tool, a streaming packing list, and a second opinion from another
 * provider. An ordinary LangChain4j application that knows nothing of Flyball.
 *
 * <p>Reads {@code OPENAI_BASE_URL}, {@code OPENAI_API_KEY}, {@code ANTHROPIC_BASE_URL}, {@code
 * ANTHROPIC_API_KEY}.
 */
public final class TravelAssistant {

  interface Advisor {
    @SystemMessage("You plan train journeys. Use the timetable.")
    String advise(String question);
  }

  static final class Timetable {
    @Tool("Departures from one city to another")
    String departures(@P("from") String from, @P("to") String to) {
      System.out.println("timetable asked: " + from + " - " + to);
      return "07:04, 09:04, 11:04";
    }
  }

  public static void main(String[] arguments) throws Exception {
    String openAiUrl = System.getenv("OPENAI_BASE_URL");
    String openAiKey = System.getenv("OPENAI_API_KEY");
    Advisor advisor =
        AiServices.builder(Advisor.class)
            .chatModel(
                OpenAiChatModel.builder()
                    .baseUrl(openAiUrl)
                    .apiKey(openAiKey)
                    .modelName("gpt-4o-mini")
                    .build())
            .chatMemory(MessageWindowChatMemory.withMaxMessages(10))
            .tools(new Timetable())
            .build();
    System.out.println("advice: " + advisor.advise("When can I go from Ulm to Basel tomorrow?"));
    System.out.println("packing: " + packingList(openAiUrl, openAiKey));
    System.out.println("second opinion: " + secondOpinion());
    System.exit(0);
  }

  private static String packingList(String url, String key) throws Exception {
    OpenAiStreamingChatModel model =
        OpenAiStreamingChatModel.builder().baseUrl(url).apiKey(key).modelName("gpt-4o").build();
    CompletableFuture<String> whole = new CompletableFuture<>();
    StringBuilder shown = new StringBuilder();
    model.chat(
        "What do I pack for two days in Basel in November?",
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String partialResponse) {
            shown.append(partialResponse);
          }

          @Override
          public void onCompleteResponse(ChatResponse response) {
            whole.complete(shown + " (" + response.finishReason() + ")");
          }

          @Override
          public void onError(Throwable error) {
            whole.completeExceptionally(error);
          }
        });
    return whole.get(60, TimeUnit.SECONDS);
  }

  private static String secondOpinion() {
    return AnthropicChatModel.builder()
        .baseUrl(System.getenv("ANTHROPIC_BASE_URL"))
        .apiKey(System.getenv("ANTHROPIC_API_KEY"))
        .modelName("claude-haiku-4-5")
        .maxTokens(100)
        .build()
        .chat("Is the 07:04 from Ulm to Basel a good idea?");
  }
}
