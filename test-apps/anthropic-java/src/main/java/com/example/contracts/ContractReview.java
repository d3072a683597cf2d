package com.example.contracts;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a contract clause by clause, judges each, and writes a summary. An ordinary application on
 * anthropic-java that knows nothing of Flyball; reads {@code ANTHROPIC_API_KEY} and {@code
 * ANTHROPIC_BASE_URL}.
 */
public final class ContractReview {
  private static final String MODEL = "claude-sonnet-4-5";

  private final AnthropicClient client;

  ContractReview(AnthropicClient client) {
    this.client = client;
  }

  public static void main(String[] arguments) throws IOException {
    AnthropicClient client = AnthropicOkHttpClient.fromEnv();
    try {
      ContractReview review = new ContractReview(client);
      List<String> clauses = clauses();
      StringBuilder findings = new StringBuilder();
      for (int i = 0; i < clauses.size(); i++) {
        String finding = review.judge(clauses.get(i));
        System.out.println("clause " + (i + 1) + ": " + finding);
        findings.append(i + 1).append(". ").append(finding).append('\n');
      }
      System.out.println("the findings are " + review.length(findings.toString()) + " tokens");
      System.out.println("summary: " + review.summarise(findings.toString()));
    } finally {
      client.close();
    }
  }

  String judge(String clause) {
    Message message =
        client
            .messages()
            .create(
                MessageCreateParams.builder()
                    .model(MODEL)
                    .maxTokens(200)
                    .system("You review contracts for the customer. Name the risk in one sentence.")
                    .addUserMessage(clause)
                    .build());
    return message.content().stream()
        .flatMap(block -> block.text().map(text -> Stream.of(text.text())).orElseGet(Stream::empty))
        .collect(Collectors.joining());
  }

  long length(String findings) {
    return client
        .messages()
        .countTokens(
            MessageCountTokensParams.builder().model(MODEL).addUserMessage(findings).build())
        .inputTokens();
  }

  String summarise(String findings) {
    StringBuilder summary = new StringBuilder();
    try (StreamResponse<RawMessageStreamEvent> stream =
        client
            .messages()
            .createStreaming(
                MessageCreateParams.builder()
                    .model(MODEL)
                    .maxTokens(400)
                    .addUserMessage("Summarise for the board:\n" + findings)
                    .build())) {
      stream.stream()
          .flatMap(event -> event.contentBlockDelta().map(Stream::of).orElseGet(Stream::empty))
          .forEach(delta -> delta.delta().text().ifPresent(text -> summary.append(text.text())));
    }
    return summary.toString();
  }

  private static List<String> clauses() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                ContractReview.class.getResourceAsStream("/clauses.txt"),
                StandardCharsets.UTF_8))) {
      return reader.lines().collect(Collectors.toList());
    }
  }
}
