package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;

/**
 * Takes an answer piece by piece, in no provider's words: {@link #start} first, {@link #end} last.
 * Reasoning is not told, because no provider takes another one's back.
 */
interface AnswerSink {

  /**
   * @param model the model that answers; not null
   * @param soFar tokens as reported by now, or null
   */
  void start(String model, Usage soFar);

  /** A piece of the answer's text, not empty. */
  void text(String piece);

  /** A piece of a refusal's text, not empty. */
  void refusal(String piece);

  /**
   * A tool call begins; the one before it is over.
   *
   * @param id null when the provider gave none
   */
  void toolCall(String id, String name) throws UnusableAnswerException;

  /** A piece of the JSON text of the arguments of the tool call at hand. */
  void arguments(String piece);

  /**
   * @param usage null when the provider reported none
   */
  void end(StopReason reason, Usage usage) throws UnusableAnswerException;
}
