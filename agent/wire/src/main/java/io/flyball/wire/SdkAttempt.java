package io.flyball.wire;

/**
 * One attempt of the retry loop that an SDK has of its own, seen from outside: the calls made in it
 * belong to it, so that the loop's owner can be told whether another attempt would multiply what
 * Flyball has done already. Begun with {@link Gateway#beginSdkAttempt}.
 */
public interface SdkAttempt extends AutoCloseable {

  /**
   * On the thread that began it: calls that it makes from now on belong to the attempt no longer.
   * Attempts that were begun on one thread are closed in the reverse order.
   */
  @Override
  void close();

  /**
   * Whether the latest governed call of this attempt has failed, and its failure was handed to the
   * application: an exception, a status of 400 or more, an answer cut short. False when no call was
   * governed. On any thread, also after {@link #close}.
   */
  boolean isGivenUp();

  /**
   * How often Flyball has asked again in this attempt by itself, in calls after which the loop may
   * go on: so much less is left to it. On any thread, also after {@link #close}.
   */
  int repetitions();
}
