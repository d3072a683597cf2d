package io.flyball.settings;

import java.util.ArrayList;
import java.util.List;

/** How agent arguments are written. */
public final class AgentArguments {
  private AgentArguments() {}

  /**
   * The pairs that commas separate, as they are written. A part without {@code =} goes on with the
   * value before it; the first one may have none, which is a mistake.
   */
  public static List<String> pairs(String arguments) {
    List<String> pairs = new ArrayList<>();
    for (String part : arguments.split(",", -1)) {
      int last = pairs.size() - 1;
      if (part.indexOf('=') < 0 && last >= 0) {
        pairs.set(last, pairs.get(last) + ',' + part);
      } else if (!part.trim().isEmpty()) {
        pairs.add(part);
      }
    }
    return pairs;
  }
}
