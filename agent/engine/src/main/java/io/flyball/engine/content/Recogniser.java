package io.flyball.engine.content;

/** Code that knows one kind of secret. Immutable. */
interface Recogniser {
  /**
   * Looks at the surroundings of a word of the rule's, or of the first of some digits. Reads a
   * bounded number of characters, or no more than it says it has done with.
   *
   * @param start of the word or digit
   * @param end of the word, exclusive; behind the first digit
   * @param found what was found is added there
   * @return where this rule goes on: it need not look at anything that begins before
   */
  int look(CharSequence text, int start, int end, Found found);
}
