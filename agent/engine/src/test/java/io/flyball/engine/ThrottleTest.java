package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.anomaly.Anomalies;
import io.flyball.engine.anomaly.Anomaly;
import io.flyball.engine.anomaly.AnomalyListener;
import io.flyball.engine.anomaly.AnomalySettings;
import io.flyball.engine.anomaly.Throttle;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.time.ManualTime;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is not as it used to be is found in the records of real calls, and held back. */
class ThrottleTest {
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  private final ManualTime clock = new ManualTime();
  private final ReportedErrors errors = new ReportedErrors();
  private final Anomalies anomalies = new Anomalies(clock, clock, Runnable::run, errors);
  private final List<Anomaly> told = new ArrayList<>();
  private ReliabilityHarness harness;

  @AfterEach
  void nothingFailedInside() {
    assertThat(errors.counts()).isEmpty();
    assertThat(harness.errors.counts()).isEmpty();
  }

  private void start(boolean throttles, Mode mode) {
    anomalies.apply(new AnomalySettings(4, 600_000, 24 * HOUR, 1, 500_000, 8, 5));
    anomalies.listen(
        new AnomalyListener() {
          @Override
          public void began(Anomaly anomaly) {
            told.add(anomaly);
          }

          @Override
          public void ended(Anomaly anomaly) {
            told.add(anomaly);
          }
        });
    Throttle throttle = throttles ? anomalies.throttle() : null;
    harness = new ReliabilityHarness(Policies.builder().throttle(throttle).build());
    harness.engine.apply(
        EngineSettings.builder(new Protocols(Collections.<Endpoint>emptyList()))
            .policies(Policies.builder().throttle(throttle).build())
            .mode(mode)
            .keepsRequests(true)
            .build());
  }

  /** One call of a tenant that costs so much, with the time of the test's own clock. */
  private CallRecord ask(String tenant, String body, String usd) throws IOException {
    harness.upstream.answers(200, OK);
    WireResponse response =
        harness
            .call(body, "x-flyball-tenant", tenant, "x-flyball-feature", "f-" + tenant)
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .join();
    text(response);
    CallRecord record = harness.records.get(harness.records.size() - 1);
    boolean refused = record.outcome() == Outcome.REFUSED;
    if (refused) {
      harness.upstream.forgetScript();
    }
    CallRecord priced =
        record.toBuilder()
            .costUsd(refused ? null : new BigDecimal(usd))
            .times(clock.epochNanos(), clock.epochNanos())
            .build();
    anomalies.callEnded(priced);
    return record;
  }

  private static String question() {
    return "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }

  private static String agent(int steps, boolean same) {
    StringBuilder body =
        new StringBuilder(
            "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"secret text\"}");
    for (int i = 0; i < steps; i++) {
      body.append(",{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c")
          .append(i)
          .append("\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{")
          .append(same ? 0 : i)
          .append("}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c")
          .append(i)
          .append("\",\"content\":\"r\"}");
    }
    return body.append("]}").toString();
  }

  private void usualDays() throws IOException {
    for (int minute = 0; minute < 2 * 24 * 60; minute += 2) {
      ask("acme", question(), "0.10");
      ask("calm", question(), "0.10");
      clock.advance(2, TimeUnit.MINUTES);
    }
    assertThat(told).isEmpty();
  }

  /** Calls every second; how many went through. */
  private int rush(String tenant, int seconds) throws IOException {
    int passed = 0;
    for (int i = 0; i < seconds; i++) {
      passed += ask(tenant, question(), "0.10").outcome() == Outcome.SUCCESS ? 1 : 0;
      clock.advance(1, TimeUnit.SECONDS);
    }
    return passed;
  }

  @Test
  void whoSpendsTooMuchIsHeldToTheUsualUntilItIsOver() throws IOException {
    start(true, Mode.GOVERN);
    usualDays();
    int found = 0;
    while (told.isEmpty()) {
      found += rush("acme", 1);
    }
    assertThat(found).as("four times the usual half a dollar").isBetween(16, 20);
    assertThat(told).hasSize(2);
    assertThat(told).allMatch(anomaly -> anomaly.kind() == Anomaly.Kind.SPENDING);
    assertThat(rush("acme", 630)).as("one at once, and one a minute").isEqualTo(11);

    CallRecord refused = ask("acme", question(), "0.10");
    assertThat(refused.errorType()).isEqualTo("flyball_rate_limited");
    assertThat(ask("calm", question(), "0.10").outcome()).isEqualTo(Outcome.SUCCESS);

    for (int i = 0; i < 60; i++) {
      clock.advance(2, TimeUnit.MINUTES);
      ask("acme", question(), "0.10");
    }
    assertThat(told).hasSize(4);
    assertThat(rush("acme", 5)).isEqualTo(5);
  }

  @Test
  void itIsOverAlthoughNobodyCallsAnyMore() throws IOException {
    start(true, Mode.GOVERN);
    usualDays();
    rush("acme", 300);
    assertThat(told).hasSize(2);
    clock.advance(3, TimeUnit.HOURS);
    assertThat(told).hasSize(4);
    assertThat(told.get(3).end()).isEqualTo(Anomaly.End.OVER);
    assertThat(clock.scheduled()).as("nothing is looked at any more").isZero();
    assertThat(anomalies.lasting()).isEmpty();
    assertThat(anomalies.past()).hasSize(2);
  }

  @Test
  void releasedByHandNobodyIsHeldBack() throws IOException {
    start(true, Mode.GOVERN);
    usualDays();
    rush("acme", 300);
    for (Anomaly anomaly : anomalies.lasting()) {
      assertThat(anomalies.release(anomaly.id())).isTrue();
    }
    assertThat(anomalies.release("anomaly-77")).isFalse();
    assertThat(rush("acme", 60)).isEqualTo(60);
  }

  @Test
  void aLoopIsRefusedAndNothingElse() throws IOException {
    start(true, Mode.GOVERN);
    for (int step = 0; step <= 5; step++) {
      assertThat(ask("acme", agent(step, true), "0.01").outcome()).isEqualTo(Outcome.SUCCESS);
    }
    assertThat(told).hasSize(1);
    assertThat(told.get(0).kind()).isEqualTo(Anomaly.Kind.TOOL_LOOP);
    CallRecord refused = ask("acme", agent(6, true), "0.01");
    assertThat(refused.errorType()).isEqualTo("flyball_blocked");
    assertThat(refused.attempts()).isEmpty();
    assertThat(ask("acme", agent(5, true), "0.01").outcome()).isEqualTo(Outcome.REFUSED);

    assertThat(ask("acme", question(), "0.01").outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(ask("acme", agent(4, false), "0.01").outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(ask("calm", agent(4, true), "0.01").outcome())
        .as("of another tenant")
        .isEqualTo(Outcome.SUCCESS);

    clock.advance(6, TimeUnit.MINUTES);
    assertThat(told).hasSize(2);
    assertThat(told.get(1).end()).isEqualTo(Anomaly.End.OVER);
    assertThat(ask("acme", agent(4, true), "0.01").outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void aLoopOfGrowingPromptsIsRefused() throws IOException {
    start(true, Mode.GOVERN);
    int passed = 0;
    for (int step = 0; step < 50; step++) {
      passed += ask("acme", agent(step, false), "0.01").outcome() == Outcome.SUCCESS ? 1 : 0;
    }
    assertThat(passed).isEqualTo(9);
    assertThat(told).hasSize(1);
    assertThat(told.get(0).toString()).doesNotContain("secret");
  }

  @Test
  void whereOnlyAlertsAreWantedEverythingGoesThrough() throws IOException {
    start(false, Mode.GOVERN);
    for (int step = 0; step < 50; step++) {
      assertThat(ask("acme", agent(step, true), "0.01").outcome()).isEqualTo(Outcome.SUCCESS);
    }
    assertThat(told).hasSize(1);
  }

  @Test
  void observingTellsAndHoldsNobodyBack() throws IOException {
    start(true, Mode.OBSERVE);
    for (int step = 0; step < 50; step++) {
      assertThat(ask("acme", agent(step, true), "0.01").outcome()).isEqualTo(Outcome.SUCCESS);
    }
    assertThat(told).hasSize(1);
  }

  @Test
  void switchedOffNothingIsFoundAndNobodyHeldBack() throws IOException {
    start(true, Mode.GOVERN);
    for (int step = 0; step <= 6; step++) {
      ask("acme", agent(step, true), "0.01");
    }
    assertThat(told).hasSize(1);
    anomalies.apply(null);
    assertThat(ask("acme", agent(7, true), "0.01").outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(anomalies.lasting()).isEmpty();
  }

  @Test
  void otherThresholdsKeepWhatIsKnown() throws IOException {
    start(false, Mode.GOVERN);
    usualDays();
    anomalies.apply(new AnomalySettings(6, 600_000, 24 * HOUR, 1, 500_000, 8, 5));
    rush("acme", 120);
    assertThat(told).isNotEmpty();
  }
}
