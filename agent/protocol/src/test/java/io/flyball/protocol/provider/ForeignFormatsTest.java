package io.flyball.protocol.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import java.net.URI;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignFormatsTest {
  private static final Protocols PROTOCOLS =
      new Protocols(
          Collections.singletonList(
              new Endpoint("own", URI.create("http://models.internal:8000/llm"), "openai")));

  @ParameterizedTest
  @CsvSource({
    "/api/chat, Ollama",
    "/ollama/api/generate?x=1, Ollama",
    "/api/embed, Ollama",
    "/v2/chat, Cohere",
    "/v2/rerank, rerank",
    "/model/eu.anthropic.claude-sonnet-4/converse-stream, Bedrock",
    "/model/amazon.titan/invoke, Bedrock",
    "/api/v1/services/aigc/text-generation/generation, DashScope",
    "/v1beta/interactions, Gemini interactions",
    "/v1/projects/p/locations/l/publishers/mistral/models/m:rawPredict, Vertex AI",
    "/v1/images/generations, OpenAI images",
    "/v1/audio/speech, OpenAI audio",
    "/v1/videos, OpenAI videos",
    "/v1/responses/compact, OpenAI responses compact",
    "/v1/threads/runs, OpenAI assistants",
    "/v1/threads/thread_1/runs, OpenAI assistants",
    "/v1/messages/batches, Anthropic batches",
    "/v1beta/models/gemini-2.5-flash:batchGenerateContent, Gemini batches",
    "/serving-endpoints/x/invocations, Databricks",
    "/v1/complete, Anthropic completions",
    "/v1beta/models/aqa:generateAnswer, Gemini answers",
    "/anthropic/messages, Anthropic"
  })
  void areKnownByTheirPaths(String path, String name) {
    int format = ForeignFormats.at(path);

    assertThat(format).isNotNegative();
    assertThat(ForeignFormats.name(format)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/api/chat/7",
        "/chat",
        "/apichat",
        "/model/x",
        "/invoke",
        "/v1/models",
        "/orders?next=/api/chat",
        "/converse",
        "/v1/chat/completions",
        "/v1/messages"
      })
  void nothingElseLooksLikeThem(String path) {
    assertThat(ForeignFormats.at(path)).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/chat, /api/chat",
    "/s/sk-proj-abc/api/chat, /.../api/chat",
    "/model/m/converse, /model/.../converse",
    "/gw-token/model/m/converse, /.../model/.../converse",
    "/api/v1/services/aigc/x/sk-secret, /api/v1/services/aigc/..."
  })
  void onlyWhatTheFormatHasOfAPathIsShown(String path, String shown) {
    assertThat(ForeignFormats.shape(ForeignFormats.at(path), path)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "api.openai.com, 443, true",
    "API.Anthropic.com, 443, true",
    "my-company.openai.azure.com, 443, true",
    "bedrock-runtime.eu-west-1.amazonaws.com, 443, true",
    "localhost, 11434, true",
    "models.internal, 8000, true",
    "models.internal, 8001, false",
    "shop.example.com, 443, false",
    "localhost, 8080, false"
  })
  void hostsOfModelsAreKnown(String host, int port, boolean known) {
    assertThat(PROTOCOLS.isModelHost(host, port)).isEqualTo(known);
  }

  /** A row by paths alone says nothing of a host. */
  @Test
  void noHostIsEveryHost() {
    assertThat(Providers.serves("anything.example", 443)).isFalse();
  }
}
