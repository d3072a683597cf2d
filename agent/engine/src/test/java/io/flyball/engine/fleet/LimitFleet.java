package io.flyball.engine.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ReportedErrors;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.limit.Admission;
import io.flyball.engine.limit.Lease;
import io.flyball.engine.limit.LimitRequest;
import io.flyball.engine.limit.LimitScope;
import io.flyball.engine.limit.LimitSettings;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.limit.Limits;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Cancellation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

/** JVMs that have rate limits together, in one. */
abstract class LimitFleet {
  private static final long SECOND = 1_000_000_000L;
  static final long OFF = Limits.UNLIMITED;

  final ManualTime time = new ManualTime();
  final MemoryServer server = new MemoryServer(time);
  private final ReportedErrors errors = new ReportedErrors();
  final List<String> log = new ArrayList<>();
  final List<Jvm> jvms = new ArrayList<>();
  Jvm one;
  Jvm other;

  @AfterEach
  void nothingFailedInside() {
    assertThat(errors.counts()).isEmpty();
  }

  /** What one process does; its thread runs when the test says so. */
  final class Jvm {
    final Limiter limiter;
    final Fleet fleet;
    final List<CompletableFuture<Admission>> asked = new ArrayList<>();
    final List<Lease> underWay = new ArrayList<>();

    /** When calls passed, and with how many tokens. */
    final Deque<long[]> passed = new ArrayDeque<>();

    long calls;
    int refused;
    boolean isCutOff;
    Admission last;

    Jvm(Limits limits, boolean exact) {
      this(limits, exact, time);
    }

    Jvm(Limits limits, boolean exact, TimeSource clock) {
      String name = "jvm" + jvms.size();
      fleet =
          new Fleet(
              exact ? FleetSettings.exact(name) : FleetSettings.slices(name, 0.05),
              server.connector(() -> isCutOff),
              "redis://test",
              time,
              log::add,
              errors);
      limiter = new Limiter(clock, time, fleet);
      configure(limits, true);
      fleet.attach(Collections.singletonList(limiter));
      jvms.add(this);
    }

    void configure(Limits limits, boolean shared) {
      Map<LimitScope, Limits> each = new EnumMap<>(LimitScope.class);
      each.put(LimitScope.TENANT, limits);
      limiter.configure(new LimitSettings(each, Collections.emptyMap(), false, shared));
    }

    /** A call of one tenant that waits so long. */
    void call(long tokens, long waitSeconds) {
      call("acme", tokens, waitSeconds);
    }

    void call(String tenant, long tokens, long waitSeconds) {
      CompletableFuture<Admission> answer =
          limiter
              .acquire(
                  LimitRequest.ofCall(
                      new Attribution(tenant, null, null, null, null, null), tokens),
                  waitSeconds * SECOND,
                  new Cancellation(),
                  Runnable::run)
              .toCompletableFuture();
      asked.add(answer);
      answer.thenAccept(
          admission -> {
            last = admission;
            if (admission.isGranted()) {
              calls++;
              underWay.add(admission.lease());
              passed.add(new long[] {time.nanoTime(), tokens});
            } else {
              refused++;
            }
          });
    }

    /** Those as well that only pass because of it. */
    void endAll() {
      while (!underWay.isEmpty()) {
        underWay.remove(0).release();
      }
    }

    long waiting() {
      return asked.stream().filter(each -> !each.isDone()).count();
    }

    long lastMinute(boolean tokens) {
      for (Iterator<long[]> each = passed.iterator(); each.hasNext(); ) {
        if (time.nanoTime() - each.next()[0] >= 60 * SECOND) {
          each.remove();
        }
      }
      return passed.stream().mapToLong(each -> tokens ? each[1] : 1).sum();
    }

    /** It is gone; nobody else knows. */
    void kill() {
      jvms.remove(this);
    }
  }

  Jvm jvm(Limits limits) {
    return new Jvm(limits, false);
  }

  /** A fleet of two, when its store is ready. */
  void two(Limits limits) {
    one = jvm(limits);
    other = jvm(limits);
    settle();
  }

  static Limits rpm(long rpm) {
    return new Limits(OFF, rpm, OFF);
  }

  void pass(long millis) {
    for (long at = 0; at < millis; at += 50) {
      time.advanceMillis(50);
      for (Jvm jvm : jvms) {
        jvm.fleet.step();
      }
    }
  }

  /** Everybody is there, and something was granted once. */
  void settle() {
    pass(3_000);
  }
}
