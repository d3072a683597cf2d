package io.flyball.engine.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.TimeSource;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls whose answers nobody reads or closes are recorded all the same. */
class DroppedAnswersTest {
  private final DroppedAnswers dropped = new DroppedAnswers();
  private final List<CallRecord> records = new ArrayList<>();

  private WireResponse deliver() {
    byte[] body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    RequestFacts facts =
        new Protocols(Collections.<Endpoint>emptyList())
            .recognise(
                new RequestHead(
                    "POST",
                    "https",
                    "api.openai.com",
                    443,
                    "/v1/chat/completions",
                    null,
                    name -> null),
                body);
    CallMeter meter =
        new CallMeter(
            "id",
            new WireRequest("POST", URI.create("https://api.openai.com/v1"), Headers.EMPTY, body),
            facts,
            Attribution.NONE,
            null,
            0,
            false,
            TimeSource.SYSTEM.nanoTime(),
            new Cancellation(),
            new CallJournal(),
            records::add,
            TimeSource.SYSTEM,
            (place, failure) -> {
              throw new AssertionError(place, failure);
            },
            dropped,
            new StreamEnds());
    return meter.deliver(
        WireResponse.made(200, Headers.EMPTY, Bodies.of(new byte[] {1})), cut -> {});
  }

  @Test
  void anAnswerThatWasLetGoEndsItsCall() {
    deliver();
    // A full collection of a JVM that many tests have filled takes long where the machine is busy.
    await()
        .atMost(2, TimeUnit.MINUTES)
        .until(
            () -> {
              System.gc();
              dropped.recordDropped();
              return !records.isEmpty();
            });
    assertThat(records).hasSize(1);
    assertThat(records.get(0).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(dropped.size()).isZero();
  }

  @Test
  void anAnswerThatWasClosedIsNotWatchedAnyMore() {
    WireResponse response = deliver();
    assertThat(dropped.size()).isEqualTo(1);
    response.body().close();
    assertThat(dropped.size()).isZero();
    assertThat(records).hasSize(1);
  }
}
