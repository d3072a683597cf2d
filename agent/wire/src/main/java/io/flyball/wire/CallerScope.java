package io.flyball.wire;

/**
 * While it is open, more is known about who makes the calls of its thread: {@link
 * Gateway#beginNamed}, {@link Gateway#resume}.
 */
public interface CallerScope extends AutoCloseable {

  /**
   * On the thread that opened it: that is no longer so. Scopes of one thread are closed in the
   * reverse order.
   */
  @Override
  void close();
}
