package io.flyball.engine;

import static io.flyball.engine.EngineHarness.readAll;
import static io.flyball.engine.EngineHarness.request;
import static io.flyball.engine.ScriptedTransport.answer;
import static io.flyball.engine.ScriptedTransport.answering;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.shop.Checkout;
import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attribute.AttributionKey;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.attribute.InitialisedClasses;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.wire.Caller;
import io.flyball.wire.CallerScope;
import io.flyball.wire.GovernedCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call that is opened on another thread than the one that makes it. */
class CallerTest {
  private final ExecutorService elsewhere = Executors.newSingleThreadExecutor();
  private final List<CallRecord> records = Collections.synchronizedList(new ArrayList<>());
  private final ReportedErrors errors = new ReportedErrors();
  private final FakeProtocol protocol = new FakeProtocol();
  private final Engine engine =
      Engine.builder(EngineSettings.builder(protocol).build(), records::add, errors)
          .contextCapture(() -> Thread.currentThread())
          .build();

  @AfterEach
  void stop() {
    elsewhere.shutdownNow();
    assertThat(errors.counts()).isEmpty();
  }

  private CallRecord recordOfCallElsewhere(Caller caller) throws Exception {
    return recordOf(
        CompletableFuture.supplyAsync(() -> engine.open(request("ask"), caller), elsewhere).get());
  }

  private CallRecord recordOf(GovernedCall call) throws Exception {
    int before = records.size();
    readAll(
        call.execute(answering(answer(200, "application/json", Pieces.of("hi\n\ndone\n\n", null))))
            .body());
    assertThat(records).hasSize(before + 1);
    return records.get(before);
  }

  @Test
  void belongsToTheThreadThatMadeIt() throws Exception {
    CallRecord record = recordOfCallElsewhere(Checkout.pay(engine::caller));

    assertThat(record.attribution().callSite()).isEqualTo("com.example.shop.Checkout.pay");
    assertThat(record.attribution().feature()).isEqualTo("com.example.shop.Checkout.pay");
    assertThat(record.parentContext()).isSameAs(Thread.currentThread());
  }

  @Test
  void withoutACallerTellsWhatTheOpeningThreadKnows() throws Exception {
    CallRecord record = recordOfCallElsewhere(null);

    assertThat(record.attribution().callSite()).isNull();
    assertThat(record.parentContext())
        .isInstanceOf(Thread.class)
        .isNotSameAs(Thread.currentThread());
  }

  @Test
  void isChargedByTheRulesThatWereAskedWhenItWasMade() throws Exception {
    Caller caller = engine.caller();
    engine.apply(
        EngineSettings.builder(protocol)
            .attribution(
                new AttributionRules(
                    "",
                    Collections.singletonMap(
                        AttributionKey.TENANT, Collections.singletonList("const:later")),
                    InitialisedClasses.NONE))
            .build());

    assertThat(recordOfCallElsewhere(caller).attribution().tenant()).isNull();
  }

  @Test
  void aResumedCallerCallsFromAThreadOfAFramework() throws Exception {
    Caller caller = Checkout.pay(engine::caller);
    GovernedCall call =
        CompletableFuture.supplyAsync(
                () -> {
                  try (CallerScope scope = engine.resume(caller)) {
                    return engine.open(request("ask"));
                  }
                },
                elsewhere)
            .get();
    assertThat(recordOf(call).attribution().callSite()).isEqualTo("com.example.shop.Checkout.pay");
    assertThat(records.get(0).parentContext()).isSameAs(Thread.currentThread());
    assertThat(recordOfCallElsewhere(null).attribution().callSite())
        .as("it is over when the scope is")
        .isNull();
  }

  @Test
  void whatAFrameworkNamesInsideAResumedCallerCountsFirst() throws Exception {
    Caller caller;
    try (CallerScope scope = engine.beginNamed("ai-service", "Desk.chat")) {
      caller = engine.callerAt("com.example.shop.Checkout.ask");
    }
    assertThat(engine.named("ai-service")).isNull();
    try (CallerScope resumed = engine.resume(caller)) {
      assertThat(engine.named("ai-service")).isEqualTo("Desk.chat");
      assertThat(recordOf(engine.open(request("ask"))).attribution())
          .returns("Desk.chat", Attribution::feature)
          .returns("com.example.shop.Checkout.ask", Attribution::callSite);
      try (CallerScope tool = engine.beginNamed("ai-service", "Critic.review")) {
        assertThat(engine.named("ai-service")).isEqualTo("Critic.review");
        assertThat(recordOf(Checkout.pay(() -> engine.open(request("ask")))).attribution())
            .returns("Critic.review", Attribution::feature)
            .returns("com.example.shop.Checkout.pay", Attribution::callSite);
      }
    }
  }

  @Test
  void whatNoRuleAsksForIsNotKept() {
    assertThat(engine.beginNamed("another", "Desk.chat")).isNull();
    assertThat(engine.resume(null)).isNull();
  }
}
