package io.flyball.engine;

import java.util.concurrent.ThreadLocalRandom;

/** Makes ids of calls: 24 hexadecimal digits, sorted by time across a fleet, unique in practice. */
final class CallIds {
  private static final char[] DIGITS = "0123456789abcdef".toCharArray();
  private static final int TIME_DIGITS = 12;
  private static final int RANDOM_DIGITS = 12;

  private CallIds() {}

  static String next() {
    char[] id = new char[TIME_DIGITS + RANDOM_DIGITS];
    write(System.currentTimeMillis(), id, 0, TIME_DIGITS);
    write(ThreadLocalRandom.current().nextLong(), id, TIME_DIGITS, RANDOM_DIGITS);
    return new String(id);
  }

  private static void write(long value, char[] target, int offset, int count) {
    long rest = value;
    for (int i = offset + count - 1; i >= offset; i--) {
      target[i] = DIGITS[(int) (rest & 0xf)];
      rest >>>= 4;
    }
  }
}
