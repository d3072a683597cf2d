package io.flyball.engine.price;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.ResponseReader;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What a provider billed is what is counted, to the last digit: bills of many providers and
 * gateways, said in every way they have of saying it, against a plain reference of their rules.
 *
 * <p>A failure names the seed; {@code -Dflyball.bill.seed} looks at that one alone, and {@code
 * -Dflyball.bill.count} at so many from there on.
 */
class BillLawTest {
  private static final MathContext DIGITS = new MathContext(9);

  private static final AtomicBoolean FROM_SEED = new AtomicBoolean();

  private final Protocols protocols = new Protocols(Collections.<Endpoint>emptyList());
  private final PriceCatalogue prices = PriceCatalogue.builtIn();
  private final CallPricing pricing =
      new CallPricing(prices, new UsageEstimate(new TokenCounter(Long.MAX_VALUE)));

  @Property(tries = 6_000)
  void whatWasBilledIsCounted(@ForAll long seed) {
    Long from = Long.getLong("flyball.bill.seed");
    if (from == null) {
      check(seed);
      return;
    }
    // Once, however often the property is tried.
    if (FROM_SEED.compareAndSet(false, true)) {
      for (long i = 0; i < Long.getLong("flyball.bill.count", 1); i++) {
        check(from + i);
      }
    }
  }

  private void check(long seed) {
    Random random = new Random(seed);
    Bill bill = new Bill(random);
    BillAnswer answer = new BillAnswer(bill, random);
    String about = "seed " + seed + ": " + bill + "\n" + answer.body;

    RequestFacts request = request(answer);
    assertThat(request).as(about).isNotNull();
    ResponseFacts response = response(request, answer.body);
    BigDecimal cost = price(answer.host, request, response).costUsd();

    assertThat(response.usage()).as(about).isNotNull();
    assertThat(response.usage().input()).as("input of " + about).isEqualTo(bill.input());
    assertThat(response.usage().output()).as("output of " + about).isEqualTo(bill.output());
    assertThat(cost).as("cost of " + about).isNotNull();
    assertThat(cost.round(DIGITS))
        .as("cost of " + about)
        .isEqualByComparingTo(bill.cost().round(DIGITS));
  }

  private RequestFacts request(BillAnswer answer) {
    RequestHead head =
        new RequestHead("POST", "https", answer.host, 443, answer.path, null, name -> null);
    return protocols.recognise(head, answer.request.getBytes(StandardCharsets.UTF_8));
  }

  private static ResponseFacts response(RequestFacts request, String body) {
    ResponseReader reader = request.protocol().reader(request, 200, null);
    reader.feed(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    reader.end();
    return reader.facts();
  }

  private CallRecord price(String host, RequestFacts request, ResponseFacts response) {
    AttemptRecord attempt =
        AttemptRecord.builder(1, host, host, 443)
            .request(request)
            .response(response)
            .usage(response.usage())
            .contentSeen(true)
            .delivered(true)
            .outcome(Outcome.SUCCESS, 200, null)
            .build();
    return pricing.price(
        CallRecord.builder("c", request)
            .attempts(Collections.singletonList(attempt))
            .outcome(attempt.outcome(), attempt.status(), attempt.errorType())
            .build());
  }
}
