package io.flyball.engine.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.breaker.CircuitBreakers.Permit;
import io.flyball.engine.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any course of events, against a model that remembers everything. */
class CircuitBreakersPropertyTest {
  private static final long WINDOW = 1_000;
  private static final long OPEN = 300;
  private static final long LONGEST = 700;
  private static final int MIN_CALLS = 3;

  private enum Kind {
    ACQUIRE,
    SUCCESS,
    FAILURE,
    NEUTRAL,
    WAIT
  }

  private static final class Event {
    final Kind kind;
    final int number;

    Event(Kind kind, int number) {
      this.kind = kind;
      this.number = number;
    }

    @Override
    public String toString() {
      return kind + " " + number;
    }
  }

  @Provide
  Arbitrary<List<Event>> events() {
    return Combinators.combine(
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(5, Arbitraries.just(Kind.ACQUIRE)),
                net.jqwik.api.Tuple.of(2, Arbitraries.just(Kind.SUCCESS)),
                net.jqwik.api.Tuple.of(4, Arbitraries.just(Kind.FAILURE)),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(Kind.NEUTRAL)),
                net.jqwik.api.Tuple.of(2, Arbitraries.just(Kind.WAIT))),
            Arbitraries.integers().between(0, 400))
        .as(Event::new)
        .list()
        .ofMaxSize(120);
  }

  @Property(tries = 2_000)
  void itDoesWhatTheModelDoes(@ForAll @From("events") List<Event> events) {
    ManualTime time = new ManualTime();
    CircuitBreakers breakers = new CircuitBreakers(time);
    breakers.configure(
        new BreakerSettings(0.5, null, 1, MIN_CALLS, WINDOW, OPEN).withLongestAttempt(LONGEST));
    Model model = new Model();
    List<Permit> permits = new ArrayList<>();
    List<Model.Grant> grants = new ArrayList<>();
    for (Event event : events) {
      switch (event.kind) {
        case WAIT:
          // In whole steps, so that the model can count exactly what the steps of the window hold.
          time.advanceNanos(event.number / 100 * 100);
          model.now += event.number / 100 * 100;
          break;
        case ACQUIRE:
          Permit permit = breakers.tryAcquire("k");
          Model.Grant grant = model.acquire();
          assertThat(permit == null).isEqualTo(grant == null);
          if (permit != null) {
            permits.add(permit);
            grants.add(grant);
          }
          break;
        default:
          if (!permits.isEmpty()) {
            int which = event.number % permits.size();
            report(permits.get(which), event.kind);
            model.report(grants.get(which), event.kind);
          }
      }
      if (!breakers.states().isEmpty()) {
        assertThat(breakers.states().get(0).state()).isEqualTo(model.state);
      }
    }
  }

  private static void report(Permit permit, Kind kind) {
    if (kind == Kind.SUCCESS) {
      permit.success(1);
    } else if (kind == Kind.FAILURE) {
      permit.failure(1);
    } else {
      permit.neutral();
    }
  }

  private static final class Model {
    static final class Grant {
      final boolean probe;
      final int closings;
      boolean reported;

      Grant(boolean probe, int closings) {
        this.probe = probe;
        this.closings = closings;
      }
    }

    CircuitState state = CircuitState.CLOSED;
    long now;
    private int closings;
    private long openedAt;
    private Grant probe;
    private long probedAt;
    private final List<long[]> outcomes = new ArrayList<>();

    Grant acquire() {
      if (state == CircuitState.CLOSED) {
        return new Grant(false, closings);
      }
      boolean waiting = state == CircuitState.OPEN && now - openedAt < OPEN;
      boolean probing = probe != null && now - probedAt < LONGEST;
      if (waiting || probing) {
        return null;
      }
      state = CircuitState.HALF_OPEN;
      probe = new Grant(true, closings);
      probedAt = now;
      return probe;
    }

    void report(Grant grant, Kind kind) {
      if (grant.reported) {
        return;
      }
      grant.reported = true;
      if (grant == probe) {
        probe = null;
        if (kind == Kind.SUCCESS) {
          state = CircuitState.CLOSED;
          closings++;
        } else if (kind == Kind.FAILURE) {
          open();
        }
      } else if (!grant.probe
          && grant.closings == closings
          && state == CircuitState.CLOSED
          && kind != Kind.NEUTRAL) {
        outcomes.add(new long[] {now, kind == Kind.FAILURE ? 1 : 0});
        long calls = outcomes.stream().filter(this::counts).count();
        long failures = outcomes.stream().filter(this::counts).filter(o -> o[1] == 1).count();
        if (calls >= MIN_CALLS && failures > 0 && failures * 2 >= calls) {
          open();
        }
      }
    }

    private boolean counts(long[] outcome) {
      return now - outcome[0] < WINDOW;
    }

    private void open() {
      state = CircuitState.OPEN;
      openedAt = now;
      outcomes.clear();
    }
  }
}
