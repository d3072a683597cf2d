package io.flyball.engine;

import static io.flyball.engine.EngineHarness.readAll;
import static io.flyball.engine.ScriptedTransport.answer;
import static io.flyball.engine.ScriptedTransport.answering;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.wire.CapturedInbound;
import io.flyball.wire.InboundScope;
import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.ThreadContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values of the logging context go along with work. */
class LoggedValuesTest {
  private final ExecutorService elsewhere = Executors.newSingleThreadExecutor();
  private final EngineHarness harness = new EngineHarness(Mode.GOVERN);
  private final Engine engine = harness.engine;
  private final AtomicInteger told = new AtomicInteger();

  @BeforeEach
  void readTheContext() {
    engine.apply(
        harness
            .settings(Mode.GOVERN)
            .attribution(
                new AttributionRules(
                    "shop",
                    Collections.emptyMap(),
                    (loader, name) ->
                        name.equals(ThreadContext.class.getName()) ? ThreadContext.class : null))
            .build());
    engine.whenLogged(told::incrementAndGet);
  }

  @AfterEach
  void nothingIsLeftOnTheThreads() throws Exception {
    ThreadContext.clearMap();
    elsewhere.submit(ThreadContext::clearMap).get();
    assertThat(elsewhere.submit(this::tenant).get()).isNull();
    assertThat(elsewhere.submit(engine::captureInbound).get()).isNull();
    elsewhere.shutdownNow();
    assertThat(engine.leaveInbound()).isNull();
    assertThat(harness.errors.counts()).isEmpty();
  }

  private void put(String key, String value) {
    ThreadContext.put(key, value);
    engine.logged(key);
  }

  private String tenant() throws IOException {
    readAll(
        harness
            .open("ask")
            .execute(answering(answer(200, "application/json", Pieces.of("hi\n\ndone\n\n", null))))
            .body());
    return harness.records.get(harness.records.size() - 1).attribution().tenant();
  }

  private String tenantElsewhere(CapturedInbound captured, Runnable before) throws Exception {
    return elsewhere
        .submit(
            () -> {
              try (InboundScope resumed = captured.resume()) {
                before.run();
                return tenant();
              }
            })
        .get();
  }

  @Test
  void aValueThatSomebodyAsksForGoesAlong() throws Exception {
    put("other", "1");
    assertThat(engine.worksForInbound()).as("nobody asks for that").isFalse();
    assertThat(told).hasValue(0);
    put("tenant", "acme");
    assertThat(engine.worksForInbound()).isTrue();
    assertThat(told).hasValue(1);
    CapturedInbound captured = engine.captureInbound();
    assertThat(engine.captureInbound()).isEqualTo(captured).hasSameHashCodeAs(captured);
    assertThat(captured.resume()).as("it says so already").isNull();
    put("tenant", "umbrella");
    assertThat(engine.captureInbound()).isNotEqualTo(captured);
    ThreadContext.clearMap();
    assertThat(engine.captureInbound()).isNull();
    assertThat(tenantElsewhere(captured, () -> {})).isEqualTo("acme");
    assertThat(told).hasValue(1);
  }

  @Test
  void itIsHandedOn() throws Exception {
    put("tenant", "acme");
    CapturedInbound captured = engine.captureInbound();
    CapturedInbound further =
        elsewhere
            .submit(
                () -> {
                  try (InboundScope resumed = captured.resume()) {
                    return engine.captureInbound();
                  }
                })
            .get();
    assertThat(further).isEqualTo(captured);
    assertThat(tenantElsewhere(further, () -> {})).isEqualTo("acme");
  }

  @Test
  void whatATaskSaysItselfCountsAndWhatAnotherLeftBehindDoesNot() throws Exception {
    put("tenant", "acme");
    CapturedInbound captured = engine.captureInbound();
    assertThat(tenantElsewhere(captured, () -> put("tenant", "own"))).isEqualTo("own");
    assertThat(elsewhere.submit(this::tenant).get()).as("as it was left").isEqualTo("own");
    assertThat(tenantElsewhere(captured, () -> {})).isEqualTo("acme");
    assertThat(tenantElsewhere(captured, ThreadContext::clearMap)).isNull();
  }

  @Test
  void workThatCameFromNowhereHasNothingOfIt() throws Exception {
    put("tenant", "acme");
    CapturedInbound captured = engine.captureInbound();
    String tenant =
        elsewhere
            .submit(
                () -> {
                  try (InboundScope resumed = captured.resume();
                      InboundScope left = engine.leaveInbound()) {
                    return tenant();
                  }
                })
            .get();
    assertThat(tenant).isNull();
  }
}
