package io.flyball.protocol.conversation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The hints that a translation dropped, by name. */
final class Losses {
  private final Set<String> names = new LinkedHashSet<>();

  void add(String name) {
    names.add(name);
  }

  List<String> list() {
    return Collections.unmodifiableList(new ArrayList<>(names));
  }
}
