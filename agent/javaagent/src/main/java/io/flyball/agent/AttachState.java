package io.flyball.agent;

/**
 * How an agent in a JVM is, said in a system property: that is all that another process can see of
 * it, and so what {@code attach} knows. Not below {@code flyball.}, where users' settings are.
 */
final class AttachState {
  private static final String PROPERTY = "io.flyball.attached";

  /** What a reader of system properties may be shown of one reason. */
  private static final int LONGEST = 4_000;

  private static final String ON = "true";
  private static final String OFF = "off: ";

  private final String said;

  private AttachState(String said) {
    this.said = said;
  }

  /** An agent is there. */
  static void on() {
    System.setProperty(PROPERTY, ON);
  }

  /**
   * It is there and does nothing.
   *
   * @param why fit to be shown, like a line of the log
   */
  static void off(String why) {
    String shown = why.length() > LONGEST ? why.substring(0, LONGEST) + "..." : why;
    System.setProperty(PROPERTY, OFF + shown);
  }

  /**
   * As the system properties of a JVM say it.
   *
   * @param value of the property, or null
   */
  static AttachState of(String value) {
    return new AttachState(value);
  }

  static String property() {
    return PROPERTY;
  }

  /** Whether an agent of ours is there, and is not off. */
  boolean isOn() {
    return said != null && !isOff();
  }

  /** Whether one is there and does nothing, so that another attachment may try again. */
  boolean isOff() {
    return said != null && said.startsWith(OFF);
  }

  /** Why it does nothing. */
  String why() {
    return said.substring(OFF.length());
  }

  @Override
  public String toString() {
    return "AttachState[" + said + ']';
  }
}
