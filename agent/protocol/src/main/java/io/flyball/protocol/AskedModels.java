package io.flyball.protocol;

import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Collects the models that a request names: the one that is asked, and others that may answer it,
 * where it lists them or names two in one field, of which the server takes the one it likes.
 */
public final class AskedModels {
  /** Fields at the top of a request in which gateways are told who else may answer. */
  private static final String[] LISTS = {
    "models",
    "fallbacks",
    "default_fallbacks",
    "context_window_fallbacks",
    "content_policy_fallbacks",
    "allowed_models"
  };

  /** The same, as an object that says who answers in whose place. */
  private static final String BY_NAME = "context_window_fallback_dict";

  private static final int MOST = 64;
  private static final String PRESET = "@preset/";

  /** Stands for those beyond: of it no price is known, and no list of allowed models has it. */
  private static final String MORE = "";

  private String model;

  /** Null as long as there is none. */
  private List<String> others;

  /** Of the entry of a list at hand: names in lists of its own, which may be parameters as well. */
  private final List<String> listed = new ArrayList<>(0);

  private boolean inList;
  private boolean named;
  private int instead;

  /**
   * Adds the fields at the top of a request, or of what is handed on as its top, in which models
   * are listed: as names, as requests that name theirs, or as what answers in whose place.
   *
   * @param of where the target collects them
   * @param fields adds what else such a request may say that counts; the target asks {@link
   *     #isInstead} whose it is
   */
  public static <A> JsonShape.Builder<A> lists(
      JsonShape.Builder<A> shape,
      Function<A, AskedModels> of,
      UnaryOperator<JsonShape.Builder<A>> fields) {
    JsonShape<A> inner =
        fields
            .apply(JsonShape.<A>builder())
            .value("model", (a, v) -> of.apply(a).orElse(v))
            .build();
    JsonShape<A> entry =
        fields
            .apply(JsonShape.<A>builder())
            .begin(a -> of.apply(a).beginEntry())
            .value("model", (a, v) -> of.apply(a).ofEntry(v))
            .others(
                (a, name) -> {},
                (a, kind) -> of.apply(a).inList = kind == JsonKind.ARRAY,
                (a, v) -> of.apply(a).inEntry(v))
            .othersInside(inner)
            .end(a -> of.apply(a).endEntry())
            .build();
    JsonShape<A> byName =
        JsonShape.<A>builder()
            .others((a, name) -> {}, (a, kind) -> {}, (a, v) -> of.apply(a).orElse(v))
            .build();
    for (String field : LISTS) {
      shape.value(field, (a, v) -> of.apply(a).orElse(v)).inside(field, entry);
    }
    return shape.inside(BY_NAME, byName);
  }

  /** Whether what is read is of a request that may be made in the place of this one. */
  public boolean isInstead() {
    return instead > 0;
  }

  /** What follows is. */
  public void beginInstead() {
    instead++;
  }

  /** What follows is as it was before. */
  public void endInstead() {
    instead--;
  }

  private void beginEntry() {
    beginInstead();
    listed.clear();
    named = false;
  }

  private void ofEntry(JsonValue value) {
    named |= value.isString();
    orElse(value);
  }

  private void inEntry(JsonValue value) {
    if (inList && value.isString() && listed.size() <= MOST) {
      listed.add(value.text());
    }
  }

  /** One that names no model says which others stand in for one. */
  private void endEntry() {
    endInstead();
    if (!named) {
      listed.forEach(this::add);
    }
  }

  /** The model that is asked. */
  public void ask(JsonValue value) {
    String told = value.text();
    if (told == null) {
      return;
    }
    if (isInstead()) {
      add(told);
      return;
    }
    if (model != null) {
      add(model);
    }
    model = told;
  }

  /**
   * The model that the path names, in either of its spellings. Some servers go by it, others by the
   * body: the one in the body may answer as well.
   *
   * @param named gives the name in a path, null for none
   * @return whether it names one
   */
  public boolean askAtPath(RequestHead head, UnaryOperator<String> named) {
    String written = named.apply(head.writtenPath());
    String plain = named.apply(head.plainPath());
    // A slash that is escaped within a name belongs to it.
    if (plain != null && (written == null || !written.startsWith(plain + '/'))) {
      askAtPath(plain);
    }
    if (written != null) {
      askAtPath(written);
    }
    return written != null || plain != null;
  }

  private void askAtPath(String name) {
    if (model != null) {
      add(model);
    }
    model = name;
  }

  /** One that may answer instead. */
  public void orElse(JsonValue value) {
    if (value.isString()) {
      add(value.text());
    }
  }

  /** The same. */
  public void orElse(String name) {
    if (name != null) {
      add(name);
    }
  }

  /**
   * What OpenRouter calls a preset that it keeps, as if it were a model; null for none. It may name
   * models, and nobody here knows which, so it goes by a name that only a price file of the user's
   * may have.
   */
  public static String preset(JsonValue value) {
    return value.isString() ? PRESET + value.text() : null;
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
    if (others != null) {
      others.remove(model);
    }
    return others;
  }
}
