package io.flyball.engine.share;

import java.util.List;

/** A policy that has parts of amounts which several JVMs have together. Thread safe. */
public interface ShareOwner {

  /** All that the others should know of. */
  List<Share> shares(long epochMillis);

  /** Lets those look again who wait for what others have. */
  void wake();
}
