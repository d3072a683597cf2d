package io.flyball.protocol;

import io.flyball.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the models that a request names: the one that is asked, and others that may answer it,
 * where it lists them or names two in one field, of which the server takes the one it likes.
 */
public final class AskedModels {
  private static final int MOST = 64;

  /** Stands for those beyond: of it no price is known, and no list of allowed models has it. */
  private static final String MORE = "";

  private String model;

  /** Null as long as there is none. */
  private List<String> others;

  /** The model that is asked. */
  public void ask(JsonValue value) {
    String told = value.text();
    if (told == null) {
      return;
    }
    if (model != null) {
      add(model);
    }
    model = told;
  }

  /** One that may answer instead. */
  public void orElse(JsonValue value) {
    if (value.isString()) {
      add(value.text());
    }
  }

  private void add(String name) {
    others = others == null ? new ArrayList<>() : others;
    if (!others.contains(name) && others.size() <= MOST) {
      others.add(others.size() < MOST ? name : MORE);
    }
  }

  /** The model that is asked, or null. */
  public String model() {
    return model;
  }

  /** For {@link RequestFacts.Builder#otherModels}; null where there is no other. */
  public List<String> others() {
    return others;
  }
}
