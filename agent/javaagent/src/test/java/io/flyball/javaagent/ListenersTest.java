package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.event.PromptHashes;
import io.flyball.engine.price.CallPricing;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ListenersTest {
  private static final String ASKED = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}";

  private final List<String> reported = new ArrayList<>();
  private final List<CallRecord> heard = new ArrayList<>();

  /** Nothing is priced here. */
  private final Supplier<CallPricing> unpriced =
      () -> {
        throw new IllegalStateException("no prices");
      };

  private final Listeners listeners =
      new Listeners(unpriced, (place, failure) -> reported.add(place));

  private static CallRecord record() {
    byte[] body = ASKED.getBytes(StandardCharsets.UTF_8);
    RequestHead head =
        new RequestHead(
            "POST", "https", "api.openai.com", 443, "/v1/chat/completions", null, name -> null);
    return CallRecord.builder(
            "call-1", new Protocols(Collections.emptyList()).recognise(head, body))
        .outcome(Outcome.SUCCESS, 200, null)
        .content(body, null)
        .build();
  }

  @Test
  void whoHearsOfACallKnowsTheTraceOfItsSpanAndItsHashes() {
    listeners.hashes(new PromptHashes()::apply);
    listeners.content(CallRecord::withoutContent);
    listeners.spans(record -> record.toBuilder().traceId("0af7").build());
    listeners.add(heard::add);
    listeners.accept(record());

    assertThat(heard).hasSize(1);
    assertThat(heard.get(0).traceId()).isEqualTo("0af7");
    assertThat(heard.get(0).promptHash()).matches("[0-9a-f]{16}");
    assertThat(heard.get(0).requestBody()).isNull();
  }

  @Test
  void withoutThemTheyHearOfItAllTheSame() {
    listeners.hashes(
        record -> {
          throw new IllegalStateException("hashes");
        });
    listeners.spans(
        record -> {
          throw new NoClassDefFoundError("spans");
        });
    listeners.add(heard::add);
    listeners.accept(record());

    assertThat(heard).hasSize(1);
    assertThat(reported).containsExactly("pricing", "hashes", "spans");
  }

  @Test
  void callsThatEndBeforeEverybodyIsThereAreSettledAtOnceAndToldLater() throws Exception {
    List<CallRecord> settled = new ArrayList<>();
    listeners.content(CallRecord::withoutContent);
    listeners.settleWith(settled::add);
    assertThat(listeners.awaitRelease(0, TimeUnit.SECONDS)).isTrue();
    listeners.hold();
    listeners.accept(record());
    listeners.accept(record());
    assertThat(settled).hasSize(2);
    assertThat(listeners.awaitRelease(0, TimeUnit.SECONDS)).isFalse();

    listeners.spans(record -> record.toBuilder().traceId("0af7").build());
    listeners.add(
        record -> {
          if (heard.isEmpty()) {
            // One that ends meanwhile does not overtake.
            listeners.accept(record().toBuilder().outcome(Outcome.SUCCESS, 201, null).build());
          }
          heard.add(record);
        });
    listeners.release();

    assertThat(heard).extracting(CallRecord::status).containsExactly(200, 200, 201);
    assertThat(heard).allMatch(record -> "0af7".equals(record.traceId()));
    assertThat(heard).allMatch(record -> record.requestBody() == null);
    assertThat(settled).hasSize(3);
    assertThat(listeners.awaitRelease(0, TimeUnit.SECONDS)).isTrue();
    listeners.accept(record());
    assertThat(heard).hasSize(4);
    assertThat(settled).hasSize(4);
  }
}
