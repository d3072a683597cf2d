package io.flyball.engine.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Cancellation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Any course of events, against a model that remembers everything and looks at it every second. */
class LimiterPropertyTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NONE = Limits.UNLIMITED;
  private static final Limits GLOBAL = new Limits(3, NONE, 100);
  private static final Limits TENANT = new Limits(NONE, 4, 60);
  private static final Limits TARGET = new Limits(2, 6, NONE);

  private enum Kind {
    ARRIVE,
    RELEASE,
    SETTLE,
    GIVE_BACK,
    CANCEL,
    WAIT
  }

  private static final class Event {
    final Kind kind;
    final int one;
    final int two;

    Event(Kind kind, int one, int two) {
      this.kind = kind;
      this.one = one;
      this.two = two;
    }

    @Override
    public String toString() {
      return kind + " " + one + " " + two;
    }
  }

  @Provide
  Arbitrary<List<Event>> events() {
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(Kind.ARRIVE)),
                Tuple.of(4, Arbitraries.just(Kind.RELEASE)),
                Tuple.of(2, Arbitraries.just(Kind.SETTLE)),
                Tuple.of(1, Arbitraries.just(Kind.GIVE_BACK)),
                Tuple.of(1, Arbitraries.just(Kind.CANCEL)),
                Tuple.of(4, Arbitraries.just(Kind.WAIT))),
            Arbitraries.integers().between(0, 1_000),
            Arbitraries.integers().between(0, 1_000))
        .as(Event::new)
        .list()
        .ofMaxSize(150);
  }

  @Property(tries = 1_000)
  void itDoesWhatTheModelDoes(@ForAll @From("events") List<Event> events) {
    ManualTime time = new ManualTime();
    Limiter limiter = new Limiter(time, time);
    Map<LimitScope, Limits> each = new EnumMap<>(LimitScope.class);
    each.put(LimitScope.GLOBAL, GLOBAL);
    each.put(LimitScope.TENANT, TENANT);
    each.put(LimitScope.TARGET, TARGET);
    limiter.configure(new LimitSettings(each, Collections.emptyMap(), false));
    Model model = new Model();
    List<Asked> all = new ArrayList<>();
    for (Event event : events) {
      switch (event.kind) {
        case WAIT:
          for (int i = 0; i < 1 + event.one % 40; i++) {
            time.advanceNanos(SECOND);
            model.second();
            check(all);
          }
          break;
        case ARRIVE:
          Asked asked = new Asked(event.one, event.two);
          all.add(asked);
          asked.future =
              limiter
                  .acquire(
                      asked.request(),
                      asked.maxWaitSeconds * SECOND + SECOND / 2,
                      asked.cancellation,
                      Runnable::run)
                  .toCompletableFuture();
          model.arrive(asked);
          break;
        default:
          if (!all.isEmpty()) {
            change(event, all.get(event.one % all.size()), model);
          }
      }
      check(all);
    }
    for (Asked asked : all) {
      if (asked.state == State.PASSED) {
        lease(asked).release();
        model.release(asked);
      }
    }
    for (int i = 0; i < 400; i++) {
      time.advanceNanos(SECOND);
      model.second();
      for (Asked asked : all) {
        if (asked.state == State.PASSED && !asked.released) {
          lease(asked).release();
          model.release(asked);
        }
      }
    }
    check(all);
    assertThat(all).noneMatch(asked -> asked.state == State.WAITS);
    assertThat(time.scheduled()).isZero();
    assertThat(limiter.states())
        .allSatisfy(
            state -> {
              assertThat(state.underWay()).isZero();
              assertThat(state.waiting()).isZero();
              assertThat(state.requests()).isZero();
              assertThat(state.tokens()).isZero();
            });
  }

  /** Of one who passed, as the model says; the limiter must say so, too. */
  private static Lease lease(Asked asked) {
    assertThat(asked.future).isCompleted();
    return asked.future.join().lease();
  }

  private static void change(Event event, Asked asked, Model model) {
    if (event.kind == Kind.CANCEL) {
      if (asked.state == State.WAITS) {
        asked.cancellation.cancel(new IllegalStateException("cancelled"));
        model.cancel(asked);
      }
    } else if (asked.state == State.PASSED) {
      Lease lease = asked.future.join().lease();
      if (event.kind == Kind.RELEASE) {
        lease.release();
        model.release(asked);
      } else if (event.kind == Kind.GIVE_BACK) {
        lease.giveBack();
        model.giveBack(asked);
      } else {
        int used = event.two % (asked.counted + 1);
        lease.settle(used);
        model.settle(asked, used);
      }
    }
  }

  private static void check(List<Asked> all) {
    for (Asked asked : all) {
      State state;
      if (!asked.future.isDone()) {
        state = State.WAITS;
      } else if (asked.future.isCompletedExceptionally()) {
        state = State.CANCELLED;
      } else {
        state = asked.future.join().isGranted() ? State.PASSED : State.REFUSED;
      }
      assertThat(state).as("call %s", all.indexOf(asked)).isEqualTo(asked.state);
    }
  }

  private enum State {
    WAITS,
    PASSED,
    REFUSED,
    CANCELLED
  }

  private static final class Asked {
    final String tenant;
    final String target;
    final int tokens;
    final int maxWaitSeconds;
    final Cancellation cancellation = new Cancellation();
    CompletableFuture<Admission> future;
    State state = State.WAITS;
    boolean released;
    boolean requestCounts = true;
    int counted;
    int arrivedAt;
    int passedAt;

    Asked(int one, int two) {
      String[] tenants = {"a", "b", null};
      String[] targets = {"x", "y", null};
      this.tenant = tenants[one % 3];
      this.target = targets[one / 3 % 3];
      this.tokens = 1 + two % 60;
      this.maxWaitSeconds = one / 9 % 90;
    }

    LimitRequest request() {
      return LimitRequest.ofCall(new Attribution(tenant, null, null, null, null, null), tokens)
          .at(target, null);
    }

    List<String> keys() {
      List<String> keys = new ArrayList<>();
      keys.add("all");
      if (target != null) {
        keys.add("target " + target);
      }
      if (tenant != null) {
        keys.add("tenant " + tenant);
      }
      return keys;
    }
  }

  private static final class Model {
    private final List<Asked> waiting = new ArrayList<>();
    private final List<Asked> passed = new ArrayList<>();
    private int now;

    void second() {
      // Waits end at half seconds.
      for (Asked asked : new ArrayList<>(waiting)) {
        if (asked.state == State.WAITS && now - asked.arrivedAt >= asked.maxWaitSeconds) {
          waiting.remove(asked);
          asked.state = State.REFUSED;
          letPass();
        }
      }
      now++;
      letPass();
    }

    void arrive(Asked asked) {
      asked.arrivedAt = now;
      waiting.add(asked);
      letPass();
    }

    void cancel(Asked asked) {
      waiting.remove(asked);
      asked.state = State.CANCELLED;
      letPass();
    }

    void release(Asked asked) {
      asked.released = true;
      letPass();
    }

    void settle(Asked asked, int used) {
      asked.counted = used;
      letPass();
    }

    void giveBack(Asked asked) {
      if (!asked.released) {
        asked.counted = 0;
        asked.requestCounts = false;
        asked.released = true;
        letPass();
      }
    }

    private void letPass() {
      Set<String> blocked = new HashSet<>();
      for (Asked asked : new ArrayList<>(waiting)) {
        boolean passes = true;
        for (String key : asked.keys()) {
          if (blocked.contains(key)) {
            passes = false;
          } else if (!hasRoom(key, asked.tokens)) {
            passes = false;
            blocked.add(key);
          }
        }
        if (passes) {
          waiting.remove(asked);
          passed.add(asked);
          asked.state = State.PASSED;
          asked.passedAt = now;
          asked.counted = asked.tokens;
        }
      }
    }

    private boolean hasRoom(String key, int tokens) {
      Limits limits = key.equals("all") ? GLOBAL : key.startsWith("tenant") ? TENANT : TARGET;
      long underWay = 0;
      long requests = 0;
      long counted = 0;
      for (Asked asked : passed) {
        if (asked.keys().contains(key)) {
          underWay += asked.released ? 0 : 1;
          if (now - asked.passedAt < 61) {
            requests += asked.requestCounts ? 1 : 0;
            counted += asked.counted;
          }
        }
      }
      return underWay < limits.concurrency()
          && requests < limits.rpm()
          && counted + tokens <= limits.tpm();
    }
  }
}
