package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.time.Timer;
import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever an endpoint that answers every request of the application's at once does with the field
 * that Flyball adds, and however its client stops waiting: at most one call ends otherwise than it
 * would have without.
 */
class AskedEndpointLawTest {
  private static final String URL = "https://models.example.test/v1/chat/completions";
  private static final String WHOLE = wholeStream("Hello");
  private static final int CALLS = 8;
  private static final long STEP = 100;
  private static final String USAGE =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{"
          + "\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}\n\n";

  /** What comes of an answer to a request that asks, piece by piece. */
  private static final String[] PIECES = {": hi\n\n", chunk("Hello"), finish(), USAGE, DONE};

  /** What the endpoint does where it does not go on. */
  enum Stop {
    SILENCE,
    PINGS,
    RESET,
    END
  }

  /** How the application stops waiting. */
  enum Limit {
    /** It waits so long for each byte. */
    READ_TIMEOUT,
    /** Its client ends the whole call, and says how long that is. */
    CALL_TIMEOUT,
    /** It cancels the call from elsewhere. */
    CANCEL,
    /** It forgets the call, which goes on for ever. */
    ABANDON
  }

  /** What an endpoint does with the field. */
  static final class Reaction {
    final int status;
    final String refusal;
    final int pieces;
    final Stop stop;
    final long before;
    final long between;

    /**
     * @param status 200 for a stream of so many pieces, whose head is the first; else a refusal
     * @param before milliseconds to the head
     * @param between milliseconds to each piece
     */
    Reaction(int status, String refusal, int pieces, Stop stop, long before, long between) {
      this.status = status;
      this.refusal = refusal;
      this.pieces = pieces;
      this.stop = stop;
      this.before = before;
      this.between = between;
    }

    boolean neverEnds() {
      return status == 200
          && pieces <= PIECES.length
          && (stop == Stop.SILENCE || (stop == Stop.PINGS && pieces > 0));
    }

    @Override
    public String toString() {
      return status == 200
          ? pieces + " pieces, then " + stop + ", after " + before + ", each after " + between
          : status + " " + refusal + " after " + before;
    }
  }

  @Provide
  Arbitrary<Reaction> reactions() {
    Arbitrary<Long> delays = Arbitraries.of(0L, 100L, 300L, 700L, 3000L);
    Arbitrary<Reaction> streams =
        Combinators.combine(
                Arbitraries.integers().between(0, PIECES.length + 1),
                Arbitraries.of(Stop.class),
                delays,
                delays)
            .as((pieces, stop, before, between) -> stream(pieces, stop, before, between));
    Arbitrary<Reaction> refusals =
        Combinators.combine(
                Arbitraries.of(204, 302, 400, 401, 403, 404, 409, 415, 422, 429, 500, 502, 503),
                Arbitraries.of(
                    "",
                    "{\"error\":{\"message\":\"Unknown field: stream_options\"}}",
                    "{\"error\":{\"message\":\"x\",\"type\":\"rate_limit_error\"}}",
                    "<html>no</html>"),
                delays)
            .as((status, words, before) -> new Reaction(status, words, 0, null, before, 0));
    return Arbitraries.oneOf(streams, streams, refusals);
  }

  /** A clean end behind the finish reason is a whole stream, as far as anybody can tell. */
  private static Reaction stream(int pieces, Stop stop, long before, long between) {
    boolean whole = pieces > 3 && pieces <= PIECES.length;
    return new Reaction(
        200, null, pieces, whole && stop == Stop.END ? Stop.RESET : stop, before, between);
  }

  @Property(tries = 700)
  void whateverAnEndpointDoesWithTheFieldItDoesToOneCall(
      @ForAll("reactions") Reaction reaction,
      @ForAll Limit limit,
      @ForAll("limits") long millis,
      @ForAll boolean repeats,
      @ForAll("pauses") long pause)
      throws Exception {
    // That nobody waits any more for a call that ends well in the end cannot be seen.
    Assume.that(limit != Limit.ABANDON || reaction.neverEnds());
    ReliabilityHarness harness = harness(repeats ? 3 : 1);
    Endpoint endpoint = new Endpoint(harness.clock, reaction, limit, millis);
    List<String> otherwise = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      String got = read(harness, endpoint, limit, millis, i);
      if (!got.equals(WHOLE)) {
        otherwise.add(i + ": " + got);
      }
      harness.clock.advanceMillis(pause);
    }
    assertThat(otherwise).hasSizeLessThanOrEqualTo(1);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Provide
  Arbitrary<Long> limits() {
    return Arbitraries.of(200L, 500L, 1200L, 5000L);
  }

  @Provide
  Arbitrary<Long> pauses() {
    return Arbitraries.of(0L, 1000L, TimeUnit.MINUTES.toMillis(2), TimeUnit.HOURS.toMillis(2));
  }

  private static ReliabilityHarness harness(int attempts) {
    return new ReliabilityHarness(
        Policies.builder()
            .limits(new Limiter(new ManualTime(), new ManualTime()), 0)
            .retry(
                RetrySettings.usual(attempts),
                new Backoff(1, 1, () -> 0),
                new RetryBudget(1, 1000, TimeSource.SYSTEM))
            .streamRecovery(StreamRecovery.SPLICE)
            .build());
  }

  /** What the application has of a call when it stops waiting: all of it, or something else. */
  private static String read(
      ReliabilityHarness harness, Endpoint endpoint, Limit limit, long millis, int index)
      throws Exception {
    // Two models and two credentials, as endpoints have.
    String body =
        "{\"model\":\"m"
            + index / 2 % 2
            + "\",\"stream\":true,\"messages\":[{\"role\":\"user\","
            + "\"content\":\"Hi\"}]}";
    GovernedCall call = harness.callAt(URL, body, "Authorization", "Bearer " + index / 4);
    endpoint.callBegins();
    Reading reading = new Reading();
    call.executeAsync(endpoint, Runnable::run)
        .whenComplete(
            (response, failure) -> {
              if (failure == null && response.status() == 200) {
                reading.readOn(response);
              } else {
                reading.ends(failure == null ? "status " + response.status() : "" + failure);
              }
            });
    // Whoever waits for a byte only waits as long as there are some.
    long step = limit == Limit.READ_TIMEOUT ? 10 * STEP : STEP;
    long end = limit == Limit.READ_TIMEOUT ? 30 * step : millis + step;
    for (long waited = 0; waited < end && !reading.ended.isDone(); waited += step) {
      harness.clock.advanceMillis(step);
    }
    if (limit == Limit.CANCEL && !reading.ended.isDone()) {
      reading.ends("cancelled with " + reading.text);
      call.cancel();
    }
    return reading.ended.isDone() ? reading.ended.get() : "abandoned with " + reading.text;
  }

  /** Reads as a client does; what it is given late is nobody's. */
  private static final class Reading {
    final CompletableFuture<String> ended = new CompletableFuture<>();
    final StringBuffer text = new StringBuffer();

    void ends(String how) {
      ended.complete(how);
    }

    void readOn(WireResponse response) {
      response
          .body()
          .read()
          .whenComplete(
              (bytes, failure) -> {
                if (failure != null) {
                  ends(failure + " after " + text);
                } else if (bytes == null) {
                  ends(text.toString().replace(": hi\n\n", ""));
                } else {
                  text.append(StandardCharsets.UTF_8.decode(bytes.duplicate()));
                  readOn(response);
                }
              });
    }
  }

  /** The endpoint with its client: answers at once what does not ask. */
  private static final class Endpoint implements Transport {
    private final ManualTime clock;
    private final Reaction reaction;
    private final Limit limit;
    private final long millis;
    private long began;

    Endpoint(ManualTime clock, Reaction reaction, Limit limit, long millis) {
      this.clock = clock;
      this.reaction = reaction;
      this.limit = limit;
      this.millis = millis;
    }

    void callBegins() {
      began = clock.nanoTime();
    }

    @Override
    public long nanosLeft() {
      return limit == Limit.CALL_TIMEOUT
          ? TimeUnit.MILLISECONDS.toNanos(millis) - (clock.nanoTime() - began)
          : -1;
    }

    @Override
    public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
      boolean asks = new String(request.body(), StandardCharsets.UTF_8).contains("include_usage");
      if (!asks) {
        ScriptedTransport.Pieces whole = ScriptedTransport.Pieces.of(WHOLE, null);
        return CompletableFuture.completedFuture(ScriptedTransport.stream(whole));
      }
      CompletableFuture<WireResponse> head = new CompletableFuture<>();
      Wire wire = new Wire(head);
      cancellation.onCancel(() -> wire.fail(new IOException("Canceled")));
      wire.begin();
      return head;
    }

    /** One answer to a request that asks. */
    private final class Wire {
      private final CompletableFuture<WireResponse> head;
      private final ScriptedTransport.Pieces body = new ScriptedTransport.Pieces();
      private Timer.Scheduled readTimeout;
      private boolean over;

      Wire(CompletableFuture<WireResponse> head) {
        this.head = head;
      }

      void begin() {
        if (limit == Limit.CALL_TIMEOUT) {
          clock.schedule(nanosLeft(), () -> fail(new InterruptedIOException("timeout")));
        }
        waitForMore();
        clock.schedule(TimeUnit.MILLISECONDS.toNanos(reaction.before), () -> goOn(0));
      }

      private void waitForMore() {
        if (limit == Limit.READ_TIMEOUT) {
          if (readTimeout != null) {
            readTimeout.cancel();
          }
          readTimeout =
              clock.schedule(
                  TimeUnit.MILLISECONDS.toNanos(millis),
                  () -> fail(new SocketTimeoutException("Read timed out")));
        }
      }

      void fail(Throwable failure) {
        if (!over) {
          over = true;
          head.completeExceptionally(failure);
          body.give(failure);
        }
      }

      private void goOn(int piece) {
        if (over) {
          return;
        }
        if (reaction.status != 200) {
          over = true;
          head.complete(
              WireResponse.received(
                  reaction.status,
                  Headers.of("Content-Type", "application/json"),
                  Bodies.of(reaction.refusal.getBytes(StandardCharsets.UTF_8)),
                  new Object()));
        } else if (piece == reaction.pieces) {
          stop();
        } else {
          waitForMore();
          if (piece == 0) {
            head.complete(ScriptedTransport.stream(body));
          } else {
            body.give(PIECES[piece - 1]);
          }
          clock.schedule(TimeUnit.MILLISECONDS.toNanos(reaction.between), () -> goOn(piece + 1));
        }
      }

      private void stop() {
        switch (reaction.stop) {
          case RESET:
            fail(new IOException("Connection reset"));
            break;
          case END:
            if (reaction.pieces == 0) {
              fail(new IOException("unexpected end of stream"));
            } else {
              over = true;
              body.give(null);
            }
            break;
          case PINGS:
            if (reaction.pieces > 0 && !over) {
              waitForMore();
              body.give(": hi\n\n");
              clock.schedule(TimeUnit.MILLISECONDS.toNanos(STEP), this::stop);
            }
            break;
          default:
        }
      }
    }
  }
}
