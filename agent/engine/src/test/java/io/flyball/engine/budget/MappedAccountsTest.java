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

  @TempDir Path folder;

  @Test
  void whatWasWrittenIsThereAgain() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder)) {
      accounts.open("a").write(1_000, 42, 0);
      accounts.open(LONG_KEY).write(2_000, 43, 0);
    }
    try (MappedAccounts accounts = MappedAccounts.in(folder)) {
      assertThat(accounts.open("a").windowStart()).isEqualTo(1_000);
      assertThat(accounts.open("a").used()).isEqualTo(42);
      assertThat(accounts.open(LONG_KEY).used()).isEqualTo(43);
      assertThat(accounts.open("b").used()).isZero();
      assertThat(accounts.accountsInFlight()).isZero();
    }
  }

  @Test
  void whatWasReservedWhenTheJvmDiedCountsAsSpent() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder)) {
      accounts.open("a").write(1_000, 42, 8);
    }
    try (MappedAccounts accounts = MappedAccounts.in(folder)) {
      assertThat(accounts.accountsInFlight()).isEqualTo(1);
      assertThat(accounts.open("a").used()).isEqualTo(50);
    }
  }

  @Test
  void twoOfThemNeverShareAFile() throws Exception {
    try (MappedAccounts one = MappedAccounts.in(folder);
        MappedAccounts two = MappedAccounts.in(folder)) {
      assertThat(one.file()).isNotEqualTo(two.file());
      one.open("a").write(1, 1, 0);
      assertThat(two.open("a").used()).isZero();
    }
  }

  @Test
  void moreAccountsThanOneChunkHolds() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder)) {
      for (int i = 0; i < 10_000; i++) {
        accounts.open("account " + i).write(1, i, 0);
      }
    }
    try (MappedAccounts accounts = MappedAccounts.in(folder)) {
      assertThat(accounts.open("account 9999").used()).isEqualTo(9_999);
      assertThat(accounts.open("account 4095").used()).isEqualTo(4_095);
    }
  }

  @Test
  void aFileOfSomebodyElsesIsLeftAlone() throws Exception {
    Path file = folder.resolve("budgets.dat");
    byte[] other = new byte[1 << 20];
    Files.write(file, other);
    assertThatThrownBy(() -> MappedAccounts.in(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(Files.readAllBytes(file)).isEqualTo(other);
  }
}
