package io.flyball.protocol.conversation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What one side said before the other took over. Immutable. */
final class Turn {
  enum Role {
    USER,
    ASSISTANT,
    /** An instruction in the middle of a conversation. */
    SYSTEM
  }

  final Role role;

  /** Not empty. Tool results stand first in a user's turn, tool calls last in an assistant's. */
  final List<Part> parts;

  Turn(Role role, List<Part> parts) {
    this.role = role;
    this.parts = Collections.unmodifiableList(new ArrayList<>(parts));
  }

  /** The parts of all other kinds. */
  List<Part> without(Class<? extends Part> kind) {
    List<Part> others = new ArrayList<>();
    for (Part part : parts) {
      if (!kind.isInstance(part)) {
        others.add(part);
      }
    }
    return others;
  }

  /** The parts of one kind. */
  <P extends Part> List<P> only(Class<P> kind) {
    List<P> found = new ArrayList<>();
    for (Part part : parts) {
      if (kind.isInstance(part)) {
        found.add(kind.cast(part));
      }
    }
    return found;
  }
}
