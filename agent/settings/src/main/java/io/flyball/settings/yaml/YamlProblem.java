package io.flyball.settings.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** What is wrong with a YAML file. The message says it without quoting the file. */
public final class YamlProblem extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_LENGTH = 200;

  private final int line;
  private final int column;

  YamlProblem(Optional<Mark> mark, String message) {
    super(
        message.length() > MAX_LENGTH ? message.substring(0, MAX_LENGTH) + "..." : message,
        null,
        false,
        false);
    this.line = mark.isPresent() ? mark.get().getLine() + 1 : 0;
    this.column = mark.isPresent() ? mark.get().getColumn() + 1 : 0;
  }

  /** From 1; 0 when it is nowhere in particular. */
  public int line() {
    return line;
  }

  /** From 1; 0 as the line is. */
  public int column() {
    return column;
  }
}
