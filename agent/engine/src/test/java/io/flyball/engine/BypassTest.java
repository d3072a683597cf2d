package io.flyball.engine;

import static io.flyball.engine.EngineHarness.readAll;
import static io.flyball.engine.ScriptedTransport.answer;
import static io.flyball.engine.ScriptedTransport.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attribute.AttributionKey;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.attribute.InitialisedClasses;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.event.CallJson;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an application says to Flyball on a request: no policy, but in the books; or nonsense. */
class BypassTest {
  private final List<String> notices = new ArrayList<>();
  private final List<CallRecord> records = new ArrayList<>();
  private final ReportedErrors errors = new ReportedErrors();
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});

  private Engine engine(EngineSettings.Builder settings) {
    return Engine.builder(settings.build(), records::add, errors).notices(notices::add).build();
  }

  private EngineSettings.Builder settings() {
    return EngineSettings.builder(new FakeProtocol());
  }

  @AfterEach
  void nothingFailedInside() {
    assertThat(errors.counts()).isEmpty();
  }

  private static Pieces answered() {
    return Pieces.of("hi\n\nusage\n\ndone\n\n", null);
  }

  private WireResponse ask(Engine engine, ScriptedTransport transport, String... headers)
      throws IOException {
    return engine.open(EngineHarness.request("ask", headers)).execute(transport);
  }

  /** One call a day and no more, and three attempts for it. */
  private EngineSettings.Builder strict() {
    Budget oneCall =
        new Budget(
            "daily",
            BudgetUnit.CALLS,
            1,
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.noneOf(Budget.Dimension.class),
            Budget.Action.BLOCK,
            null,
            0.8);
    return settings()
        .policies(
            Policies.builder()
                .retry(3, new Backoff(1, 1), new RetryBudget(new ManualTime()))
                .budgets(
                    new BudgetSettings(Collections.singletonList(oneCall), true, 0),
                    ledger,
                    new CostBounds(
                        PriceCatalogue.builtIn()::priceOf,
                        (provider, host, model) -> 0,
                        (body, model) -> 1))
                .build());
  }

  private BudgetState account() {
    List<BudgetState> states = new ArrayList<>();
    ledger.eachState(
        System.currentTimeMillis(),
        state -> {
          states.add(state);
          return true;
        });
    assertThat(states).hasSize(1);
    return states.get(0);
  }

  @Test
  void isInTheBooksAndMarkedThere() throws Exception {
    for (Mode mode : Mode.values()) {
      records.clear();
      WireResponse delivered =
          ask(
              engine(settings().mode(mode)),
              answering(answer(200, "application/json", answered())),
              "x-flyball-bypass",
              " TRUE ",
              "x-flyball-tenant",
              "acme");
      assertThat(readAll(delivered.body())).isEqualTo("hi\n\nusage\n\ndone\n\n");
      assertThat(delivered.headers()).isEqualTo(Headers.of("Content-Type", "application/json"));
      assertThat(records).hasSize(1);
      CallRecord record = records.get(0);
      assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
      assertThat(record.usage().output()).isEqualTo(5);
      assertThat(record.attribution().tenant()).isEqualTo("acme");
      assertThat(new String(new CallJson(null).bytes(record), StandardCharsets.UTF_8))
          .contains("\"bypass\":true");
    }
  }

  @Test
  void isChargedButNeverRefusedAndNeverRepeated() throws Exception {
    Engine engine = engine(strict());
    for (int call = 1; call <= 3; call++) {
      ScriptedTransport transport = answering(answer(200, "application/json", answered()));
      readAll(ask(engine, transport, "x-flyball-bypass", "true").body());
      new SettlingListener().callEnded(records.get(records.size() - 1));
      assertThat(account().used()).isEqualTo(call);
      assertThat(account().reserved()).isZero();
    }
    ScriptedTransport failing = answering(answer(503, "application/json", Pieces.of("no", null)));
    assertThat(ask(engine, failing, "x-flyball-bypass", "true").status()).isEqualTo(503);
    assertThat(failing.sent).hasSize(1);
    ScriptedTransport unasked = answering();
    assertThat(ask(engine, unasked).headers().first("x-flyball-attempts")).isEqualTo("0");
    assertThat(unasked.sent).as("those that are governed hear of what was spent").isEmpty();
  }

  @Test
  void soIsEveryCallWhereNothingIsGoverned() throws Exception {
    Engine engine = engine(strict().mode(Mode.OBSERVE));
    for (int call = 1; call <= 3; call++) {
      ScriptedTransport transport = answering(answer(200, "application/json", answered()));
      readAll(ask(engine, transport).body());
      new SettlingListener().callEnded(records.get(records.size() - 1));
      assertThat(transport.sent).hasSize(1);
      assertThat(account().used()).isEqualTo(call);
      assertThat(account().reserved()).isZero();
    }
  }

  @Test
  void whatFailsIsGivenBack() {
    Engine engine = engine(strict());
    IOException reset = new IOException("reset");
    assertThat(
            catchThrowable(
                () -> ask(engine, ScriptedTransport.failing(reset), "x-flyball-bypass", "true")))
        .isSameAs(reset);
    new SettlingListener().callEnded(records.get(0));
    assertThat(account().used() + account().reserved()).isZero();
  }

  @Test
  void isForbiddenByASetting() throws Exception {
    Engine engine = engine(strict().bypassAllowed(false));
    for (int i = 0; i < 2; i++) {
      ask(
              engine,
              answering(answer(200, "application/json", answered())),
              "x-flyball-bypass",
              "true")
          .body()
          .close();
    }
    assertThat(records.get(1).journal().isBypassed()).isFalse();
    assertThat(records.get(1).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(notices).hasSize(1);
    assertThat(notices.get(0)).contains("flyball.bypass.allowed=false");
  }

  @Test
  void whatCannotBeReadIsToldOnceAndDoesNothing() throws Exception {
    Engine engine = engine(settings());
    for (int i = 0; i < 2; i++) {
      ScriptedTransport transport = answering(answer(200, "application/json", answered()));
      WireResponse delivered =
          ask(
              engine,
              transport,
              "X-Flyball-Bypass",
              "maybe-sk-secret",
              "x-flyball-timeout",
              "soon",
              "x-flyball-fooo",
              "1",
              "x-flyball-feature",
              "search");
      assertThat(readAll(delivered.body())).isNotEmpty();
      assertThat(transport.sent.get(0).headers()).isEqualTo(Headers.EMPTY);
    }
    assertThat(notices).hasSize(3);
    assertThat(String.join("", notices))
        .contains("x-flyball-bypass", "x-flyball-timeout", "x-flyball-fooo")
        .doesNotContain("secret");
    assertThat(records).allMatch(record -> !record.journal().isBypassed());
  }

  @Test
  void headersThatTheUserNamesAsSourcesAreKnown() throws Exception {
    Map<AttributionKey, List<String>> sources = new TreeMap<>();
    sources.put(AttributionKey.FEATURE, Collections.singletonList("header:X-Flyball-Team"));
    Engine engine =
        engine(settings().attribution(new AttributionRules("", sources, InitialisedClasses.NONE)));
    readAll(
        ask(
                engine,
                answering(answer(200, "application/json", answered())),
                "x-flyball-team",
                "red",
                "x-flyball-bypass",
                "false")
            .body());
    assertThat(notices).isEmpty();
    assertThat(records.get(0).attribution().feature()).isEqualTo("red");
  }

  @Property(tries = 300)
  void noHeaderEverFailsACall(
      @ForAll @AlphaChars @StringLength(min = 1, max = 300) String name, @ForAll String value)
      throws Exception {
    Engine engine = engine(settings());
    ScriptedTransport transport = answering(answer(200, "application/json", answered()));
    GovernedCall call =
        engine.open(EngineHarness.request("ask", "x-flyball-" + name, value, "other", "kept"));
    assertThat(readAll(call.execute(transport).body())).isEqualTo("hi\n\nusage\n\ndone\n\n");
    assertThat(transport.sent.get(0).headers()).isEqualTo(Headers.of("other", "kept"));
    assertThat(errors.counts()).isEmpty();
    assertThat(notices).allMatch(line -> line.length() < 300);
  }

  @Test
  void aFloodOfNamesIsNotToldForEver() {
    Engine engine = engine(settings());
    for (int i = 0; i < 10_000; i++) {
      engine.open(EngineHarness.request("ask", "x-flyball-" + i, "1"));
    }
    assertThat(notices).hasSize(100);
  }
}
