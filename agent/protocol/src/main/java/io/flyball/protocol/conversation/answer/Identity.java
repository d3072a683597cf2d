package io.flyball.protocol.conversation.answer;

/** What a translated answer is called; the same for all its parts. */
final class Identity {
  private final String seed;
  private final long createdSeconds;
  private int calls;

  Identity(String seed, long createdSeconds) {
    this.seed = seed;
    this.createdSeconds = createdSeconds;
  }

  long created() {
    return createdSeconds;
  }

  String id(String prefix) {
    return prefix + seed;
  }

  /** The provider's id of a tool call, or one that is made up. */
  String callId(String known, String prefix) {
    calls++;
    return known != null ? known : prefix + seed + '_' + calls;
  }
}
