package io.flyball.protocol.conversation;

/** Whether the model may, must or must not call tools. Immutable. */
final class ToolChoice {
  enum Mode {
    AUTO,
    NONE,
    /** Any of them, but one. */
    REQUIRED,
    /** That one. */
    FUNCTION
  }

  final Mode mode;

  /** Null but for {@link Mode#FUNCTION}. */
  final String function;

  private ToolChoice(Mode mode, String function) {
    this.mode = mode;
    this.function = function;
  }

  static ToolChoice of(Mode mode) {
    return new ToolChoice(mode, null);
  }

  static ToolChoice function(String name) {
    return new ToolChoice(Mode.FUNCTION, name);
  }
}
