package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Every user of every day may have an account: none of them may cost the others anything. */
class ManyAccountsTest {
  private static final long NOW = 1_764_000_000_000L;
  private static final Amounts ONE = new Amounts(0, 0, 1);

  private static final List<Budget> BUDGETS =
      Collections.singletonList(
          new Budget(
              "calls",
              BudgetUnit.CALLS,
              10,
              BudgetWindow.of("1d", ZoneOffset.UTC),
              EnumSet.of(Budget.Dimension.TENANT),
              Budget.Action.BLOCK,
              null,
              0.8));

  private final AtomicInteger freed = new AtomicInteger();
  private final Ledger ledger = new Ledger(this::slot, alert -> {});

  private AccountStore.Slot slot(String key) {
    AccountStore.Slot nothing = AccountStore.MEMORY.open(key);
    return new AccountStore.Slot() {
      @Override
      public long windowStart() {
        return nothing.windowStart();
      }

      @Override
      public long used() {
        return nothing.used();
      }

      @Override
      public void begin(long start, long end, long spent) {}

      @Override
      public void write(long used, long reserved) {}

      @Override
      public void free() {
        freed.incrementAndGet();
      }
    };
  }

  private Reservation reserve(String tenant, long now) {
    return ledger
        .reserve(BUDGETS, new Attribution(tenant, null, null, null, null, null), "m", ONE, now)
        .reservation();
  }

  private void spend(String tenant, long now) {
    reserve(tenant, now).settle(ONE);
  }

  @Test
  void accountsOfWindowsThatAreOverAreForgotten() {
    Reservation open = reserve("open", NOW);
    for (int day = 0; day < 10; day++) {
      for (int i = 0; i < 1_000; i++) {
        spend(day + "-" + i, NOW + TimeUnit.DAYS.toMillis(day));
      }
    }
    long later = NOW + TimeUnit.DAYS.toMillis(9);
    List<BudgetState> states = ledger.states(later);
    assertThat(states).hasSizeLessThan(2_000);
    assertThat(states.stream().filter(state -> state.used() > 0)).hasSize(1_000);
    open.settle(ONE);
    assertThat(ledger.states(later).stream().filter(state -> state.used() > 0)).hasSize(1_000);
  }

  /** All of them at once would hold up every call. */
  @Test
  void noCallForgetsMoreThanAFew() {
    int accounts = 5_000;
    for (int i = 0; i < accounts; i++) {
      spend("today-" + i, NOW);
    }
    assertThat(freed.get()).isZero();
    long tomorrow = NOW + TimeUnit.DAYS.toMillis(1);
    int most = 0;
    for (int i = 0; freed.get() < accounts; i++) {
      int before = freed.get();
      spend("tomorrow-" + i, tomorrow);
      most = Math.max(most, freed.get() - before);
      assertThat(i).as("new accounts until all the old ones are gone").isLessThan(accounts);
    }
    assertThat(most).isBetween(1, 2);
    spend("today-7", tomorrow);
    assertThat(ledger.states(tomorrow))
        .allMatch(state -> state.used() == 1)
        .extracting(BudgetState::account)
        .contains("calls|=today-7");
  }

  @Test
  void whoIsForgottenBeginsAnewAndNobodyElseDoes() {
    for (int i = 0; i < 3_000; i++) {
      spend("early-" + i, NOW);
    }
    long tomorrow = NOW + TimeUnit.DAYS.toMillis(1);
    for (int i = 0; i < 3_000; i++) {
      for (int call = 0; call < 10; call++) {
        spend("late-" + i, tomorrow);
      }
    }
    for (int i = 0; i < 3_000; i++) {
      assertThat(
              ledger
                  .reserve(
                      BUDGETS,
                      new Attribution("late-" + i, null, null, null, null, null),
                      "m",
                      ONE,
                      tomorrow)
                  .isAdmitted())
          .isFalse();
    }
    assertThat(freed.get()).isEqualTo(3_000);
    assertThat(ledger.states(tomorrow)).hasSize(3_000);
  }

  @Test
  void callsGoOnWhileTheAccountsAreLookedAt() {
    for (int i = 0; i < 2_000; i++) {
      spend("tenant-" + i, NOW);
    }
    List<String> seen = new ArrayList<>();
    ledger.eachState(
        NOW,
        state -> {
          if (seen.size() % 500 == 0) {
            elsewhere(() -> spend("new-" + seen.size(), NOW));
          }
          seen.add(state.account());
          return true;
        });
    assertThat(seen).doesNotHaveDuplicates().hasSize(2_004);
  }

  private static void elsewhere(Runnable work) {
    try {
      CompletableFuture.runAsync(work).get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void nobodyLooksFurtherThanHeWants() {
    for (int i = 0; i < 2_000; i++) {
      spend("tenant-" + i, NOW);
    }
    List<String> seen = new ArrayList<>();
    ledger.eachState(NOW, state -> seen.add(state.account()) && seen.size() < 300);
    assertThat(seen).hasSize(300);
    assertThat(seen.get(0)).isEqualTo("calls|=tenant-0");
  }
}
