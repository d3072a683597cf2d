package io.flyball.engine.tokens;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tells names that servers take, who do not mind the case, and that are not written as usual. */
final class FieldSpelling {
  /** As they are usually written, by what they are in small letters. */
  private final Map<String, String> usual = new HashMap<>();

  @SafeVarargs
  FieldSpelling(Set<String>... known) {
    for (Set<String> names : known) {
      for (String name : names) {
        usual.put(name.toLowerCase(Locale.ROOT), name);
      }
    }
  }

  /** Whether some server takes it for a name that is known, and is written otherwise. */
  boolean isUnusual(String name) {
    String known = usual.get(name.toLowerCase(Locale.ROOT));
    return known != null && !known.equals(name);
  }
}
