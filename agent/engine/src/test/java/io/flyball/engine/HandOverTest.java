package io.flyball.engine;

import static io.flyball.engine.EngineHarness.readAll;
import static io.flyball.engine.ScriptedTransport.answer;
import static io.flyball.engine.ScriptedTransport.answering;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.shop.Checkout;
import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.TimeSource;
import io.flyball.wire.Caller;
import io.flyball.wire.CallerScope;
import io.flyball.wire.CapturedInbound;
import io.flyball.wire.InboundRequest;
import io.flyball.wire.InboundScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes along with work: the request it is done for, and whom frameworks name. */
class HandOverTest {
  private final ExecutorService elsewhere = Executors.newSingleThreadExecutor();
  private final EngineHarness harness = new EngineHarness(Mode.GOVERN);
  private final Engine engine = harness.engine;
  private final List<CallRecord> records = harness.records;

  @AfterEach
  void nothingIsLeftOnTheThreads() throws Exception {
    assertThat(elsewhere.submit(engine::worksForInbound).get()).isFalse();
    elsewhere.shutdownNow();
    assertThat(engine.worksForInbound()).isFalse();
    assertThat(engine.captureInbound()).isNull();
    assertThat(engine.leaveInbound()).isNull();
    assertThat(harness.errors.counts()).isEmpty();
  }

  private static InboundRequest of(String tenant) {
    return new InboundRequest() {
      @Override
      public String header(String name) {
        return name.equals("x-tenant-id") ? tenant : null;
      }

      @Override
      public String route() {
        return "/" + tenant;
      }

      @Override
      public String principal() {
        return null;
      }

      @Override
      public long asyncTimeoutMillis() {
        return 0;
      }
    };
  }

  /** Who a call of this thread would be charged to: tenant and feature. */
  private String charged() throws IOException {
    readAll(
        harness
            .open("ask")
            .execute(answering(answer(200, "application/json", Pieces.of("hi\n\ndone\n\n", null))))
            .body());
    Attribution whose = records.get(records.size() - 1).attribution();
    return whose.tenant() + " " + whose.feature();
  }

  private <T> T elsewhere(CapturedInbound captured, Callable<T> work) throws Exception {
    return elsewhere
        .submit(
            () -> {
              try (InboundScope resumed = captured.resume()) {
                return work.call();
              }
            })
        .get();
  }

  @Test
  void theNameThatAFrameworkGivesGoesAlongWithoutARequest() throws Exception {
    CapturedInbound captured;
    try (CallerScope named = engine.beginNamed("ai-service", "Desk.chat")) {
      assertThat(engine.worksForInbound()).isTrue();
      captured = engine.captureInbound();
      assertThat(engine.captureInbound()).isEqualTo(captured).hasSameHashCodeAs(captured);
      assertThat(captured.resume()).as("it does so already").isNull();
    }
    assertThat(elsewhere(captured, this::charged)).isEqualTo("null Desk.chat");
    assertThat(elsewhere(captured, engine::captureInbound)).isEqualTo(captured);
  }

  @Test
  void itGoesAlongWithTheRequest() throws Exception {
    CapturedInbound alone;
    CapturedInbound both;
    CapturedInbound inner;
    try (InboundScope served = engine.beginInbound(of("acme"))) {
      alone = engine.captureInbound();
      try (CallerScope named = engine.beginNamed("ai-service", "Desk.chat")) {
        both = engine.captureInbound();
        try (CallerScope other = engine.beginNamed("ai-service", "Critic.review")) {
          inner = engine.captureInbound();
        }
      }
    }
    assertThat(elsewhere(both, this::charged)).isEqualTo("acme Desk.chat");
    assertThat(elsewhere(inner, this::charged)).isEqualTo("acme Critic.review");
    assertThat(elsewhere(alone, this::charged)).startsWith("acme ").doesNotContain("Desk");
    assertThat(alone).isNotEqualTo(both);
    assertThat(inner).isNotEqualTo(both);
  }

  /** A thread that is at work may complete what somebody else waits for. */
  @Test
  void whatWasHandedOverIsDoneForThatAlone() throws Exception {
    CapturedInbound request;
    CapturedInbound name;
    try (InboundScope served = engine.beginInbound(of("acme"))) {
      request = engine.captureInbound();
    }
    try (CallerScope named = engine.beginNamed("ai-service", "Desk.chat")) {
      name = engine.captureInbound();
    }
    try (InboundScope served = engine.beginInbound(of("globex"));
        CallerScope named = engine.beginNamed("ai-service", "Critic.review")) {
      try (InboundScope resumed = request.resume()) {
        assertThat(charged()).startsWith("acme ").doesNotContain("Critic");
      }
      try (InboundScope resumed = name.resume()) {
        assertThat(charged()).isEqualTo("null Desk.chat");
        try (InboundScope left = engine.leaveInbound()) {
          assertThat(charged()).startsWith("null ").doesNotContain("Desk");
          assertThat(engine.captureInbound()).isNull();
        }
      }
      assertThat(charged()).isEqualTo("globex Critic.review");
    }
  }

  @Test
  void whatBeginsElsewhereIsInsideWhatWasHandedOver() throws Exception {
    CapturedInbound captured;
    try (CallerScope named = engine.beginNamed("ai-service", "Desk.chat")) {
      captured = engine.captureInbound();
    }
    String inner =
        elsewhere(
            captured,
            () -> {
              try (CallerScope named = engine.beginNamed("ai-service", "Critic.review")) {
                assertThat(charged()).isEqualTo("null Critic.review");
              }
              return charged();
            });
    assertThat(inner).isEqualTo("null Desk.chat");
  }

  /** A stream goes on after its tools on the client's thread, and the tools hand work over. */
  @Test
  void aCallerThatWasResumedGoesAlongToo() throws Exception {
    Caller caller;
    try (InboundScope served = engine.beginInbound(of("acme"));
        CallerScope named = engine.beginNamed("ai-service", "Desk.chat")) {
      caller = Checkout.pay(engine::caller);
    }
    CapturedInbound captured;
    try (CallerScope resumed = engine.resume(caller)) {
      captured = engine.captureInbound();
    }
    assertThat(elsewhere(captured, this::charged)).isEqualTo("acme Desk.chat");
    assertThat(records.get(0).attribution().callSite()).isEqualTo("com.example.shop.Checkout.pay");
  }

  @Test
  void manyThreadsMayGoOnWithIt() throws Exception {
    FrameworkScopes frameworks = new FrameworkScopes();
    HandOver handOver =
        new HandOver(new InboundRequests(TimeSource.SYSTEM), frameworks, new LoggedValues());
    CapturedInbound captured;
    try (CallerScope named = frameworks.named("ai-service", "Desk.chat")) {
      captured = handOver.captured(AttributionRules.defaults("shop"));
    }
    List<CompletableFuture<String>> names = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      names.add(
          CompletableFuture.supplyAsync(
              () -> {
                try (InboundScope resumed = captured.resume()) {
                  return frameworks.names().get("ai-service");
                }
              }));
    }
    for (CompletableFuture<String> name : names) {
      assertThat(name.get()).isEqualTo("Desk.chat");
    }
  }
}
