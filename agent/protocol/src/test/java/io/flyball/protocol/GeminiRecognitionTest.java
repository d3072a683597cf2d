package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Collections;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiRecognitionTest {
  private static final String HOST = "generativelanguage.googleapis.com";
  private static final String CONTENTS = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";
  private static final Protocols NO_ENDPOINTS = new Protocols(Collections.<Endpoint>emptyList());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "/v1beta/models/gemini-2.5-pro:generateContent | gemini-2.5-pro | false",
        "/v1/models/gemini-2.5-pro:streamGenerateContent?alt=sse | gemini-2.5-pro | true",
        "/v1beta/models/gemini-2.5-pro:streamGenerateContent | gemini-2.5-pro | true",
        "/v1beta/tunedModels/my-tune:generateContent | my-tune | false",
        "/v1beta/models/a%20b+c:generateContent | a b+c | false",
        "/v1beta/models/a%zz:generateContent | a%zz | false",
        "/v1/projects/p/locations/l/publishers/google/models/m:streamGenerateContent | m | true",
        "/v1beta1/publishers/google/models/m:generateContent | m | false",
        "/v1/projects/p/locations/l/endpoints/4711:generateContent | 4711 | false",
        "/gateway/google/v1beta/models/m:generateContent?key=x:y | m | false"
      })
  void modelAndStreamAreToldByThePath(String path, String model, boolean stream) {
    assertThat(NO_ENDPOINTS.mayMatch("POST", path)).isTrue();

    RequestFacts request = Answers.recognise(HOST, path, CONTENTS);

    assertThat(request.protocol().id()).isEqualTo("gemini.generate");
    assertThat(request.operation()).isEqualTo(Operation.CHAT);
    assertThat(request.model()).isEqualTo(model);
    assertThat(request.stream()).isEqualTo(stream);
    assertThat(request.usageOnRequest()).isFalse();
    assertThat(request.protocol().askForUsage(request, Answers.bytes(CONTENTS))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "generativelanguage.googleapis.com, /v1beta/models/m:generateContent, gcp.gemini",
    "us-central1-aiplatform.googleapis.com,"
        + " /v1/projects/p/locations/l/publishers/google/models/m:generateContent, gcp.vertex_ai",
    "aiplatform.googleapis.com, /v1/publishers/google/models/m:generateContent, gcp.vertex_ai",
    "gateway.example, /v1beta/models/m:generateContent, gcp.gemini",
    "gateway.example, /v1/projects/p/locations/l/endpoints/1:generateContent, gcp.vertex_ai",
    "gateway.example, /v1/publishers/google/models/m:generateContent, gcp.vertex_ai"
  })
  void namesTheProvider(String host, String path, String provider) {
    assertThat(Answers.recognise(host, path, CONTENTS).provider()).isEqualTo(provider);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embedContent | {\"content\":{\"parts\":[]}} | gemini.embed | EMBEDDINGS",
        "batchEmbedContents | {\"requests\":[{}]} | gemini.embed | EMBEDDINGS",
        "countTokens | {\"contents\":[]} | gemini.count_tokens | COUNT_TOKENS",
        "countTokens | {\"generateContentRequest\":{}} | gemini.count_tokens | COUNT_TOKENS",
        "generateContent | {\"contents\":{\"parts\":{\"text\":\"hi\"}}} | gemini.generate | CHAT"
      })
  void theBodyHasTheShapeOfTheMethod(
      String method, String body, String protocol, Operation operation) {
    RequestFacts request = Answers.recognise(HOST, "/v1beta/models/m:" + method, body);

    assertThat(request.protocol().id()).isEqualTo(protocol);
    assertThat(request.operation()).isEqualTo(operation);
    assertThat(request.stream()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":generateContent",
        "/:generateContent",
        "/models/:generateContent",
        "/models/m",
        "/models/m:",
        "/models/m:generate",
        "/models/m:xgenerateContent",
        "/models/m:generateContents",
        "/mymodels:generateContent",
        "/xmodels/m/n:generateContent",
        "/v1beta/models/m:batchGenerateContent",
        "/v1beta/models/m:predict",
        "/v1beta/models/m:predictLongRunning",
        "/v1/publishers/anthropic/models/m:rawPredict",
        "/v1/projects/p/locations/l/publishers/google/models/m:computeTokens",
        "/v1beta/models",
        "/v1beta/files",
        "/upload/v1beta/files",
        "/v1beta/cachedContents",
        "/v1beta/corpora/c:query",
        "/reports/r:generateContent",
        "/search?q=/v1beta/models/m:generateContent"
      })
  void otherPathsAreNoCandidates(String path) {
    assertThat(NO_ENDPOINTS.mayMatch("POST", path)).isFalse();
  }

  @Property
  void mayMatchTakesAnyPath(@ForAll String path) {
    assertThat(NO_ENDPOINTS.mayMatch("POST", path + "?/models/m:generateContent"))
        .isEqualTo(NO_ENDPOINTS.mayMatch("POST", path.split("\\?", 2)[0]));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "generateContent | {}",
        "generateContent | {\"contents\":\"hi\"}",
        "generateContent | {\"messages\":[]}",
        "generateContent | {\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"contents\":[]}}",
        "generateContent | {\"contents\":[]",
        "generateContent | contents=x",
        "embedContent | {\"contents\":[]}",
        "batchEmbedContents | {\"content\":{}}",
        "countTokens | {\"requests\":[]}"
      })
  void otherBodiesAreNoModelCalls(String method, String body) {
    assertThat(Answers.recognise(HOST, "/v1beta/models/m:" + method, body)).isNull();
  }

  @Property(tries = 1000)
  void garbageIsNoModelCall(@ForAll byte[] garbage) {
    RequestHead head =
        new RequestHead(
            "POST", "https", HOST, 443, "/models/m:generateContent", null, name -> null);

    assertThat(NO_ENDPOINTS.recognise(head, garbage)).isNull();
  }

  @Test
  void aDeclaredEndpointNeedsNoCollection() {
    Protocols declared =
        new Protocols(
            Collections.singletonList(
                new Endpoint("mine", URI.create("https://gw/llm"), "gemini")));

    RequestFacts request =
        Answers.recognise(declared, "https", "gw", 443, "/llm/m:generateContent", CONTENTS);

    assertThat(declared.mayMatch("POST", "/llm/m:generateContent")).isTrue();
    assertThat(declared.mayMatch("POST", "/other/m:generateContent")).isFalse();
    assertThat(request.model()).isEqualTo("m");
    assertThat(request.endpointName()).isEqualTo("mine");
  }

  @Test
  void readsTheParameters() {
    RequestFacts request =
        Answers.recognise(
            HOST,
            "/v1beta/models/m:generateContent",
            "{\"contents\":[{\"generationConfig\":{\"seed\":1}}],\"generationConfig\":{"
                + "\"maxOutputTokens\":64,\"temperature\":0.5,\"topP\":0.9,\"topK\":40,"
                + "\"frequencyPenalty\":-0.5,\"presencePenalty\":0.25,\"seed\":42,"
                + "\"candidateCount\":2,\"stopSequences\":[\"a\",\"b\"],"
                + "\"responseMimeType\":\"application/json\",\"responseSchema\":{\"type\":\"OBJECT\"}},"
                + "\"tools\":[{\"functionDeclarations\":[]}]}");

    assertThat(request.maxOutputTokens()).isEqualTo(64);
    assertThat(request.temperature()).isEqualTo(0.5);
    assertThat(request.topP()).isEqualTo(0.9);
    assertThat(request.topK()).isEqualTo(40.0);
    assertThat(request.frequencyPenalty()).isEqualTo(-0.5);
    assertThat(request.presencePenalty()).isEqualTo(0.25);
    assertThat(request.seed()).isEqualTo(42);
    assertThat(request.choices()).isEqualTo(2);
    assertThat(request.stopSequences()).containsExactly("a", "b");
    assertThat(request.outputType()).isEqualTo("json");
    assertThat(request.tools()).isTrue();
  }

  @Test
  void readsTheParametersInSnakeCaseToo() {
    RequestFacts request =
        Answers.recognise(
            HOST,
            "/v1beta/models/m:generateContent",
            "{\"contents\":[],\"generation_config\":{\"max_output_tokens\":64,\"top_p\":0.9,"
                + "\"candidate_count\":3,\"stop_sequences\":[\"a\"],"
                + "\"response_modalities\":[\"TEXT\",\"IMAGE\"]},\"tools\":[]}");

    assertThat(request.maxOutputTokens()).isEqualTo(64);
    assertThat(request.topP()).isEqualTo(0.9);
    assertThat(request.choices()).isEqualTo(3);
    assertThat(request.stopSequences()).containsExactly("a");
    assertThat(request.outputType()).isEqualTo("image");
    assertThat(request.tools()).isFalse();
  }
}
