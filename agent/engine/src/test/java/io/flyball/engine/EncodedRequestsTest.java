package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.bytes;
import static io.flyball.engine.ReliabilityHarness.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.request.RequestLimits;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.HeldBytes;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request whose body is encoded is a call like any other, and goes out as it was encoded. */
class EncodedRequestsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String CHAT_URL = "https://api.openai.com/v1/chat/completions";
  private static final String CHAT =
      "{\"model\":\"gpt-4o-mini\",\"max_tokens\":100,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String STREAM = CHAT.replace("{\"model", "{\"stream\":true,\"model");

  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final CallPricing pricing = new CallPricing(PriceCatalogue.builtIn(), estimate);
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});

  private enum Coding {
    GZIP("gzip") {
      @Override
      byte[] encode(String plain) {
        return zip(plain.getBytes(StandardCharsets.UTF_8), GZIPOutputStream::new);
      }
    },
    ZLIB("Deflate") {
      @Override
      byte[] encode(String plain) {
        return zip(plain.getBytes(StandardCharsets.UTF_8), DeflaterOutputStream::new);
      }
    },
    BARE_DEFLATE("deflate") {
      @Override
      byte[] encode(String plain) {
        return zip(
            plain.getBytes(StandardCharsets.UTF_8),
            out -> new DeflaterOutputStream(out, new Deflater(6, true)));
      }
    },
    GZIP_TWICE("gzip, x-gzip") {
      @Override
      byte[] encode(String plain) {
        return zip(GZIP.encode(plain), GZIPOutputStream::new);
      }
    },
    DEFLATE_IN_GZIP("deflate,gzip") {
      @Override
      byte[] encode(String plain) {
        return zip(ZLIB.encode(plain), GZIPOutputStream::new);
      }
    },
    WITHOUT_LABEL(null) {
      @Override
      byte[] encode(String plain) {
        return GZIP.encode(plain);
      }
    },
    ONLY_CALLED_SO("gzip") {
      @Override
      byte[] encode(String plain) {
        return plain.getBytes(StandardCharsets.UTF_8);
      }
    };

    final String label;

    Coding(String label) {
      this.label = label;
    }

    abstract byte[] encode(String plain);
  }

  private interface Encoder {
    OutputStream around(OutputStream out) throws IOException;
  }

  private static byte[] zip(byte[] plain, Encoder encoder) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = encoder.around(bytes)) {
      out.write(plain);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.toByteArray();
  }

  private static String unzip(byte[] zipped) throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        plain.write(b);
      }
    }
    return new String(plain.toByteArray(), StandardCharsets.UTF_8);
  }

  private static Policies.Builder retrying() {
    return Policies.builder()
        .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
        .retry(
            3,
            new Backoff(SECOND / 2, SECOND, () -> 0.0),
            new RetryBudget(0.2, 100, new ManualTime()));
  }

  private Policies budget(BudgetUnit unit, long limit) {
    return budget(unit, limit, Budget.Action.BLOCK);
  }

  private Policies budget(BudgetUnit unit, long limit, Budget.Action action) {
    Budget budget =
        new Budget(
            "b",
            unit,
            limit,
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.noneOf(Budget.Dimension.class),
            action,
            null,
            0.8);
    return retrying()
        .budgets(
            new BudgetSettings(Collections.singletonList(budget), false, 0),
            ledger,
            new CostBounds(
                PriceCatalogue.builtIn()::priceOf,
                (provider, host, model) -> 16_384,
                estimate::atMost))
        .build();
  }

  private static WireRequest request(String url, String label, byte[] body) {
    Headers.Builder headers = Headers.builder();
    headers.add("Content-Type", "application/json").add("Authorization", "Bearer app-key");
    if (label != null) {
      headers.add("content-encoding", label);
    }
    return new WireRequest("POST", URI.create(url), headers.build(), body);
  }

  private static WireResponse ask(ReliabilityHarness harness, WireRequest request)
      throws Exception {
    GovernedCall call = harness.engine.open(request);
    assertThat(call).as("a model call").isNotNull();
    CompletableFuture<WireResponse> answer =
        call.executeAsync(harness.upstream, Runnable::run).toCompletableFuture();
    harness.clock.advanceMillis(60_000);
    return answer.get(10, TimeUnit.SECONDS);
  }

  private void settle(ReliabilityHarness harness) {
    for (CallRecord record : harness.records) {
      new SettlingListener().callEnded(pricing.price(record));
    }
    harness.records.clear();
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void aHardBudgetHoldsAndTheBytesStay(Coding coding) throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(budget(BudgetUnit.CALLS, 2), pricing);
    byte[] body = coding.encode(CHAT);
    for (int i = 0; i < 2; i++) {
      harness.upstream.answers(200, OK);
      assertThat(text(ask(harness, request(CHAT_URL, coding.label, body)))).isEqualTo(OK);
      assertThat(harness.onlyRecord().request().model()).isEqualTo("gpt-4o-mini");
      settle(harness);
    }
    assertThat(text(ask(harness, request(CHAT_URL, coding.label, body)))).contains("budget");

    assertThat(harness.upstream.sent).hasSize(2);
    for (WireRequest sent : harness.upstream.sent) {
      assertThat(sent.wireBody()).isEqualTo(body);
      assertThat(sent.headers().first("Content-Encoding")).isEqualTo(coding.label);
    }
    assertThat(harness.errors.counts()).isEmpty();
    assertThat(harness.notices).isEmpty();
    assertThat(HeldBytes.ofThisJvm().held()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Coding.class)
  void itIsAskedAgainAsItWas(Coding coding) throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(retrying().asksForUsage(true).build());
    byte[] body = coding.encode(CHAT);
    harness.upstream.answers(503, "{\"error\":{\"message\":\"down\"}}").answers(200, OK);

    assertThat(text(ask(harness, request(CHAT_URL, coding.label, body)))).isEqualTo(OK);
    assertThat(harness.upstream.sent).hasSize(2);
    assertThat(harness.upstream.sent).allSatisfy(s -> assertThat(s.wireBody()).isEqualTo(body));
  }

  @Test
  void aStreamInGzipIsNotAskedForUsage() throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(retrying().asksForUsage(true).build());
    byte[] body = Coding.GZIP.encode(STREAM);
    String stream = ReliabilityHarness.wholeStream("Hello");
    harness.upstream.streams(stream, null);

    assertThat(text(ask(harness, request(CHAT_URL, "gzip", body)))).isEqualTo(stream);
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.upstream.sent.get(0).wireBody()).isEqualTo(body);
    assertThat(harness.onlyRecord().request().stream()).isTrue();
  }

  @Test
  void whatIsShortenedIsEncodedAsItWas() throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(budget(BudgetUnit.TOKENS, 150), pricing);
    String longer = CHAT.replace("\"max_tokens\":100", "\"max_tokens\":5000");
    harness.upstream.answers(200, OK);

    assertThat(text(ask(harness, request(CHAT_URL, "gzip", Coding.GZIP.encode(longer)))))
        .isEqualTo(OK);
    WireRequest sent = harness.upstream.sent.get(0);
    assertThat(unzip(sent.wireBody()))
        .startsWith("{\"model\":\"gpt-4o-mini\",\"max_tokens\":")
        .doesNotContain("5000")
        .endsWith("\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    assertThat(sent.headers().first("Content-Encoding")).isEqualTo("gzip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://backup.example/v1", "https://api.openai.com/v1"})
  void anotherTargetGetsPlainJson(String url) throws Exception {
    Target backup =
        new Target(
            "backup",
            URI.create(url),
            "openai",
            "gpt-4.1-nano",
            null,
            0,
            0,
            Collections.<String, String>emptyMap());
    ReliabilityHarness harness =
        new ReliabilityHarness(
            retrying()
                .fallback(
                    new FallbackSettings(
                        Collections.singletonList(Link.to(backup)),
                        Collections.singletonList(backup),
                        EnumSet.of(FallbackReason.ERROR),
                        null),
                    new LastAnswers(1 << 20),
                    (provider, host, model) -> 0)
                .build());
    for (int i = 0; i < 3; i++) {
      harness.upstream.answers(500, "{\"error\":{\"message\":\"down\"}}");
    }
    harness.upstream.answers(200, OK);
    // Nobody asks the first one more often than the backup.
    ask(harness, request(CHAT_URL, "gzip", Coding.GZIP.encode(CHAT)));

    WireRequest last = harness.upstream.sent.get(harness.upstream.sent.size() - 1);
    assertThat(new String(last.wireBody(), StandardCharsets.UTF_8))
        .contains("\"gpt-4.1-nano\"")
        .contains("\"Hi\"");
    assertThat(last.headers().first("Content-Encoding")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip, br", "gzip", "deflate", "x\u00e4y"})
  void whatCannotBeReadIsRefusedWhereItMustBe(String label) throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(budget(BudgetUnit.CALLS, 100), pricing);
    byte[] body = {0x0b, 2, 3, 4, 5, 6, 7};

    WireResponse refused = ask(harness, request(CHAT_URL, label, body));
    assertThat(refused.status()).isGreaterThanOrEqualTo(400);
    String said = text(refused);
    assertThat(said).contains("encod").contains("Flyball cannot read");
    if (!label.startsWith("x")) {
      assertThat(said).contains("`" + label + "`");
    }
    assertThat(harness.upstream.sent).isEmpty();
    assertThat(harness.records).hasSize(1);
    assertThat(harness.errors.counts()).isEmpty();
  }

  /** Whoever reads them may be asked for anything. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "model=gpt-4o-mini&messages=%5B%5D",
        "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt-4o\r\n--x--",
        "model: gpt-4o-mini\nmessages: []",
        "<request><model>gpt-4o</model></request>",
        ")]}'\n{\"model\":\"gpt-4o-mini\",\"messages\":[]}",
        "\"{\\\"model\\\":\\\"gpt-4o-mini\\\",\\\"messages\\\":[]}\""
      })
  void whatIsNoJsonIsRefusedWhereItMustBeReadAndElseIsNobodysBusiness(String body)
      throws Exception {
    ReliabilityHarness hard = new ReliabilityHarness(budget(BudgetUnit.CALLS, 100), pricing);
    WireRequest request = request(CHAT_URL, null, body.getBytes(UTF_8));

    WireResponse refused = ask(hard, request);

    assertThat(refused.status()).isGreaterThanOrEqualTo(400);
    assertThat(text(refused)).contains("no JSON");
    assertThat(hard.upstream.sent).isEmpty();
    assertThat(hard.errors.counts()).isEmpty();
    WireRequest zipped = request(CHAT_URL, "gzip", Coding.GZIP.encode(body));
    assertThat(text(ask(hard, zipped))).contains("no JSON");
    for (String elsewhere :
        new String[] {
          "https://sms.example/v1/messages", "https://app.example/completions", CHAT_URL + "/x"
        }) {
      assertThat(hard.engine.open(request(elsewhere, null, body.getBytes(UTF_8)))).isNull();
    }
    assertThat(hard.engine.open(request(CHAT_URL, null, new byte[0]))).isNull();
    assertThat(new ReliabilityHarness(Policies.builder().build(), pricing).engine.open(request))
        .isNull();
  }

  @Test
  void whatCannotBeReadPassesElseAndIsRecordedAndToldOnce() throws Exception {
    ReliabilityHarness harness =
        new ReliabilityHarness(budget(BudgetUnit.TOKENS, 1_000, Budget.Action.WARN), pricing);
    byte[] body = {0x0b, 2, 3, 4, 5, 6, 7};
    for (int i = 0; i < 2; i++) {
      harness.upstream.answers(200, OK);
      WireResponse answer = ask(harness, request(CHAT_URL, "br", body));
      assertThat(text(answer)).isEqualTo(OK);
      assertThat(answer.headers().size()).as("nothing of ours on it").isEqualTo(1);
      CallRecord record = pricing.price(harness.onlyRecord());
      assertThat(record.usage().total()).isEqualTo(10);
      assertThat(record.costUsd()).isPositive();
      settle(harness);
      assertThat(ledger.states(0).get(0).used()).isEqualTo(10 * (i + 1));
      assertThat(ledger.states(0).get(0).reserved()).isZero();
    }
    assertThat(harness.upstream.sent).hasSize(2);
    assertThat(harness.upstream.sent.get(0).wireBody()).isEqualTo(body);
    assertThat(harness.notices).hasSize(1);
    assertThat(harness.notices.get(0)).contains("api.openai.com:443", "`br`");

    // A stream that nobody knew to have been asked for is none the worse.
    String stream = ReliabilityHarness.wholeStream("Hello");
    harness.upstream.streams(stream, null);
    assertThat(text(ask(harness, request(CHAT_URL, "br", body)))).isEqualTo(stream);
    assertThat(harness.upstream.sent).hasSize(3);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void aBombIsNotUnpacked() throws Exception {
    byte[] body = Coding.GZIP.encode(CHAT.replace("Hi", new String(new char[40 << 20])));
    ReliabilityHarness soft = new ReliabilityHarness(retrying().build());
    soft.upstream.answers(200, OK);
    assertThat(bytes(ask(soft, request(CHAT_URL, "gzip", body)))).isNotEmpty();
    assertThat(soft.onlyRecord().request().model()).as("it was not read").isNull();

    byte[] more = new byte[300 << 20];
    Arrays.fill(more, (byte) ' ');
    byte[] larger = zip(more, GZIPOutputStream::new);
    ReliabilityHarness hard = new ReliabilityHarness(budget(BudgetUnit.CALLS, 100), pricing);
    assertThat(text(ask(hard, request(CHAT_URL, "gzip", larger)))).contains("too long");
    assertThat(hard.upstream.sent).isEmpty();
    assertThat(HeldBytes.ofThisJvm().held()).isZero();
  }

  @Test
  void otherTrafficIsNobodysBusiness() {
    ReliabilityHarness harness = new ReliabilityHarness(budget(BudgetUnit.CALLS, 0), pricing);
    byte[] form = Coding.GZIP.encode("{\"name\":\"x\"}");

    assertThat(harness.engine.open(request(CHAT_URL, "gzip", form))).isNull();
    assertThat(harness.engine.open(request("https://a.example/api/responses", "br", new byte[9])))
        .isNull();
    assertThat(harness.engine.open(request("https://a.example/v1/messages", "br", new byte[9])))
        .isNull();
    assertThat(harness.notices).isEmpty();
    assertThat(HeldBytes.ofThisJvm().held()).isZero();
  }

  @Test
  void whereItCannotBeOpenedNothingStaysHeld() {
    ReportedErrors errors = new ReportedErrors();
    Recogniser broken =
        new Recogniser() {
          @Override
          public boolean mayMatch(String method, String path) {
            return true;
          }

          @Override
          public RequestFacts recognise(RequestHead head, byte[] body) {
            throw new IllegalStateException("broken");
          }
        };
    Engine engine =
        Engine.builder(EngineSettings.builder(broken).build(), record -> {}, errors).build();

    long before = HeldBytes.ofThisJvm().held();

    assertThat(engine.open(request(CHAT_URL, "gzip", Coding.GZIP.encode(CHAT)))).isNull();
    assertThat(errors.counts()).isNotEmpty();
    assertThat(HeldBytes.ofThisJvm().held()).isEqualTo(before);
  }

  /** A guard that fails itself lets nothing through. */
  @Test
  void whatCannotBeOpenedDoesNotGetPastAHardGuard() throws Exception {
    Protocols protocols = new Protocols(Collections.emptyList());
    AtomicBoolean unread = new AtomicBoolean();
    Recogniser broken =
        new Recogniser() {
          @Override
          public boolean mayMatch(String method, String path) {
            return true;
          }

          @Override
          public RequestFacts recognise(RequestHead head, byte[] body) {
            throw new IllegalStateException("broken");
          }

          @Override
          public RequestFacts recogniseUnread(RequestHead head) {
            if (unread.get()) {
              throw new IllegalStateException("broken, too");
            }
            return protocols.recogniseUnread(head);
          }
        };
    CostBounds bounds =
        new CostBounds(
            (provider, host, model) -> null,
            (provider, host, model) -> 1_000,
            (body, model) -> body.length);
    Policies guarded =
        Policies.builder()
            .requestLimits(RequestLimits.builder().maxInputTokens(1_000).build(), bounds)
            .build();
    WireRequest call = request(CHAT_URL, null, CHAT.getBytes(StandardCharsets.UTF_8));
    WireRequest other = request("https://a.example/other", null, new byte[9]);

    Engine soft =
        Engine.builder(EngineSettings.builder(broken).build(), record -> {}, new ReportedErrors())
            .build();
    assertThat(soft.open(call)).isNull();
    assertThat(soft.refusesUnseen(call.unread("unseen"))).isFalse();

    Engine hard =
        Engine.builder(
                EngineSettings.builder(broken).policies(guarded).build(),
                record -> {},
                new ReportedErrors())
            .build();
    assertThat(hard.open(other)).isNull();
    List<WireRequest> sent = new ArrayList<>();
    WireResponse refused =
        hard.open(call)
            .execute(
                (request, cancellation) -> {
                  sent.add(request);
                  return null;
                });
    assertThat(refused.status()).isGreaterThanOrEqualTo(400);
    assertThat(sent).isEmpty();
    unread.set(true);
    assertThat(hard.refusesUnseen(call.unread("unseen"))).isTrue();
    assertThat(soft.refusesUnseen(call.unread("unseen"))).isFalse();
  }
}
