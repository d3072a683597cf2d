package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.TwoKeys.Behaviour;
import io.flyball.engine.breaker.BreakerState;
import io.flyball.engine.breaker.CircuitState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What a provider says to one key is no other key's trouble; and where nobody else can be asked,
 * what is known of a target keeps no call from the wire.
 */
class OtherKeysTest {
  private static final String A = "key-a";
  private static final String B = "key-b";

  private static final List<String> BODIES =
      Arrays.asList(
          "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}",
          "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":\"insufficient_quota\","
              + "\"code\":\"insufficient_quota\"}}",
          "{\"error\":{\"message\":\"Rate limit reached\",\"type\":\"requests\","
              + "\"code\":\"rate_limit_exceeded\"}}",
          "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":null}}",
          "Payment Required",
          "");

  private static final Behaviour WELL = new Behaviour(200, ReliabilityHarness.OK, null);
  private static final Behaviour WRONG = new Behaviour(400, BODIES.get(0), null);
  private static final Behaviour DOWN = new Behaviour(503, BODIES.get(3), null);
  private static final Behaviour REFUSED = new Behaviour(0, "", null);

  /** A call of one key after a while, and what its attempts get. */
  static final class Call {
    final String key;
    final int gapMillis;
    final List<Behaviour> behaviours;

    Call(String key, int gapMillis, List<Behaviour> behaviours) {
      this.key = key;
      this.gapMillis = gapMillis;
      this.behaviours = behaviours;
    }

    @Override
    public String toString() {
      return key + " after " + gapMillis + " ms " + behaviours;
    }
  }

  @Provide
  Arbitrary<Behaviour> behaviour() {
    Arbitrary<Behaviour> bad =
        Combinators.combine(
                Arbitraries.of(
                    0, 400, 401, 402, 403, 404, 408, 409, 422, 424, 425, 429, 429, 500, 502, 503,
                    504, 529),
                Arbitraries.of(BODIES),
                Arbitraries.of("1", "20", "60", "3600").injectNull(0.6))
            .as(Behaviour::new);
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(4, bad), net.jqwik.api.Tuple.of(1, Arbitraries.just(WELL)));
  }

  @Provide
  Arbitrary<List<Call>> calls() {
    Arbitrary<List<Behaviour>> several = behaviour().list().ofSize(3);
    // Often the same again and again: that is what opens breakers.
    Arbitrary<List<Behaviour>> same = behaviour().map(each -> Arrays.asList(each, each, each));
    Arbitrary<Call> call =
        Combinators.combine(
                Arbitraries.of(A, A, A, B),
                Arbitraries.of(0, 0, 0, 10, 1_000, 16_000),
                Arbitraries.oneOf(several, same))
            .as(Call::new);
    Arbitrary<List<Call>> mixed = call.list().ofMinSize(1).ofMaxSize(40);
    Arbitrary<List<Call>> storm =
        Combinators.combine(behaviour(), Arbitraries.integers().between(10, 40), mixed)
            .as(
                (each, count, after) -> {
                  List<Call> all = new ArrayList<>();
                  for (int i = 0; i < count; i++) {
                    all.add(new Call(A, 0, Arrays.asList(each, each, each)));
                  }
                  all.addAll(after);
                  return all;
                });
    return Arbitraries.oneOf(mixed, storm);
  }

  private static List<String> outcomesOfB(List<Call> calls, boolean backup, boolean withA) {
    TwoKeys engine = new TwoKeys(backup);
    List<String> outcomes = new ArrayList<>();
    for (Call call : calls) {
      engine.clock.advanceMillis(call.gapMillis);
      engine.forgetScript(call.key);
      engine.script(call.key, call.behaviours.toArray(new Behaviour[0]));
      if (call.key.equals(B)) {
        outcomes.add(engine.outcome(B));
      } else if (withA) {
        engine.ask(A);
      }
    }
    outcomes.add(engine.outcome(B));
    assertThat(engine.errors.counts()).isEmpty();
    return outcomes;
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void oneKeysTroubleIsNoOtherKeys(
      @ForAll @From("calls") List<Call> calls, @ForAll boolean backup) {
    assertThat(outcomesOfB(calls, backup, true)).isEqualTo(outcomesOfB(calls, backup, false));
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void whereNobodyElseAnswersEveryCallHasItsAnswerFromTheWire(
      @ForAll @From("calls") List<Call> calls) {
    TwoKeys engine = new TwoKeys(false);
    for (Call call : calls) {
      engine.clock.advanceMillis(call.gapMillis);
      engine.forgetScript(call.key);
      engine.script(call.key, call.behaviours.toArray(new Behaviour[0]));
      int before = engine.sentWith(call.key);
      String outcome = engine.outcome(call.key);
      int sent = engine.sentWith(call.key) - before;
      assertThat(sent).as(outcome).isPositive();
      // What the provider said stays when only exceptions come after it.
      Behaviour said = null;
      for (Behaviour each : call.behaviours.subList(0, sent)) {
        said = each.status == 0 ? said : each;
      }
      assertThat(outcome)
          .startsWith(said == null ? "java.net.ConnectException: " : said.status + " " + said.body);
      if (sent == 1) {
        assertThat(outcome).as("asked once, so nothing is waited for").contains(" in 0 ms");
      }
    }
  }

  private static void open(TwoKeys engine, String key) {
    for (int i = 0; i < 12; i++) {
      engine.forgetScript(key);
      engine.script(key, DOWN, DOWN, DOWN);
      engine.outcome(key);
    }
    engine.forgetScript(key);
    engine.forgetScript("backup-key");
    assertThat(state(engine)).isEqualTo(CircuitState.OPEN);
  }

  private static CircuitState state(TwoKeys engine) {
    List<BreakerState> states = engine.breakers.states();
    assertThat(states.get(0).key()).startsWith("api.openai.com:443/gpt-4o-mini#");
    return states.get(0).state();
  }

  @Example
  void anOpenBreakerHandsOnWhatTheWireSaysWhenNobodyElseCan() {
    TwoKeys engine = new TwoKeys(false);
    open(engine, A);
    engine.script(A, WRONG, REFUSED, DOWN, WELL);
    assertThat(engine.outcome(A)).startsWith("400 " + WRONG.body).endsWith("in 0 ms, sent 1");
    assertThat(engine.outcome(A)).startsWith("java.net.ConnectException: ").endsWith("sent 1");
    assertThat(engine.outcome(A))
        .as("asked once, and the SDK's own retries are left to it")
        .isEqualTo("503 " + DOWN.body + " retry=null by api.openai.com in 0 ms, sent 1");
    assertThat(engine.outcome(A)).startsWith("200 ").endsWith("in 0 ms, sent 1");
    assertThat(state(engine)).as("it is well again").isEqualTo(CircuitState.CLOSED);
  }

  @Example
  void anOpenBreakerSendsOnWhenSomebodyElseCan() {
    TwoKeys engine = new TwoKeys(true);
    open(engine, A);
    int before = engine.sentWith(A);
    assertThat(engine.outcome(A)).contains(" by backup in 0 ms, sent 0");
    assertThat(engine.sentWith(A)).isEqualTo(before);
  }

  @Example
  void whenTheChainIsExhaustedTheOwnEndpointHasItsSay() {
    TwoKeys engine = new TwoKeys(true);
    open(engine, A);
    int asked = engine.sentWith("backup-key");
    engine.script(A, WRONG).script("backup-key", DOWN, DOWN, DOWN);
    assertThat(engine.outcome(A)).startsWith("400 " + WRONG.body).endsWith("sent 1");
    assertThat(engine.sentWith("backup-key") - asked).as("each target once over").isEqualTo(3);
    engine.script(A, WELL).script("backup-key", DOWN, DOWN, DOWN);
    assertThat(engine.outcome(A)).startsWith("200 ").contains("by api.openai.com");
  }

  @Example
  void whoWantsItRefusedHasItRefused() {
    TwoKeys engine = new TwoKeys(false, true);
    open(engine, A);
    assertThat(engine.outcome(A))
        .startsWith("503 ")
        .contains("flyball_circuit_open")
        .endsWith("sent 0");
    assertThat(engine.outcome(B)).startsWith("200 ").endsWith("sent 1");
  }

  @Example
  void aLimitOfTheProviderIsKeptOnlyWhereSomebodyElseCan() {
    Behaviour tooMuch = new Behaviour(429, BODIES.get(2), "3600");
    TwoKeys alone = new TwoKeys(false);
    alone.script(A, tooMuch);
    assertThat(alone.outcome(A)).startsWith("429 ");
    assertThat(alone.outcome(A)).startsWith("200 ").endsWith("in 0 ms, sent 1");

    TwoKeys chained = new TwoKeys(true);
    chained.script(A, tooMuch);
    assertThat(chained.outcome(A)).contains(" by backup ");
    assertThat(chained.outcome(A)).contains(" by backup in 0 ms, sent 0");
    assertThat(chained.outcome(B)).contains(" by api.openai.com in 0 ms, sent 1");
    chained.script("backup-key", DOWN, DOWN, DOWN);
    assertThat(chained.outcome(A)).startsWith("200 ").contains(" by api.openai.com");
  }

  @Example
  void whatTheBudgetOfRetriesDoesNotAllowIsLeftToTheSdk() {
    TwoKeys engine = new TwoKeys(false);
    List<String> outcomes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      // Often enough well for the breaker to stay closed.
      engine.outcome(A);
      engine.forgetScript(A);
      engine.script(A, DOWN, WELL);
      outcomes.add(engine.outcome(A));
      engine.forgetScript(A);
    }
    assertThat(outcomes.subList(0, 10)).allMatch(each -> each.startsWith("200 "));
    assertThat(outcomes.subList(10, 20))
        .allMatch(each -> each.startsWith("503 ") && each.contains("retry=null"));
    assertThat(state(engine)).isEqualTo(CircuitState.CLOSED);
    engine.clock.advanceMillis(61_000);
    engine.script(A, DOWN, DOWN, DOWN);
    assertThat(engine.outcome(A))
        .as("asked often enough: the SDK is not to begin again")
        .startsWith("503 ")
        .contains("retry=false");
  }

  @Example
  void manyKeysTakeLittleRoomAndNoLabels() {
    TwoKeys engine = new TwoKeys(true);
    for (int i = 0; i < 20_000; i++) {
      engine.script("key-" + i, new Behaviour(429, "", null));
      engine.ask("key-" + i);
      engine.forgetScript("key-" + i);
    }
    assertThat(engine.breakers.states()).hasSizeLessThanOrEqualTo(1_000);
  }
}
