package io.flyball.engine.wire;

/**
 * What calls need to know of the inbound request that a thread works for, so that other threads can
 * go on with it, also when the request has ended. Immutable; means something only to the gateway
 * that made it.
 */
public interface CapturedInbound {

  /**
   * This thread works for that request until the scope is closed.
   *
   * @return null when it does so already: there is nothing to close
   */
  InboundScope resume();
}
