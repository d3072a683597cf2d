package io.flyball.wire;

import java.io.IOException;

/**
 * Told by a transport that it is about to write an attempt's body. A provider that never got one
 * bills nothing. Thread safe.
 */
public interface Sending {
  /** For attempts that nobody asks about. */
  Sending UNHEARD = () -> {};

  /**
   * The next byte written is one of the body. May be called more than once: clients repeat.
   *
   * @throws IOException when the attempt has ended as one that was not sent: it must not be now
   */
  void begin() throws IOException;
}
