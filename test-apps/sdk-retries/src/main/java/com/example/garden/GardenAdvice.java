package com.example.garden;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.ai.tool.annotation.Tool;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Asks Spring AI's {@code ChatClient} at once and as a stream, with a tool and an advisor of its
 * own. Reads {@code OPENAI_BASE_URL} (without a path) and {@code OPENAI_API_KEY}.
 */
public final class GardenAdvice {
  private final ChatClient client;

  private GardenAdvice(String url, String key) {
    OpenAiChatModel model =
        OpenAiChatModel.builder()
            .openAiApi(OpenAiApi.builder().baseUrl(url).apiKey(key).build())
            .defaultOptions(OpenAiChatOptions.builder().model("gpt-4o-mini").build())
            .build();
    this.client = ChatClient.builder(model).defaultAdvisors(new Diary()).build();
  }

  public static void main(String[] arguments) {
    GardenAdvice garden =
        new GardenAdvice(System.getenv("OPENAI_BASE_URL"), System.getenv("OPENAI_API_KEY"));
    System.out.println("advice: " + garden.ask("Why is the lemon tree yellow?"));
    System.out.println("more: " + read(garden.tell("What else does it need?")));
    System.exit(0);
  }

  private String ask(String question) {
    return client.prompt(question).tools(new Weather()).call().content();
  }

  private Flux<String> tell(String question) {
    return client.prompt(question).tools(new Weather()).stream().content();
  }

  private static String read(Flux<String> stream) {
    return String.join("", stream.subscribeOn(Schedulers.boundedElastic()).collectList().block());
  }

  /** What the model may ask. */
  static final class Weather {
    @Tool(description = "How much rain fell this week")
    String rain(String place) {
      return "12 mm";
    }
  }

  /** Stands between the application and its model. */
  private static final class Diary implements CallAdvisor {
    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
      return chain.nextCall(request);
    }

    @Override
    public String getName() {
      return "diary";
    }

    @Override
    public int getOrder() {
      return 0;
    }
  }
}
