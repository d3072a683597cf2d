package io.flyball.protocol.conversation;

/**
 * How the next token is chosen; numbers as they were written, null where nothing is said. Written
 * by the reader of a request only.
 */
final class Sampling {
  String temperature;
  String topP;
  String topK;
  String frequencyPenalty;
  String presencePenalty;
  String seed;
}
