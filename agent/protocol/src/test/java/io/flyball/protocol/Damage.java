package io.flyball.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** What a network, a proxy or an attacker may do to bytes. */
public final class Damage {
  private static final String[] PIECES = {
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\\",
    "\\u",
    "\\ud83d",
    "\n",
    "\n\n",
    "\r\n",
    "data: ",
    "event: ",
    "\u0000",
    "null",
    "NaN",
    "-1",
    "1e999",
    "99999999999999999999",
    "true",
    "\"\"",
    "{}",
    "[]",
    "\ufeff",
    "[DONE]",
    "\ud83d\ude00"
  };

  private Damage() {}

  /**
   * @param other bytes of the same kind, pieces of which get in
   * @return the same bytes in one case out of eight
   */
  public static byte[] of(byte[] bytes, byte[] other, Random random) {
    byte[] damaged = bytes.clone();
    for (int i = random.nextInt(8); i > 0 && damaged.length > 0; i--) {
      int at = random.nextInt(damaged.length + 1);
      int to = Math.min(damaged.length, at + random.nextInt(1 + random.nextInt(200)));
      switch (random.nextInt(8)) {
        case 0:
          damaged[Math.min(at, damaged.length - 1)] ^= (byte) (1 << random.nextInt(8));
          break;
        case 1:
          damaged[Math.min(at, damaged.length - 1)] = (byte) random.nextInt(256);
          break;
        case 2:
          damaged = spliced(damaged, at, to, new byte[0]);
          break;
        case 3:
          damaged = random.nextInt(4) == 0 ? Arrays.copyOf(damaged, at) : damaged;
          break;
        case 4:
          damaged = spliced(damaged, at, at, Arrays.copyOfRange(damaged, at, to));
          break;
        case 5:
          int start = other.length == 0 ? 0 : random.nextInt(other.length);
          int end = Math.min(other.length, start + random.nextInt(300));
          damaged = spliced(damaged, at, to, Arrays.copyOfRange(other, start, end));
          break;
        default:
          String piece = PIECES[random.nextInt(PIECES.length)];
          damaged =
              spliced(
                  damaged,
                  at,
                  random.nextBoolean() ? at : Math.min(damaged.length, at + 1),
                  piece.getBytes(StandardCharsets.UTF_8));
          break;
      }
    }
    return damaged;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
    byte[] result = Arrays.copyOf(bytes, bytes.length - (to - from) + piece.length);
    System.arraycopy(piece, 0, result, from, piece.length);
    System.arraycopy(bytes, to, result, from + piece.length, bytes.length - to);
    return result;
  }
}
