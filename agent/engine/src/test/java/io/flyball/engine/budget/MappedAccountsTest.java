package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedAccountsTest {
  private static final String LONG_KEY = "tenant=" + new String(new char[500]).replace('\0', 'x');

  private static final int CHUNK = 128 * 4_096;

  private static final long NOW = 5_000;
  private static final long END = 10_000;

  @TempDir Path folder;

  private static void write(AccountStore.Slot slot, long start, long used, long reserved) {
    slot.begin(start, END, 0);
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

  /** Who goes on with the file has counted what was reserved there as spent. */
  @Test
  void whoHasClosedItWritesToItNoMore() throws Exception {
    MappedAccounts before = MappedAccounts.in(folder, NOW);
    AccountStore.Slot slot = before.open("a");
    write(slot, 1_000, 42, 8);
    before.close();
    slot.write(1, 0);
    slot.begin(2_000, END, 0);
    slot.move(3_000, END);
    slot.free();
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      assertThat(accounts.open("a").windowStart()).isEqualTo(1_000);
      assertThat(accounts.open("a").used()).isEqualTo(50);
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

  /** Be it somebody else's, be it one of ours that nothing is left of. */
  @Test
  void aFileThatCannotBeReadIsKeptAsideAndOpensNoBudget() throws Exception {
    Path file = folder.resolve("budgets.dat");
    for (int size : new int[] {10, 1 << 20}) {
      byte[] other = new byte[size];
      new Random(size).nextBytes(other);
      Files.write(file, other);
      List<String> told = new ArrayList<>();
      try (MappedAccounts accounts = MappedAccounts.in(folder, NOW, told::add)) {
        assertThat(accounts.open("a").used()).isEqualTo(AccountStore.UNKNOWN);
      }
      Path aside = folder.resolve("budgets.dat.unreadable");
      assertThat(told.get(0)).contains(file.toString(), aside.toString());
      assertThat(Files.readAllBytes(aside)).isEqualTo(other);
      Files.delete(aside);
      Files.delete(file);
    }
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

  @Test
  void aFileThatWasOnlyHalfMadeIsMadeAnewAndThatIsToldOnce() throws Exception {
    Path file = folder.resolve("budgets.dat");
    for (int size : new int[] {1, 4_096, 200_000, CHUNK - 1}) {
      Files.write(file, new byte[size]);
      List<String> told = new ArrayList<>();
      try (MappedAccounts accounts = MappedAccounts.in(folder, NOW, told::add)) {
        write(accounts.open("a"), 1_000, 42, 0);
      }
      try (MappedAccounts accounts = MappedAccounts.in(folder, NOW, told::add)) {
        assertThat(accounts.open("a").used()).isEqualTo(42);
      }
      assertThat(told).hasSize(1);
    }
  }

  /** As it was written before slots had a check. */
  private static byte[] oldFile(String... keys) {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
    bytes.put("FLYBALL ACCOUNTS 2\n".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < keys.length; i++) {
      int at = 128 * (i + 1);
      byte[] key = keys[i].getBytes(StandardCharsets.UTF_8);
      bytes.putLong(at, 1_000).putLong(at + 8, END).putLong(at + 16, 40 + i).putLong(at + 24, i);
      bytes.put(at + 32, key.length == 0 ? (byte) -1 : (byte) key.length);
      for (int k = 0; k < key.length; k++) {
        bytes.put(at + 33 + k, key[k]);
      }
    }
    return bytes.array();
  }

  @Test
  void aFileOfTheVersionBeforeIsGoneOnWith() throws Exception {
    String longer = "tenant=" + new String(new char[80]).replace('\0', 'y');
    Files.write(folder.resolve("budgets.dat"), oldFile("a", "", longer));
    List<String> told = new ArrayList<>();
    for (int opened = 0; opened < 2; opened++) {
      try (MappedAccounts accounts = MappedAccounts.in(folder, NOW, told::add)) {
        assertThat(accounts.open("a").used()).isEqualTo(40);
        assertThat(accounts.open("a").windowStart()).isEqualTo(1_000);
        assertThat(accounts.open(longer).used()).isEqualTo(44);
        assertThat(accounts.open("another").used()).isZero();
      }
    }
    assertThat(told).isEmpty();
  }

  /** Whatever byte is wrong: no account has spent less than it has, and it is told. */
  @Test
  void whatIsDamagedHasNeverSpentLess() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      for (int i = 0; i < 20; i++) {
        write(accounts.open("account " + i), 1_000, 100 + i, 0);
      }
      accounts.open("account 7").free();
    }
    Path file = folder.resolve("budgets.dat");
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(7);
    for (int round = 0; round < 600; round++) {
      byte[] damaged = whole.clone();
      int at = random.nextInt(128 * 23);
      int length = round % 3 == 0 ? 1 : 1 + random.nextInt(300);
      for (int i = at; i < at + length; i++) {
        damaged[i] = round % 2 == 0 ? (byte) 0 : (byte) (damaged[i] ^ 1 << random.nextInt(8));
      }
      boolean cut = round % 100 == 99;
      Files.write(file, cut ? Arrays.copyOf(damaged, 800 * round) : damaged);
      List<String> told = new ArrayList<>();
      try (MappedAccounts accounts = MappedAccounts.in(folder, NOW, told::add)) {
        for (int i = 0; i < 20; i++) {
          if (i != 7) {
            AccountStore.Slot slot = accounts.open("account " + i);
            assertThat(slot.used()).as("%s at %s", length, at).isGreaterThanOrEqualTo(100 + i);
            assertThat(slot.used() == 100 + i || !told.isEmpty()).isTrue();
            assertThat(slot.windowStart() == 1_000 || slot.windowStart() == NOW).isTrue();
          }
        }
      }
      Files.delete(file);
    }
  }

  /** Bounds, sums, the window before and the check itself: no bit of them is trusted alone. */
  @Test
  void everyBitOfAnAccountIsChecked() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      AccountStore.Slot slot = accounts.open("a");
      write(slot, 1_000, 42, 1);
      slot.begin(NOW - 10, END, 0);
      slot.write(7, 0);
    }
    Path file = folder.resolve("budgets.dat");
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < 8 * 128; bit++) {
      int at = bit / 8;
      boolean isKey = at >= 32 && at < 104;
      if (isKey) {
        continue;
      }
      byte[] damaged = whole.clone();
      damaged[128 + at] ^= (byte) (1 << bit % 8);
      Files.write(file, damaged);
      List<String> told = new ArrayList<>();
      try (MappedAccounts accounts = MappedAccounts.in(folder, NOW, told::add)) {
        assertThat(accounts.open("a").used()).as("bit %s", bit).isEqualTo(AccountStore.UNKNOWN);
      }
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void whatWasCutOffIsMissed() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      for (int i = 0; i < 5_000; i++) {
        write(accounts.open("account " + i), 1_000, 1, 0);
      }
    }
    Path file = folder.resolve("budgets.dat");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), CHUNK));
    List<String> told = new ArrayList<>();
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW, told::add)) {
      assertThat(accounts.open("account 4999").used()).isEqualTo(AccountStore.UNKNOWN);
      assertThat(accounts.open("account 17").used()).isEqualTo(1);
    }
    assertThat(told).hasSize(1);
  }

  /** Nobody knows how much of a greater limit is spent. */
  @Test
  void aLostAccountIsNotOpenedByAGreaterLimit() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      write(accounts.open(tokens(100).stored("b")), 0, 42, 0);
    }
    Path file = folder.resolve("budgets.dat");
    byte[] bytes = Files.readAllBytes(file);
    bytes[128 + 16] ^= 1;
    Files.write(file, bytes);
    for (int opened = 0; opened < 2; opened++) {
      try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
        Ledger ledger = new Ledger(accounts, alert -> {});
        for (long limit : new long[] {100, 1_000}) {
          assertThat(spends(ledger, tokens(limit))).as("of %s", limit).isFalse();
        }
        if (opened == 1) {
          ledger.reset("b");
          assertThat(spends(ledger, tokens(1_000))).isTrue();
        }
      }
    }
  }

  private static boolean spends(Ledger ledger, Budget budget) {
    return ledger
        .reserve(
            Collections.singletonList(budget), Attribution.NONE, "m", new Amounts(0, 1, 1), NOW)
        .isAdmitted();
  }

  private static Budget tokens(long limit) {
    return new Budget(
        "b",
        BudgetUnit.TOKENS,
        limit,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        Budget.Action.BLOCK,
        null,
        1);
  }

  @Test
  void whatIsLostStaysUsedUpAndOthersAreLeftAlone() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      write(accounts.open("a"), 1_000, 42, 0);
      write(accounts.open("b"), 1_000, 43, 0);
    }
    Path file = folder.resolve("budgets.dat");
    byte[] bytes = Files.readAllBytes(file);
    bytes[128 + 16] ^= 1;
    Files.write(file, bytes);
    List<String> told = new ArrayList<>();
    for (int opened = 0; opened < 3; opened++) {
      try (MappedAccounts accounts = MappedAccounts.in(folder, NOW, told::add)) {
        assertThat(accounts.open("a").used()).isEqualTo(AccountStore.UNKNOWN);
        assertThat(accounts.open("b").used()).isEqualTo(43);
        assertThat(accounts.open("c" + opened).used()).isZero();
      }
    }
    assertThat(told).hasSize(1);
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      accounts.open("a").begin(NOW, END, 0);
      assertThat(accounts.open("a").used()).isZero();
    }
  }

  @Test
  void theWindowBeforeIsKnown() throws Exception {
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      AccountStore.Slot slot = accounts.open("a");
      write(slot, 1_000, 42, 1);
      slot.begin(NOW, END, 0);
    }
    try (MappedAccounts accounts = MappedAccounts.in(folder, NOW)) {
      AccountStore.Slot slot = accounts.open("a");
      assertThat(slot.used()).isZero();
      assertThat(slot.previousStart()).isEqualTo(1_000);
      assertThat(slot.previousUsed()).isEqualTo(43);
      slot.move(2_000, END);
      assertThat(slot.previousUsed()).isZero();
      assertThat(slot.windowStart()).isEqualTo(2_000);
    }
  }
}
