package io.flyball.protocol;

import io.flyball.protocol.StoredInput.Kind;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects what a request names of what the provider keeps, as its fields are read. */
public final class StoredInputs {
  /** A request that names more is read as one that names some in a form nobody knows. */
  private static final int MOST = 8;

  private List<StoredInput> all;

  /** A field that names some is there; its value may say which. */
  public void given(Kind kind, JsonKind value) {
    if (value != JsonKind.NULL) {
      add(new StoredInput(kind, null));
    }
  }

  /** The value of that field, or of its {@code id}. */
  public void named(Kind kind, JsonValue value) {
    if (value.isString()) {
      named(kind, value.text());
    }
  }

  /** What the field that was given last means. */
  public void named(Kind kind, String id) {
    int last = all == null ? -1 : all.size() - 1;
    if (last >= 0 && all.get(last).equals(new StoredInput(kind, null))) {
      all.remove(last);
    }
    add(new StoredInput(kind, id));
  }

  /** Of a field that stands twice, one that does not say what it means stays beside the other. */
  private void add(StoredInput input) {
    all = all == null ? new ArrayList<StoredInput>(1) : all;
    if (input.id() != null && all.contains(input)) {
      return;
    }
    if (all.size() < MOST) {
      all.add(input);
    } else {
      all.set(0, new StoredInput(input.kind(), null));
    }
  }

  /** Never null. */
  public List<StoredInput> all() {
    return all == null ? Collections.<StoredInput>emptyList() : all;
  }
}
