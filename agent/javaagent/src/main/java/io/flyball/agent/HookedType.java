package io.flyball.agent;

/** What the agent does when a class of that name is defined; as the jar's list of them says. */
enum HookedType {
  /** Of a client that is governed: the engine is started for it. */
  GOVERNED(""),

  /** It only tells of a client that is not governed: the watch is started for it. */
  KNOWN(" known"),

  /**
   * Nearly every program has one: nothing is started for it, and it is woven once the engine is.
   */
  LATER(" later");

  private final String mark;

  HookedType(String mark) {
    this.mark = mark;
  }

  static HookedType ofLine(String line) {
    return line.endsWith(KNOWN.mark) ? KNOWN : line.endsWith(LATER.mark) ? LATER : GOVERNED;
  }

  /** The name of the class in a line of this kind. */
  String typeIn(String line) {
    return line.substring(0, line.length() - mark.length());
  }
}
