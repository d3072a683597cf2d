package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens to a file of accounts: one that has used its budget up reads as before, or has
 * used up all there is, and that is said.
 */
class DamagedLedgerTest {
  private static final int ROUNDS = 1_500;
  private static final int SLOT = 128;
  private static final int CHUNK = SLOT * 4_096;
  private static final long NOW = 5_000;
  private static final long END = 10_000;
  private static final long SPENT = 100;

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("budgets.dat");
  }

  private static boolean wasFreed(int account) {
    return account % 9 == 7;
  }

  /** A ledger of so many accounts, some of whose slots are free again. */
  private byte[] ledger(int accounts) throws Exception {
    Files.deleteIfExists(file());
    try (MappedAccounts made = MappedAccounts.in(folder, NOW)) {
      for (int i = 0; i < accounts; i++) {
        AccountStore.Slot slot = made.open("account " + i);
        slot.begin(500, 1_000, 0);
        slot.write(7, 0);
        slot.begin(1_000, END, 0);
        slot.write(SPENT + i, 0);
      }
      for (int i = 0; i < accounts; i++) {
        if (wasFreed(i)) {
          made.open("account " + i).free();
        }
      }
    }
    return Files.readAllBytes(file());
  }

  /**
   * Opens it twice, the second time with those accounts that were not asked for the first time.
   *
   * @param lost whether all that it does not know were lost before
   */
  private void noAccountIsOpened(byte[] damaged, int accounts, boolean lost, String how)
      throws Exception {
    Files.write(file(), damaged);
    List<String> told = new ArrayList<>();
    for (int opened = 0; opened < 2; opened++) {
      try (MappedAccounts read = MappedAccounts.in(folder, NOW, told::add)) {
        for (int i = opened; i < accounts; i += 2) {
          if (!wasFreed(i)) {
            AccountStore.Slot slot = read.open("account " + i);
            long used = slot.used();
            assertThat(
                    used == SPENT + i
                        || (used == AccountStore.UNKNOWN && (lost || !told.isEmpty())))
                .as("%s: account %s has spent %s, told %s", how, i, used, told)
                .isTrue();
            assertThat(slot.windowStart()).as(how).isIn(1_000L, NOW);
          }
        }
        if (lost) {
          assertThat(read.open("unknown " + opened).used()).as(how).isEqualTo(AccountStore.UNKNOWN);
        }
      }
    }
    Files.delete(file());
    Files.deleteIfExists(folder.resolve("budgets.dat.unreadable"));
  }

  private static void fill(byte[] bytes, int from, int to, int kind, Random random) {
    byte[] free = "FREE".getBytes(StandardCharsets.US_ASCII);
    for (int i = from; i < Math.min(to, bytes.length); i++) {
      switch (kind) {
        case 0:
          bytes[i] = 0;
          break;
        case 1:
          bytes[i] = -1;
          break;
        case 2:
          bytes[i] = (byte) random.nextInt();
          break;
        case 3:
          bytes[i] ^= (byte) (1 << random.nextInt(8));
          break;
        default:
          bytes[i] = free[(i - from) % free.length];
      }
    }
  }

  private static String damage(byte[] bytes, int written, Random random) {
    int kind = random.nextInt(5);
    int at = random.nextInt(written);
    int length = 1;
    switch (random.nextInt(5)) {
      case 0:
        length = 1 + random.nextInt(8);
        break;
      case 1:
        // Where something of a slot begins.
        at = at / 8 * 8 + random.nextInt(2) * 4;
        length = 4 * (1 + random.nextInt(40));
        break;
      case 2:
        length = random.nextBoolean() ? 512 : 4_096;
        at = at / length * length;
        break;
      case 3:
        at = at / SLOT * SLOT;
        length = SLOT * (1 + random.nextInt(3));
        break;
      default:
    }
    fill(bytes, at, at + length, kind, random);
    return "filled with " + kind + " at " + at + ", " + length + " long";
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 20, 100})
  void whateverIsOverwrittenOpensNoAccount(int accounts) throws Exception {
    byte[] whole = ledger(accounts);
    long seed = System.nanoTime();
    for (int round = 0; round < ROUNDS / 3; round++) {
      Random random = new Random(seed + round);
      byte[] damaged = whole.clone();
      String how = damage(damaged, SLOT * (accounts + 1), random);
      if (random.nextInt(4) == 0) {
        how += ", " + damage(damaged, SLOT * (accounts + 1), random);
      }
      noAccountIsOpened(damaged, accounts, false, "seed " + (seed + round) + ", " + how);
    }
  }

  /** Each byte of a slot and of the header, with the values that a disk leaves. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4})
  void noByteIsTrustedAlone(int kind) throws Exception {
    byte[] whole = ledger(3);
    for (int at = 0; at < 2 * SLOT; at++) {
      for (int length : new int[] {1, 4, 8}) {
        byte[] damaged = whole.clone();
        fill(damaged, at, at + length, kind, new Random(at));
        noAccountIsOpened(damaged, 3, false, kind + " at " + at + ", " + length + " long");
      }
    }
  }

  /** A JVM was killed while it wrote: be it this version, be it one that marked that with 0. */
  @ParameterizedTest
  @ValueSource(longs = {0, 0x7f57524954494e47L})
  void whoWasKilledWhileItWroteHasDamagedNothing(long mark) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(ledger(20));
    for (int i = 1; i <= 20; i++) {
      bytes.putLong(SLOT * i + 120, mark);
    }
    if (mark == 0) {
      bytes.putLong(32, 0);
    }
    // In the middle of freeing one, and of giving it to another account.
    bytes.putInt(SLOT * 8 + 100, 0x46524545).put(SLOT * 8 + 32, (byte) 9);
    bytes.putInt(SLOT * 17 + 100, 4711);
    Files.write(file(), bytes.array());
    List<String> told = new ArrayList<>();
    try (MappedAccounts read = MappedAccounts.in(folder, NOW, told::add)) {
      for (int i = 0; i < 20; i++) {
        assertThat(read.open("account " + i).used()).isEqualTo(wasFreed(i) ? 0 : SPENT + i);
      }
    }
    assertThat(told).isEmpty();
  }

  /** What nobody knows any more stays lost, also where the file is damaged once more. */
  @Test
  void whatWasLostBeforeStaysLost() throws Exception {
    byte[] damaged = ledger(20);
    fill(damaged, 2 * SLOT, 3 * SLOT, 1, new Random(1));
    Files.write(file(), damaged);
    MappedAccounts.in(folder, NOW).close();
    byte[] lost = Files.readAllBytes(file());
    for (int kind = 0; kind < 4; kind++) {
      for (int at = 0; at < SLOT; at++) {
        for (int length : new int[] {1, 8, 60, 512, 4_096}) {
          byte[] again = lost.clone();
          fill(again, at, at + length, kind, new Random(at));
          noAccountIsOpened(again, 20, true, kind + " at " + at + ", " + length + " long");
        }
      }
    }
  }

  @Test
  void whateverIsCutOffOpensNoAccount() throws Exception {
    byte[] whole = ledger(100);
    Random random = new Random(5);
    for (int round = 0; round < 60; round++) {
      int length = 1 + (round % 2 == 0 ? random.nextInt(SLOT * 102) : random.nextInt(CHUNK - 1));
      noAccountIsOpened(Arrays.copyOf(whole, length), 100, false, "cut to " + length);
    }
  }

  /** The only page of a ledger that anything was written to. */
  @Test
  void aLedgerOfWhichNothingIsLeftIsNotMadeAnew() throws Exception {
    ledger(20);
    noAccountIsOpened(new byte[CHUNK], 20, true, "all zero");
    noAccountIsOpened(new byte[3 * CHUNK], 20, true, "all zero, and long");
  }
}
