package io.flyball.protocol.trim;

/**
 * The ways from a request to shorter ones that say the same as far as they can, one step after the
 * other. All of them are splices: what is not taken out stays byte for byte. Immutable; the
 * request's bytes must not be changed meanwhile.
 */
public interface Trimming {

  /** How far one can go; 0 when nothing can be taken out. */
  int steps();

  /**
   * The request after so many steps: a conversation that its protocol allows, no longer than after
   * one step less.
   *
   * @param step from 0, which is the request itself, to {@link #steps}
   */
  byte[] at(int step);

  /**
   * Leaves out the oldest turns, then the oldest rounds of tool calls in the last turn. What stays:
   * system prompts wherever they stand, what the user said last, a call with its result.
   *
   * @param protocolId {@code Protocol#id} of the request; of others, and of a body that is no
   *     conversation, nothing can be taken out
   */
  static Trimming oldestTurns(String protocolId, byte[] body) {
    return new OldestTurns(body, Dialogue.read(protocolId, body));
  }

  /**
   * Cuts the middle out of the longest texts of the conversation, be they what the user said last,
   * and leaves a marker there. System prompts, tool calls and thoughts stay.
   *
   * @param protocolId {@code Protocol#id} of the request; of others, and of a body that is no
   *     conversation, nothing can be taken out
   */
  static Trimming middle(String protocolId, byte[] body) {
    return new MiddleOfTexts(body, Dialogue.read(protocolId, body));
  }
}
