package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Usage;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An application may read an answer whose encoding is another than its label says, and its provider
 * has it paid: it is charged, whatever is made of the label.
 */
class WrongLabelTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MOST = 1_000;
  private static final int ANSWER_TOKENS = 10;

  private static final String STREAM =
      ReliabilityHarness.chunk("Hello")
          + ReliabilityHarness.finish()
          + "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
          + "\"completion_tokens\":1,\"total_tokens\":10}}\n\n"
          + ReliabilityHarness.DONE;

  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final CallPricing pricing = new CallPricing(PriceCatalogue.builtIn(), estimate);
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
  private final ReliabilityHarness harness =
      new ReliabilityHarness(
          Policies.builder()
              .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
              .retry(
                  3,
                  new Backoff(SECOND / 2, SECOND, () -> 1.0),
                  new RetryBudget(0.2, 100, new ManualTime()))
              .budgets(
                  new BudgetSettings(Collections.singletonList(budget()), false, 0),
                  ledger,
                  new CostBounds(
                      PriceCatalogue.builtIn()::priceOf,
                      (provider, host, model) -> 16_384,
                      estimate::atMost))
              .build(),
          pricing);

  private static Budget budget() {
    return new Budget(
        "t",
        BudgetUnit.TOKENS,
        1_000_000,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        Budget.Action.BLOCK,
        null,
        0.8);
  }

  private enum Wrong {
    PLAIN_UNDER_GZIP("gzip") {
      @Override
      byte[] encode(byte[] plain) {
        return plain;
      }
    },
    PLAIN_UNDER_DEFLATE("deflate") {
      @Override
      byte[] encode(byte[] plain) {
        // Events may begin as bytes in deflate do.
        return plain[0] == '{' ? plain : gzip(plain);
      }
    },
    PLAIN_UNDER_A_CHARSET("utf-8") {
      @Override
      byte[] encode(byte[] plain) {
        return plain;
      }
    },
    PLAIN_UNDER_BROTLI("br, gzip") {
      @Override
      byte[] encode(byte[] plain) {
        return plain;
      }
    },
    GZIP_UNDER_SOMETHING("aws-chunked") {
      @Override
      byte[] encode(byte[] plain) {
        return gzip(plain);
      }
    },
    GZIP_WITHOUT_LABEL(null) {
      @Override
      byte[] encode(byte[] plain) {
        return gzip(plain);
      }
    },
    GZIP_TWICE_WITHOUT_LABEL(null) {
      @Override
      byte[] encode(byte[] plain) {
        return gzip(gzip(plain));
      }
    },
    GZIP_TWICE("gzip") {
      @Override
      byte[] encode(byte[] plain) {
        return gzip(gzip(plain));
      }
    },
    ZLIB_UNDER_GZIP("gzip") {
      @Override
      byte[] encode(byte[] plain) {
        return zlib(plain);
      }
    },
    GZIP_UNDER_DEFLATE("deflate") {
      @Override
      byte[] encode(byte[] plain) {
        return gzip(plain);
      }
    },
    WRONG_CHECK_SUM("deflate") {
      @Override
      byte[] encode(byte[] plain) {
        byte[] bytes = zlib(plain);
        bytes[bytes.length - 2] ^= 1;
        return bytes;
      }
    };

    final String label;

    Wrong(String label) {
      this.label = label;
    }

    abstract byte[] encode(byte[] plain);
  }

  private interface Encoder {
    OutputStream around(OutputStream out) throws IOException;
  }

  private static byte[] gzip(byte[] plain) {
    return encoded(plain, GZIPOutputStream::new);
  }

  private static byte[] zlib(byte[] plain) {
    return encoded(plain, DeflaterOutputStream::new);
  }

  private static byte[] encoded(byte[] plain, Encoder encoder) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = encoder.around(bytes)) {
      out.write(plain);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.toByteArray();
  }

  /** Asks and reads all of an answer that comes in pieces of that size. */
  private byte[] ask(boolean stream, String label, byte[] answer, int piece) throws Exception {
    List<Object> pieces = new ArrayList<>();
    for (int at = 0; at < answer.length; at += piece) {
      pieces.add(Arrays.copyOfRange(answer, at, Math.min(answer.length, at + piece)));
    }
    pieces.add(null);
    Headers.Builder headers = Headers.builder();
    headers.add("Content-Type", stream ? "text/event-stream" : "application/json");
    if (label != null) {
      headers.add("Content-Encoding", label);
    }
    harness.upstream.responds(200, headers.build(), Pieces.of(pieces.toArray()));
    WireResponse response =
        harness
            .call(
                "{\"model\":\"gpt-4o-mini\",\"max_tokens\":1000,\"stream\":"
                    + stream
                    + ",\"stream_options\":{\"include_usage\":true},"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    return bytes(response);
  }

  private AttemptRecord settled() {
    assertThat(harness.upstream.sent).hasSize(1);
    CallRecord priced = pricing.price(harness.onlyRecord());
    new SettlingListener().callEnded(priced);
    assertThat(ledger.states(0).get(0).reserved()).isZero();
    assertThat(harness.errors.counts()).isEmpty();
    harness.records.clear();
    harness.upstream.sent.clear();
    return priced.attempts().get(0);
  }

  private long used() {
    return ledger.states(0).get(0).used();
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  void whatWasDeliveredIsCharged(Wrong wrong) throws Exception {
    long charged = 0;
    for (boolean stream : new boolean[] {false, true}) {
      for (int piece : new int[] {1, 2, 7, 10_000}) {
        byte[] sent = wrong.encode((stream ? STREAM : OK).getBytes(StandardCharsets.UTF_8));

        assertThat(ask(stream, wrong.label, sent, piece)).isEqualTo(sent);
        AttemptRecord attempt = settled();

        assertThat(attempt.usage()).isNotNull();
        assertThat(attempt.usage().source()).isEqualTo(Usage.Source.REPORTED);
        assertThat(attempt.usage().total()).isEqualTo(ANSWER_TOKENS);
        assertThat(attempt.costUsd()).isPositive();
        charged += ANSWER_TOKENS;
        assertThat(used()).isEqualTo(charged);
      }
    }
  }

  @Test
  void whatBreaksInItsCodingKeepsWhatWasSetAside() throws Exception {
    byte[] sent = gzip(OK.getBytes(StandardCharsets.UTF_8));
    Arrays.fill(sent, sent.length / 2, sent.length, (byte) 0xff);
    ask(false, "gzip", sent, 10_000);

    AttemptRecord attempt = settled();
    assertThat(attempt.openEnded()).isTrue();
    assertThat(used()).isGreaterThanOrEqualTo(MOST);
  }

  @Test
  void bytesOfNoTextWithoutLabelKeepWhatWasSetAside() throws Exception {
    ask(false, null, new byte[] {0x1b, 1, 2, (byte) 0xf0, 3, 4, 5, 6, 7}, 10_000);

    AttemptRecord attempt = settled();
    assertThat(attempt.openEnded()).isTrue();
    assertThat(used()).isGreaterThanOrEqualTo(MOST);
  }

  @Test
  void aWebPageIsNoAnswerHoweverItIsPacked() throws Exception {
    byte[] page = "<html><body>Sign in, please</body></html>".getBytes(StandardCharsets.UTF_8);
    ask(false, null, page, 10_000);
    settled();
    ask(false, null, gzip(page), 10_000);
    settled();
    ask(false, "gzip", page, 10_000);
    settled();
    ask(false, "gzip", gzip(page), 10_000);
    settled();

    assertThat(used()).isZero();
  }
}
