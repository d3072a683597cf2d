package io.flyball.engine.call;

/**
 * Told of every call that ended, on one background thread, in the order of their ends. An exception
 * is counted and logged once; the other listeners still hear of the call.
 */
public interface CallListener {

  void callEnded(CallRecord record);

  /** Writes out what is buffered; called before the JVM ends. */
  default void flush() {}
}
