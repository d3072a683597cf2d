package io.flyball.base;

/** Where Flyball's own failures go. They are logged once per place and counted, never thrown. */
public interface InternalErrors {

  /**
   * Takes note of a failure. Never throws, thread safe.
   *
   * @param place what failed, for example {@code stage CommitGate}: few distinct values
   */
  void report(String place, Throwable failure);

  /**
   * The same of a failure that whoever reports it tells the user in words of its own. It counts as
   * any other.
   */
  default void reportTold(String place, Throwable failure) {
    report(place, failure);
  }
}
