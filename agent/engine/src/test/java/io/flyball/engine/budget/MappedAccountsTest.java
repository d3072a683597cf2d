package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedAccountsTest {
  private static final String LONG_KEY = "tenant=" + new String(new char[500]).replace('\0', 'x');

  private static final long NOW = 5_000;
  private static final long END = 10_000;

  @TempDir Path folder;

  private static void write(AccountStore.Slot slot, long start, long used, long reserved) {
    slot.begin(start, END);
    slot.write(used, reserved);
  }

  @Test
  void whatWasWrittenIsThereAgain() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      write(accounts.open("a"), 1_000, 42, 0);
      write(accounts.open(LONG_KEY), 2_000, 43, 0);
    }
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      assertThat(accounts.open("a").windowStart()).isEqualTo(1_000);
      assertThat(accounts.open("a").used()).isEqualTo(42);
      assertThat(accounts.open(LONG_KEY).used()).isEqualTo(43);
      assertThat(accounts.open("b").used()).isZero();
      assertThat(accounts.accountsInFlight()).isZero();
    }
  }

  @Test
  void whatWasReservedWhenTheJvmDiedCountsAsSpent() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      write(accounts.open("a"), 1_000, 42, 8);
    }
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      assertThat(accounts.accountsInFlight()).isEqualTo(1);
      assertThat(accounts.open("a").used()).isEqualTo(50);
    }
  }

  @Test
  void twoOfThemNeverShareAFile() throws Exception {
    try (MappedAccounts one = MappedAccounts.in(folder, NOW);
        MappedAccounts two = MappedAccounts.in(folder, NOW)) {
      assertThat(one.file()).isNotEqualTo(two.file());
      write(one.open("a"), 1, 1, 0);
      assertThat(two.open("a").used()).isZero();
    }
  }

  @Test
  void moreAccountsThanOneChunkHolds() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      for (int i = 0; i < 10_000; i++) {
        write(accounts.open("account " + i), 1, i, 0);
      }
    }
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      assertThat(accounts.open("account 9999").used()).isEqualTo(9_999);
      assertThat(accounts.open("account 4095").used()).isEqualTo(4_095);
    }
  }

  @Test
  void aFileOfSomebodyElsesIsLeftAlone() throws Exception {
    Path file = folder.resolve("budgets.dat");
    byte[] other = new byte[1 << 20];
    Files.write(file, other);
    assertThatThrownBy(() -> MappedAccounts.in(folder, NOW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(Files.readAllBytes(file)).isEqualTo(other);
  }

  @Test
  void whatIsOverMakesRoom() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      for (int i = 0; i < 4_000; i++) {
        write(accounts.open("account " + i), 1, i, 7);
      }
      AccountStore.Slot last = accounts.open("account 3999");
      last.free();
      assertThat(accounts.open("another").used()).isZero();
    }
    try (MappedAccounts accounts = MappedAccounts.in(folder, END)) {
      assertThat(accounts.accountsInFlight()).isZero();
      assertThat(accounts.open("account 17").used()).isZero();
      for (int i = 0; i < 4_000; i++) {
        write(accounts.open("later " + i), END, i, 0);
      }
      assertThat(Files.size(accounts.file())).isEqualTo(128 * 4096);
    }
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      assertThat(accounts.open("later 3998").used()).isEqualTo(3_998);
      assertThat(accounts.open("account 18").used()).isZero();
    }
  }
}
