package io.flyball.engine.budget;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * How one account stands in a file: start and end of its window, what was spent, what was reserved;
 * the account's key (its SHA-256 where that is shorter) with a check of its own; start and spending
 * of the window before; and a check of all of it. Where what an account has spent in a window that
 * the clock was set back from is kept apart, a mark stands in place of the window before.
 *
 * <p>While the rest is written, a mark stands in place of the check. So a slot whose JVM was killed
 * in between is told from one that was damaged: that one was written in an order in which it has
 * counted too much at worst. In files of versions before, that mark was 0, as much of what is
 * damaged is.
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

  /** What the hash of a key begins with; no key does. */
  private static final char HASH = '#';

  /** The first character of ASCII that can be seen, and how many there are. */
  private static final int FIRST = 0x21;

  private static final int VISIBLE = 0x7e - FIRST + 1;

  /** Where else the start of the window before stands: what was spent in a later window. */
  private static final long LATER = 0x4c41544552000001L;

  private static final int FREE_CHECK = 0x46524545;
  private static final long WRITING = 0x7f57524954494e47L;
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

  /** What is kept in place of a key that is too long: its hash, and its budget's tag. */
  static String shortened(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_KEY ? key : hashed(bytes) + tag(key);
  }

  /** The same as it was kept before there were tags. */
  static String shortenedBefore(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_KEY ? key : hashed(bytes);
  }

  /**
   * Two characters that tell the accounts of one budget from those of most others.
   *
   * @param key of any of them; or what they all begin with
   */
  static String tag(String key) {
    int end = key.indexOf('|');
    int hash = keyCheck(end < 0 ? key : key.substring(0, end)) & Integer.MAX_VALUE;
    return new String(
        new char[] {(char) (FIRST + hash % VISIBLE), (char) (FIRST + hash / VISIBLE % VISIBLE)});
  }

  /**
   * The same of what is kept.
   *
   * @return null when that cannot be told
   */
  static String tagOf(String kept) {
    if (kept.charAt(0) != HASH) {
      return tag(kept);
    }
    return kept.length() == LONGEST_KEY ? kept.substring(LONGEST_KEY - 2) : null;
  }

  private static String hashed(byte[] bytes) {
    try {
      StringBuilder hex = new StringBuilder().append(HASH);
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

  /**
   * Whether nobody's account is here. What only looks a little like it may have been one.
   *
   * @param zeroIsMark see {@link #isSound}
   */
  boolean isFree(boolean zeroIsMark) {
    int length = chunk.get(at + KEY);
    boolean checked = chunk.getInt(at + KEY_CHECK) == FREE_CHECK;
    if (isBeingWritten(zeroIsMark)) {
      // A JVM was killed while it freed the slot, or while it gave it to another account.
      return length == FREE ? checked || isEmpty() : checked && length > 0 && length <= LONGEST_KEY;
    }
    return length == FREE && checked && isEmpty() && isSound(zeroIsMark);
  }

  private boolean isBeingWritten(boolean zeroIsMark) {
    long check = chunk.getLong(at + CHECK);
    return check == WRITING || (zeroIsMark && check == 0);
  }

  private boolean isEmpty() {
    return (start() | end() | used() | reserved() | previousUsed()) == 0
        && chunk.getLong(at + PREVIOUS_START) == 0;
  }

  /** Whether nothing was ever written here. */
  boolean isUnused() {
    return chunk.get(at + KEY) == 0 && chunk.getInt(at + KEY_CHECK) == 0;
  }

  /**
   * Whether what stands here is what was written.
   *
   * @param zeroIsMark whether the file may be of a version that marked with 0 what it was writing
   */
  boolean isSound(boolean zeroIsMark) {
    return isBeingWritten(zeroIsMark) || chunk.getLong(at + CHECK) == check(used(), reserved());
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
    chunk.putLong(at + CHECK, WRITING);
    putKey(key);
    setPrevious(0, 0);
    write(used(), reserved());
    return true;
  }

  /** Nothing is spent there yet. */
  void open(String key) {
    chunk.putLong(at + CHECK, WRITING);
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
    chunk.putLong(at + CHECK, WRITING);
    setPrevious(0, 0);
    set(epochMillis, epochMillis + LONGEST_WINDOW_MILLIS);
    write(AccountStore.UNKNOWN, 0);
  }

  void free() {
    chunk.putLong(at + CHECK, WRITING);
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

  /** 0 for none. */
  long previousStart() {
    return isLater() ? 0 : chunk.getLong(at + PREVIOUS_START);
  }

  /** Whether this is what its account has spent in a later window than the one it is in. */
  boolean isLater() {
    return chunk.getLong(at + PREVIOUS_START) == LATER;
  }

  long previousUsed() {
    return chunk.getLong(at + PREVIOUS_USED);
  }

  /**
   * A new window.
   *
   * @param spent in it; what of the window before is not more than that was spent in this one, too
   */
  void begin(long start, long end, long spent) {
    long before = start();
    long spentBefore = Math.max(0, Amounts.plus(used(), reserved()) - spent);
    chunk.putLong(at + CHECK, WRITING);
    setPrevious(before, spentBefore);
    set(start, end);
    write(spent, 0);
  }

  /** Here is from now on what that account has spent in a later window. */
  void keepLater(String key, long start, long end, long spent) {
    // A JVM that is killed on the way leaves a window that is over.
    open(key);
    chunk.putLong(at + CHECK, WRITING);
    setPrevious(LATER, 0);
    chunk.putLong(at + USED, spent);
    set(start, end);
    write(spent, 0);
  }

  /** Other bounds for the same window. */
  void move(long start, long end) {
    long used = used();
    long reserved = reserved();
    chunk.putLong(at + CHECK, WRITING);
    set(start, end);
    setPrevious(0, 0);
    write(used, reserved);
  }

  void write(long used, long reserved) {
    chunk.putLong(at + CHECK, WRITING);
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
    return check == 0 || check == WRITING ? 1 : check;
  }

  private long checkOfTheRest() {
    long check = mixed(start());
    check = mixed(check ^ end());
    check = mixed(check ^ chunk.getLong(at + PREVIOUS_START));
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
