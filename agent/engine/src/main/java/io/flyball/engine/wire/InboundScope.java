package io.flyball.engine.wire;

/** While it is open, its thread serves an {@link InboundRequest}. */
public interface InboundScope extends AutoCloseable {

  /**
   * On the thread that opened it: the request is forgotten. Scopes of one thread are closed in the
   * reverse order.
   */
  @Override
  void close();
}
