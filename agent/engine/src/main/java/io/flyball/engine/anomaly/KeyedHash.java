package io.flyball.engine.anomaly;

import java.security.SecureRandom;

/**
 * A hash (SipHash-1-3 over words of four characters) with a key that nobody knows and that ends
 * with the JVM, so that neither can a text be guessed from its hash nor two texts be made that have
 * the same one. Not thread safe; one key makes many.
 */
final class KeyedHash {

  /** What makes hashes comparable. Immutable. */
  static final class Key {
    private final long k0;
    private final long k1;

    Key(long k0, long k1) {
      this.k0 = k0;
      this.k1 = k1;
    }

    static Key random() {
      SecureRandom random = new SecureRandom();
      return new Key(random.nextLong(), random.nextLong());
    }

    KeyedHash hash() {
      return new KeyedHash(this);
    }
  }

  private final Key key;
  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long length;

  private KeyedHash(Key key) {
    this.key = key;
    restart();
  }

  private void restart() {
    v0 = key.k0 ^ 0x736f6d6570736575L;
    v1 = key.k1 ^ 0x646f72616e646f6dL;
    v2 = key.k0 ^ 0x6c7967656e657261L;
    v3 = key.k1 ^ 0x7465646279746573L;
    length = 0;
  }

  void add(long word) {
    v3 ^= word;
    round();
    v0 ^= word;
    length++;
  }

  /** With its length, so that the same characters split otherwise give something else. */
  void add(char[] text, int offset, int count) {
    int end = offset + count;
    int at = offset;
    for (; at + 4 <= end; at += 4) {
      add(
          text[at]
              | (long) text[at + 1] << 16
              | (long) text[at + 2] << 32
              | (long) text[at + 3] << 48);
    }
    long rest = 0;
    for (; at < end; at++) {
      rest = rest << 16 | text[at];
    }
    add(rest);
    add(count);
  }

  void add(String text) {
    char[] characters = text == null ? new char[] {0} : text.toCharArray();
    add(characters, 0, characters.length);
  }

  /** The hash of everything since the last time; then it starts anew. */
  long take() {
    add(length);
    v2 ^= 0xff;
    round();
    round();
    round();
    long hash = v0 ^ v1 ^ v2 ^ v3;
    restart();
    return hash;
  }

  private void round() {
    v0 += v1;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v3;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 += v3;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 += v1;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v2 = Long.rotateLeft(v2, 32);
  }
}
