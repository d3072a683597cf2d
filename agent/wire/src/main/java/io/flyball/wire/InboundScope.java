package io.flyball.wire;

/**
 * While it is open, its thread serves an {@link InboundRequest}, works for a {@link
 * CapturedInbound}, or for none.
 */
public interface InboundScope extends AutoCloseable {

  /**
   * On the thread that opened it: what was before is again. Scopes of one thread are closed in the
   * reverse order.
   */
  @Override
  void close();
}
