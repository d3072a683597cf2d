package io.flyball.engine.content;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Private keys of wallets in their import format, where they begin as many a word does: of 52 signs
 * of base58 that stand alone, with the right checksum.
 */
final class WalletKeys implements Recogniser {
  private static final String SIGNS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(SIGNS.length());
  private static final int LENGTH = 52;

  /** A sign for the network, 32 bytes, a sign that the public key is compressed. */
  private static final int KEY_LENGTH = 34;

  private static final int CHECKSUM_LENGTH = 4;

  private final RedactionRule rule;

  WalletKeys(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    if (!Characters.isWordStart(text, start)) {
      return start;
    }
    int to = start;
    while (to - start < LENGTH && SIGNS.indexOf(Characters.at(text, to)) >= 0) {
      to++;
    }
    if (to - start < LENGTH
        || Characters.isWord(Characters.at(text, to))
        || !passes(text.subSequence(start, to))) {
      return start;
    }
    found.add(start, to, rule);
    return to;
  }

  private static boolean passes(CharSequence signs) {
    BigInteger value = BigInteger.ZERO;
    for (int i = 0; i < signs.length(); i++) {
      value = value.multiply(BASE).add(BigInteger.valueOf(SIGNS.indexOf(signs.charAt(i))));
    }
    byte[] signed = value.toByteArray();
    // The network's number is 128, so that there is a 0 for the sign before it.
    if (signed.length != 1 + KEY_LENGTH + CHECKSUM_LENGTH) {
      return false;
    }
    byte[] key = Arrays.copyOfRange(signed, 1, 1 + KEY_LENGTH);
    byte[] checksum = Arrays.copyOfRange(signed, 1 + KEY_LENGTH, signed.length);
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha256.digest(sha256.digest(key));
      return Arrays.equals(checksum, Arrays.copyOf(hash, CHECKSUM_LENGTH));
    } catch (NoSuchAlgorithmException none) {
      // Every JVM has it; better one value too many.
      return true;
    }
  }
}
