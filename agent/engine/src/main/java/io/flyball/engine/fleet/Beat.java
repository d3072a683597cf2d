package io.flyball.engine.fleet;

import java.util.List;

/** What a JVM hears when it says that it is alive. Immutable. */
public final class Beat {
  private final boolean known;
  private final long now;
  private final long epoch;
  private final int members;
  private final List<String> recalled;
  private final List<String> hints;

  /**
   * @param known false: another process has taken this JVM's name
   * @param now the store's clock, in milliseconds since the epoch
   * @param epoch since when the store has had what it has; a change means that it may have lost
   *     something
   * @param members how many JVMs are alive
   * @param recalled accounts of which others need what is not used; see {@link
   *     io.flyball.engine.share.ShareRequest#account}
   * @param hints each once for a JVM that gave it; the target behind the last tabulator
   */
  public Beat(
      boolean known, long now, long epoch, int members, List<String> recalled, List<String> hints) {
    this.known = known;
    this.now = now;
    this.epoch = epoch;
    this.members = members;
    this.recalled = recalled;
    this.hints = hints;
  }

  boolean isKnown() {
    return known;
  }

  long now() {
    return now;
  }

  long epoch() {
    return epoch;
  }

  int members() {
    return members;
  }

  List<String> recalled() {
    return recalled;
  }

  List<String> hints() {
    return hints;
  }
}
