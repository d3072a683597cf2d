package io.flyball.wire;

/**
 * What calls need to know of what a thread works for, so that other threads can go on with it: of
 * the inbound request, also when that has ended, and whom frameworks named. One of them may be
 * missing. Immutable; means something only to the gateway that made it.
 */
public interface CapturedInbound {

  /**
   * This thread works for that, and for nothing else, until the scope is closed.
   *
   * @return null when it does so already: there is nothing to close
   */
  InboundScope resume();
}
