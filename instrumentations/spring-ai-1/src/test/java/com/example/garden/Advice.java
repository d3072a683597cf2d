package com.example.garden;

import java.util.List;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.model.ChatModel;
import reactor.core.publisher.Flux;

/** What an application does with a {@code ChatClient}. */
public final class Advice {
  private final ChatClient client;

  public Advice(ChatModel model) {
    this.client = ChatClient.builder(model).defaultAdvisors(new Diary()).build();
  }

  public String ask(String question) {
    return client.prompt(question).call().content();
  }

  public Flux<String> stream(String question) {
    return client.prompt(question).stream().content();
  }

  public static List<String> read(Flux<String> stream) {
    return stream.collectList().block();
  }

  /** An advisor of the application stands between it and the model. */
  private static final class Diary implements CallAdvisor, StreamAdvisor {
    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
      return chain.nextCall(request);
    }

    @Override
    public Flux<ChatClientResponse> adviseStream(
        ChatClientRequest request, StreamAdvisorChain chain) {
      return chain.nextStream(request);
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
