package io.flyball.engine.anomaly;

/**
 * What one request tells of the conversation it goes on with: hashes and counts, no text.
 * Immutable.
 */
final class Conversation {
  private final long[] beginnings;
  private final int repeats;
  private final boolean person;

  Conversation(long[] beginnings, int repeats, boolean person) {
    this.beginnings = beginnings;
    this.repeats = repeats;
    this.person = person;
  }

  /**
   * How many messages it has, without system prompts: those often hold the time or what was looked
   * up, and change from call to call.
   */
  int messages() {
    return beginnings.length;
  }

  /** The hash of the first so many messages, which a longer request of the same one has, too. */
  long beginning(int messages) {
    return beginnings[messages - 1];
  }

  /** Of all messages. */
  long whole() {
    return beginnings[beginnings.length - 1];
  }

  /** How often the most frequent tool call was made since a person last spoke. */
  int repeats() {
    return repeats;
  }

  /** Whether the last message is what a user says, not the result of a tool. */
  boolean endsWithUser() {
    return person;
  }
}
