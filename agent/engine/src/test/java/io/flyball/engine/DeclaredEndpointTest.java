package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.wire.Bodies;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A gateway that was declared has paths of its own. What may be a model call there is governed by
 * what its body says, and where that says nothing it passes no hard budget; all else goes its way.
 */
class DeclaredEndpointTest {
  private static final String GATEWAY = "http://gateway.test:8080";
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
  private static final String CHAT = "{\"model\":\"gpt-4o-mini\"," + MESSAGES + '}';

  private static final PriceCatalogue PRICES = PriceCatalogue.builtIn();

  private final List<String> log = new CopyOnWriteArrayList<>();
  private final ClientLibraries clients =
      new ClientLibraries(
          Log.to(Level.INFO, log::add, Clock.systemUTC()), (place, failure) -> log.add(place));

  private static Policies spent() {
    Budget nothing =
        new Budget(
            "b",
            BudgetUnit.USD,
            0,
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.noneOf(Budget.Dimension.class),
            Budget.Action.BLOCK,
            null,
            0.8);
    return Policies.builder()
        .budgets(
            new BudgetSettings(Collections.singletonList(nothing), false, 0),
            new Ledger(AccountStore.MEMORY, alert -> {}),
            new CostBounds(
                PRICES::priceOf, (provider, host, model) -> 16_384, (body, model) -> body.length))
        .build();
  }

  private ReliabilityHarness at(Policies policies, String base, String protocol) {
    return new ReliabilityHarness(
        policies,
        null,
        new Protocols(
            Collections.singletonList(new Endpoint("gw", URI.create(GATEWAY + base), protocol))),
        clients);
  }

  private ReliabilityHarness guarded() {
    return at(spent(), "/llm", "openai");
  }

  private static WireRequest post(String path, String body, String... headers) {
    return new WireRequest(
        "POST",
        URI.create(GATEWAY + path),
        Headers.of(headers),
        body.getBytes(StandardCharsets.UTF_8));
  }

  /** Opens it as an adapter does. */
  private static GovernedCall open(ReliabilityHarness harness, WireRequest request) {
    boolean asked =
        harness.engine.mayGovern(
            request.method(), request.host(), request.port(), request.uri().getRawPath());
    return asked ? harness.engine.open(request) : null;
  }

  private static WireResponse answer(ReliabilityHarness harness, GovernedCall call)
      throws Exception {
    return call.executeAsync(harness.upstream, Runnable::run).toCompletableFuture().get();
  }

  @Provide
  Arbitrary<String> paths() {
    Arbitrary<String> segments =
        Arbitraries.of(
            "",
            "/",
            "/ask",
            "/chat",
            "/completion",
            "/generate",
            "/invoke",
            "/openai",
            "/v1",
            "/v2/generate",
            "/v1/chat",
            "/messages",
            "/responses",
            "/rerank",
            "/42",
            "/api/chat",
            "/images/generations",
            "/%61sk",
            "/x;v=1",
            "/chat/completions",
            "/models/m",
            "/embed");
    return segments.list().ofMaxSize(3).map(list -> "/llm" + String.join("", list));
  }

  @Provide
  Arbitrary<String> prompts() {
    return Arbitraries.of(
        CHAT,
        '{' + MESSAGES + '}',
        "{\"model\":\"gpt-4o-mini\",\"prompt\":\"Hi\"}",
        "{\"model\":\"gpt-4o-mini\",\"input\":\"Hi\"}",
        "{\"model\":\"text-embedding-3-small\",\"input\":[\"Hi\"]}",
        "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}",
        "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":9," + MESSAGES + '}',
        "{\"prompt\":\"Hi\"}",
        "{\"input\":{\"question\":\"Hi\"}}",
        "{\"inputs\":\"Hi\"}",
        "{\"query\":\"Hi\",\"documents\":[\"Hi\"]}",
        "{\"message\":\"Hi\"}",
        "[{\"role\":\"user\",\"content\":\"Hi\"}]",
        "Tell me a joke",
        "\uFEFF" + CHAT,
        "{\"model\":\"gpt-4o-mini\"," + MESSAGES);
  }

  @Property(tries = 200)
  void nothingThatMayBeACallPassesAHardBudget(
      @ForAll("paths") String path,
      @ForAll("prompts") String body,
      @ForAll boolean root,
      @ForAll boolean encoded)
      throws Exception {
    for (String protocol : new String[] {"openai", "azure", "anthropic", "gemini"}) {
      ReliabilityHarness harness = at(spent(), root ? "" : "/llm/", protocol);
      WireRequest request =
          encoded ? zipped(path, body) : post(path, body, "Content-Type", "application/json");
      GovernedCall call = open(harness, request);
      assertThat(call).as(path + ' ' + body).isNotNull();
      harness.upstream.answers(200, OK);
      int status = answer(harness, call).status();

      assertThat(status).as(path + ' ' + body).isBetween(400, 499);
      assertThat(harness.upstream.sent).isEmpty();
      assertThat(harness.errors.counts()).isEmpty();
    }
  }

  private static WireRequest zipped(String path, String body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(body.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return new WireRequest(
        "POST",
        URI.create(GATEWAY + path),
        Headers.of("Content-Type", "application/json", "Content-Encoding", "gzip"),
        bytes.toByteArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/llm/v1/models | application/json | {\"id\":\"m\"}",
        "/llm/v1/files | multipart/form-data; boundary=x | --x",
        "/llm/ask | multipart/form-data; boundary=x | --x",
        "/llm/upload | application/octet-stream | Hi",
        "/llm/tokenize | application/json | {\"model\":\"m\",\"prompt\":\"Hi\"}",
        "/llm/v1/messages/count_tokens | application/json | {\"text\":\"Hi\"}",
        "/llm/v1/moderations | application/json | {\"model\":\"m\",\"input\":\"Hi\"}",
        "/llm/v1/audio/speech | application/json | {\"model\":\"tts-1\",\"input\":\"Hi\"}",
        "/llm/v1/batches | application/json | {\"input_file_id\":\"f\"}",
        "/llm/v1/vector_stores/v/search | application/json | {\"query\":\"Hi\"}",
        "/llm/key/generate | application/json | {\"models\":[\"m\"]}",
        "/llm/api/pull | application/json | {\"model\":\"m\"}",
        "/llm/mcp | application/json | {\"jsonrpc\":\"2.0\",\"method\":\"tools/list\"}",
        "/llm/health | application/json | {}",
        "/llm/api/generate | application/json | {\"model\":\"m\",\"keep_alive\":0}",
        "/llm/ask | application/json | {\"stream\":true,\"timeout\":3}",
        "/llm/mcp | application/json | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
            + "\"params\":{\"arguments\":{\"query\":\"Hi\"}}}",
        "/llm/mcp | application/json | {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"roots\":[]}}",
        "/llm/mcp | application/json | {\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tasks/get\","
            + "\"params\":{\"taskId\":\"t\"}}",
        "/llm/mcp | application/json | {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
            + "\"params\":{\"progress\":1,\"message\":\"half of it\"}}",
        "/llm/team/member_add | application/json | {\"member\":{\"role\":\"user\",\"user_id\":\"u\"}}",
        "/llm/api/show | application/json | {\"model\":\"m\",\"system\":\"s\"}",
        "/llm/api/copy | application/json | {\"source\":\"m\",\"destination\":\"n\"}",
        "/llm/v1/load_lora_adapter | application/json | {\"lora_name\":\"a\",\"lora_path\":\"b\"}",
        "/llm/sleep | application/json | {\"level\":1}",
        "/llm/api/v1/models/load | application/json | {\"model\":\"m\",\"context_length\":9,"
            + "\"ttl\":\"5m\"}",
        "/llm/v2/repository/models/m/load | application/json | {\"parameters\":{\"config\":\"c\"}}",
        "/llm/v2/repository/index | application/json | {\"ready\":true}",
        "/llm/key/update | application/json | {\"key\":\"k\",\"metadata\":{\"a\":\"b\"}}",
        "/llm/user/new | application/json | {\"user_email\":\"a@b.c\"}",
        "/llm/v1/responses/r/cancel | application/json | {\"reason\":\"x\"}",
        "/llm/v1/metrics | application/x-protobuf | x",
        "/llm/ask | application/json | ''",
        "/llmx/ask | application/json | {\"prompt\":\"Hi\"}",
        "/ask | application/json | {\"prompt\":\"Hi\"}"
      })
  void whatIsNoModelCallGoesItsWay(String path, String type, String body) {
    ReliabilityHarness harness = guarded();
    assertThat(open(harness, post(path, body, "Content-Type", type))).isNull();
    assertThat(harness.notices).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/llm/a2a | {\"jsonrpc\":\"2.0\",\"method\":\"tasks/send\",\"params\":{\"message\":{\"parts\":[]}}}",
        "/llm/a2a | {\"jsonrpc\":\"2.0\",\"method\":\"tasks/sendSubscribe\",\"params\":{\"id\":\"1\"}}",
        "/llm/a2a | {\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"params\":{\"message\":{\"parts\":[]}}}",
        "/llm/a2a | {\"jsonrpc\":\"2.0\",\"method\":\"pingpong\",\"params\":{\"a\":\"Hi\"}}",
        "/llm/ask | {\"name\":\"Write a very long story about a dragon\"}",
        "/llm/ask | {\"id\":\"Write a story\"}",
        "/llm/ask | {\"model\":\"Write a story\"}",
        "/llm/ask | {\"model\":{\"text\":\"Hi\"}}",
        "/llm/ask | {\"id\":\"prompt-123\",\"temperature\":1}",
        "/llm/user/assistant | {\"model\":\"gpt-4\",\"data\":{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}}",
        "/llm/config/abc/invoke | {\"data\":[{\"role\":\"user\",\"parts\":[{\"a\":\"Hi\"}]}]}"
      })
  void whatOnlyLooksLikeSomethingElsePassesNoHardBudget(String path, String body) {
    WireRequest request = post(path, body, "Content-Type", "application/json");
    assertThat(open(guarded(), request)).isNotNull();
  }

  /** A request that would be governed by itself is not free for standing in something else. */
  @Provide
  Arbitrary<String> wrapped() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of(
                "data",
                "body",
                "payload",
                "params",
                "state",
                "args",
                "kwargs",
                "json",
                "chat",
                "conversation",
                "history",
                "userPrompt",
                "user_input",
                "text_input",
                "content",
                "dataframe_split",
                "model_input",
                "requests",
                "items"),
            Arbitraries.strings().alpha().ofMinLength(5).ofMaxLength(12));
    Arbitrary<String> values =
        Arbitraries.of(
            CHAT,
            '[' + CHAT + ']',
            "\"Hi\"",
            "[\"Hi\"]",
            "{\"columns\":[\"prompt\"],\"data\":[[\"Hi\"]]}",
            "{\"a\":{\"b\":" + CHAT + "}}");
    Arbitrary<String> beside =
        Arbitraries.of(
            "",
            "\"model\":\"gpt-4\",",
            "\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"message/send\",",
            "\"agent_id\":\"a\",");
    return Combinators.combine(beside, names, values)
        .as((more, name, value) -> '{' + more + '"' + name + "\":" + value + '}');
  }

  @Property(tries = 200)
  void noWrapperAndNoNameOfAPromptPassesAHardBudget(
      @ForAll("paths") String path, @ForAll("wrapped") String body) {
    ReliabilityHarness harness = guarded();
    WireRequest request = post(path, body, "Content-Type", "application/json");

    assertThat(open(harness, request)).as(path + ' ' + body).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "application/xml, <prompt>Hi</prompt>",
    "application/yaml, prompt: Hi",
    "application/msgpack, x",
    "application/cbor, x",
    "multipart/mixed, x",
    "APPLICATION/X-NDJSON, {}{a:1}",
    "application/grpc, x"
  })
  void whatNobodyReadsPassesNoHardBudget(String type, String body) {
    assertThat(open(guarded(), post("/llm/ask", body, "Content-Type", type))).isNotNull();
  }

  @Test
  void whatIsNotPostedGoesItsWay() {
    for (String method : new String[] {"GET", "HEAD", "PUT", "DELETE"}) {
      assertThat(guarded().engine.mayGovern(method, "gateway.test", 8080, "/llm/ask")).isFalse();
    }
  }

  @Test
  void otherHostsAreNotLookedAt() {
    ReliabilityHarness harness = guarded();
    assertThat(harness.engine.mayGovern("POST", "gateway.test", 8081, "/llm/ask")).isFalse();
    assertThat(harness.engine.mayGovern("POST", "shop.test", 8080, "/llm/ask")).isFalse();
    WireRequest other =
        new WireRequest(
            "POST",
            URI.create("http://shop.test:8080/llm/ask"),
            Headers.EMPTY,
            CHAT.getBytes(StandardCharsets.UTF_8));
    assertThat(harness.engine.open(other)).isNull();
  }

  @Test
  void aRefusalSaysWhatToDo() throws Exception {
    ReliabilityHarness harness = guarded();
    WireRequest request = post("/llm/ask", "{\"question\":\"Hi\"}");

    assertThat(text(answer(harness, open(harness, request))))
        .contains("flyball_blocked", "no format that Flyball knows", "flyball.endpoint.gw.url");
    assertThat(harness.notices).hasSize(1);
    assertThat(harness.notices.get(0)).contains("gateway.test:8080", "is refused");
  }

  @Test
  void theApplicationMayBypass() {
    WireRequest request = post("/llm/ask", "{\"question\":\"Hi\"}", "x-flyball-bypass", "true");

    assertThat(open(guarded(), request)).isNull();
  }

  @Test
  void aBodyThatIsNotHeldPassesNoHardBudget() {
    WireRequest unseen = post("/llm/ask", "").unread("the request's body is long");

    assertThat(guarded().engine.refusesUnseen(unseen)).isTrue();
    assertThat(guarded().engine.open(unseen)).isNotNull();
    assertThat(at(Policies.NONE, "/llm", "openai").engine.refusesUnseen(unseen)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/llm", "/llm/", "/llm/ask", "/llm/chat", "/llm/v2/generate"})
  void aChatIsGovernedWhateverItsPath(String path) throws Exception {
    ReliabilityHarness harness = at(Policies.NONE, "/llm", "openai");
    harness.upstream.answers(200, OK);

    assertThat(text(answer(harness, open(harness, post(path, CHAT))))).isEqualTo(OK);
    assertThat(harness.records.get(0).request().endpointName()).isEqualTo("gw");
    assertThat(harness.records.get(0).request().model()).isEqualTo("gpt-4o-mini");
    assertThat(harness.records.get(0).usage().total()).isEqualTo(10);
  }

  @Test
  void anAnswerInAnotherFormatIsHandedOnAsItIs() throws Exception {
    for (String body : new String[] {"{\"text\":\"Hello\"}", "Hello", "[]", "{}"}) {
      ReliabilityHarness harness = at(Policies.NONE, "/llm", "openai");
      harness.upstream.answers(200, body);

      assertThat(text(answer(harness, open(harness, post("/llm/ask", CHAT))))).isEqualTo(body);
      assertThat(harness.upstream.sent).hasSize(1);
    }
  }

  /** With all that repeats calls and mends answers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"token\":\"Hello\"}\n\n",
        "data: Hello\n\ndata: [DONE]\n\n",
        "event: end\ndata: {}\n\n",
        "{\"response\":\"Hello\"}\n{\"done\":true}\n",
        "{\"message\":{\"content\":\"Hello\"},\"done\":true}",
        "{\"output\":\"Hello\"}",
        "Hello",
        ""
      })
  void anAnswerInAnotherFormatIsNeitherMendedNorAskedForAgain(String body) throws Exception {
    for (String asked :
        new String[] {
          CHAT,
          CHAT.replace("{\"model", "{\"stream\":true,\"model"),
          "{\"model\":\"m\",\"stream\":true,\"input\":\"Hi\"}",
          "{\"model\":\"m\",\"prompt\":\"Hi\"}",
          "{\"contents\":[]}"
        }) {
      ReliabilityHarness harness = at(reliable(), "/llm", "openai");
      harness.upstream.forgetScript();
      String type = body.startsWith("data:") ? "text/event-stream" : "application/json";
      harness.upstream.responds(
          200, Headers.of("Content-Type", type), Bodies.of(body.getBytes(StandardCharsets.UTF_8)));
      harness.upstream.answers(200, OK);

      CompletableFuture<WireResponse> answer =
          open(harness, post("/llm/ask", asked))
              .executeAsync(harness.upstream, Runnable::run)
              .toCompletableFuture();
      harness.clock.advance(1, TimeUnit.MINUTES);
      assertThat(harness.upstream.sent).as(asked).hasSize(1);
      assertThat(text(answer.get(10, TimeUnit.SECONDS))).as(asked).isEqualTo(body);
    }
  }

  private static Policies reliable() {
    return Policies.builder()
        .timeouts(TimeoutSettings.OFF)
        .retry(
            RetrySettings.usual(3),
            new Backoff(1, 1, () -> 1.0),
            new RetryBudget(0.2, 100, new ManualTime()))
        .streamRecovery(StreamRecovery.SPLICE)
        .build();
  }

  @Test
  void withoutAHardBudgetAnUnknownFormatPassesAndIsToldOnce() {
    ReliabilityHarness harness = at(Policies.NONE, "/llm", "openai");
    WireRequest request = post("/llm/secret-key/ask", "{\"question\":\"private\"}");

    assertThat(open(harness, request)).isNull();
    assertThat(open(harness, request)).isNull();
    clients.flush();
    await().until(() -> !log.isEmpty());
    assertThat(log).hasSize(1);
    assertThat(log.get(0))
        .contains(" WARN ", "gateway.test:8080", "endpoint gw", "not governed")
        .doesNotContain("secret", "private");
  }

  /** Ollama's own API is asked as OpenAI's, and answers otherwise. */
  @Test
  void aFormatThatOnlyLooksLikeOneThatIsSpokenIsNotReadAsIt() {
    assertThat(open(at(Policies.NONE, "", "openai"), post("/api/chat", CHAT))).isNull();
  }

  /** Its body may be an upload: who would read it would only hold it up. */
  @Test
  void whatIsKnownByItsPathAndNotGovernedIsToldOnceAndNeverRead() {
    for (ReliabilityHarness harness :
        Arrays.asList(at(Policies.NONE, "/llm", "openai"), guarded())) {
      for (int i = 0; i < 3; i++) {
        for (String path : new String[] {"/v1/audio/transcriptions", "/v1/images/edits"}) {
          assertThat(harness.engine.mayGovern("POST", "files.test", 443, path)).isFalse();
          assertThat(harness.engine.mayGovern("GET", "files.test", 443, path)).isFalse();
        }
        assertThat(harness.engine.mayGovern("POST", "files.test", 443, "/v1/files")).isFalse();
      }
      assertThat(harness.engine.mayGovern("POST", "gateway.test", 8080, "/llm/v1/images/edits"))
          .isTrue();
    }
    clients.flush();
    await().until(() -> log.size() >= 2);
    assertThat(log).hasSize(2);
    assertThat(log.get(0)).contains("files.test:443", "(OpenAI audio): not governed");
    assertThat(log.get(1)).contains("files.test:443", "(OpenAI images): not governed");
  }
}
