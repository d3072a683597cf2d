package io.flyball.engine.budget;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * How one account stands in a file: start and end of its window, what was spent, what was reserved;
 * the account's key (its SHA-256 where that is shorter) with a check of its own; start and spending
 * of the window before; and a check of all of it.
 *
 * <p>The check is 0 while the rest is written. So a slot whose JVM was killed in between is told
 * from one that was damaged: that one was written in an order in which it has counted too much at
 * worst.
 */
final class AccountSlot {
  static final int SIZE = 128;

  /** The length of the key where nothing is kept. */
  static final byte FREE = -1;

  private static final int START = 0;
  private static final int END = 8;
  private static final int USED = 16;
  private static final int RESERVED = 24;
  private static final int KEY = 32;
  private static final int KEY_CHECK = 100;
  private static final int PREVIOUS_START = 104;
  private static final int PREVIOUS_USED = 112;
  private static final int CHECK = 120;
  private static final int LONGEST_KEY = KEY_CHECK - KEY - 1;

  /** In files of the version before the checks. */
  private static final int LONGEST_OLD_KEY = SIZE - KEY - 1;

  private static final long LONGEST_WINDOW_MILLIS = 366L * 24 * 60 * 60 * 1_000;

  private static final int FREE_CHECK = 0x46524545;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final ByteBuffer chunk;
  private final int at;

  /** What the check has of all that does not change with each call. */
  private long settled;

  /**
   * @param at where in the chunk it begins
   */
  AccountSlot(ByteBuffer chunk, int at) {
    this.chunk = chunk;
    this.at = at;
    this.settled = checkOfTheRest();
  }

  /** What is kept in place of a key that is too long. */
  static String shortened(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST_KEY) {
      return key;
    }
    try {
      StringBuilder hex = new StringBuilder("#");
      for (byte each : MessageDigest.getInstance("SHA-256").digest(bytes)) {
        hex.append(Character.forDigit(each >> 4 & 0xf, 16))
            .append(Character.forDigit(each & 0xf, 16));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Null when it cannot be read. */
  String key() {
    int length = chunk.get(at + KEY);
    if (length <= 0 || length > LONGEST_KEY) {
      return null;
    }
    String key = text(length);
    return keyCheck(key) == chunk.getInt(at + KEY_CHECK) ? key : null;
  }

  private String text(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = chunk.get(at + KEY + 1 + i);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  boolean isFree() {
    // Either: a JVM may have been killed between the two.
    return chunk.get(at + KEY) == FREE || chunk.getInt(at + KEY_CHECK) == FREE_CHECK;
  }

  /** Whether nothing was ever written here. */
  boolean isUnused() {
    return chunk.get(at + KEY) == 0 && chunk.getInt(at + KEY_CHECK) == 0;
  }

  /** Whether what stands here is what was written. */
  boolean isSound() {
    long check = chunk.getLong(at + CHECK);
    return check == 0 || check == check(used(), reserved());
  }

  /**
   * Takes over what the version before wrote here.
   *
   * @return whether something was kept
   */
  boolean upgrade() {
    int length = chunk.get(at + KEY);
    if (length <= 0 || length > LONGEST_OLD_KEY) {
      free();
      return false;
    }
    String key = shortened(text(length));
    chunk.putLong(at + CHECK, 0);
    putKey(key);
    setPrevious(0, 0);
    write(used(), reserved());
    return true;
  }

  /** Nothing is spent there yet. */
  void open(String key) {
    chunk.putLong(at + CHECK, 0);
    set(0, 0);
    setPrevious(0, 0);
    putKey(key);
    write(0, 0);
  }

  private void putKey(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      chunk.put(at + KEY + 1 + i, bytes[i]);
    }
    chunk.putInt(at + KEY_CHECK, keyCheck(key));
    chunk.put(at + KEY, (byte) bytes.length);
  }

  /**
   * What was spent is not known.
   *
   * @param epochMillis in which window
   */
  void lose(long epochMillis) {
    chunk.putLong(at + CHECK, 0);
    setPrevious(0, 0);
    set(epochMillis, epochMillis + LONGEST_WINDOW_MILLIS);
    write(AccountStore.UNKNOWN, 0);
  }

  void free() {
    chunk.putLong(at + CHECK, 0);
    chunk.putInt(at + KEY_CHECK, FREE_CHECK);
    chunk.put(at + KEY, FREE);
    set(0, 0);
    setPrevious(0, 0);
    write(0, 0);
  }

  long start() {
    return chunk.getLong(at + START);
  }

  long end() {
    return chunk.getLong(at + END);
  }

  long used() {
    return chunk.getLong(at + USED);
  }

  long reserved() {
    return chunk.getLong(at + RESERVED);
  }

  long previousStart() {
    return chunk.getLong(at + PREVIOUS_START);
  }

  long previousUsed() {
    return chunk.getLong(at + PREVIOUS_USED);
  }

  /** A new window, in which nothing is spent yet. */
  void begin(long start, long end) {
    long before = start();
    long spent = Amounts.plus(used(), reserved());
    chunk.putLong(at + CHECK, 0);
    setPrevious(before, spent);
    set(start, end);
    write(0, 0);
  }

  /** Other bounds for the same window. */
  void move(long start, long end) {
    long used = used();
    long reserved = reserved();
    chunk.putLong(at + CHECK, 0);
    set(start, end);
    setPrevious(0, 0);
    write(used, reserved);
  }

  void write(long used, long reserved) {
    chunk.putLong(at + CHECK, 0);
    // In this order: a JVM that is killed in between has counted too much, never too little.
    chunk.putLong(at + USED, used);
    chunk.putLong(at + RESERVED, reserved);
    chunk.putLong(at + CHECK, check(used, reserved));
  }

  private void set(long start, long end) {
    chunk.putLong(at + END, end);
    chunk.putLong(at + START, start);
    settled = checkOfTheRest();
  }

  private void setPrevious(long start, long used) {
    chunk.putLong(at + PREVIOUS_START, start);
    chunk.putLong(at + PREVIOUS_USED, used);
    settled = checkOfTheRest();
  }

  private long check(long used, long reserved) {
    long check = mixed(mixed(settled ^ used) + reserved);
    return check == 0 ? 1 : check;
  }

  private long checkOfTheRest() {
    long check = mixed(start());
    check = mixed(check ^ end());
    check = mixed(check ^ previousStart());
    return mixed(check ^ previousUsed());
  }

  private static long mixed(long value) {
    long spread = value * SPREAD;
    return (spread ^ spread >>> 32) * SPREAD;
  }

  private static int keyCheck(String key) {
    long check = key.length();
    for (int i = 0; i < key.length(); i++) {
      check = mixed(check ^ key.charAt(i));
    }
    return (int) (check >>> 32);
  }
}
