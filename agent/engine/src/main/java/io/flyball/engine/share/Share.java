package io.flyball.engine.share;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * This JVM's part of an amount that several have together. One thread asks for it and hears the
 * answers; all others only leave notes with the {@link ShareExchange}.
 */
public interface Share {

  /** What it is a part of, as that is called for every JVM; names nobody. */
  String key();

  /**
   * What is to be said now; null when there is nothing.
   *
   * @param epochMillis now
   */
  ShareRequest request(long epochMillis);

  /**
   * Others go without: what is not used is to be returned, and nothing leased ahead for a while.
   */
  void recalled(long epochMillis);

  /** The JVM ends: all that is not used goes back. */
  void leave();

  /**
   * Whether there is something to say that nobody has asked for: left over, or not told for a
   * while.
   */
  Due due(long epochMillis);

  /** When something is to be said. */
  enum Due {
    NOW,
    LATER,
    /** Until it is noted again. */
    NEVER_AGAIN
  }

  /** Hides what is shared by whom, as keys in a store are seen by many. */
  static String keyOf(String name) {
    final int bytes = 18;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
