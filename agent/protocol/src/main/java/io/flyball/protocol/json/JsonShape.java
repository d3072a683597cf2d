package io.flyball.protocol.json;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Which fields of a JSON object are worth looking at, and whom to tell. Everything not named here
 * is passed over without being kept.
 *
 * <p>An array of objects is treated like each of its objects, and an array of scalars like each of
 * its scalars: formats that allow "a value or a list of values" need no second description. When a
 * key stands twice, both values are told in order, so that the last one wins.
 *
 * @param <T> whom to tell
 */
public final class JsonShape<T> {

  /** What is wanted of one field. */
  static final class Field<T> {
    JsonShape<T> inside;
    BiConsumer<T, JsonValue> value;
    BiConsumer<T, JsonKind> kind;
    Consumer<T> element;
  }

  private final Map<String, Field<T>> fields;
  private final Field<T> asField = new Field<>();
  private final Consumer<T> begin;
  private final Consumer<T> end;

  private JsonShape(Builder<T> builder) {
    this.fields = new HashMap<>(builder.fields);
    this.begin = builder.begin;
    this.end = builder.end;
    this.asField.inside = this;
  }

  public static <T> Builder<T> builder() {
    return new Builder<>();
  }

  /** A shape whose only field is this one; for documents read through a wrapper. */
  Field<T> asField() {
    return asField;
  }

  Field<T> field(String name) {
    return fields.get(name);
  }

  void begin(T target) {
    if (begin != null) {
      begin.accept(target);
    }
  }

  void end(T target) {
    if (end != null) {
      end.accept(target);
    }
  }

  /** Names the fields; several wishes for one field add up. */
  public static final class Builder<T> {
    private final Map<String, Field<T>> fields = new HashMap<>();
    private Consumer<T> begin;
    private Consumer<T> end;

    private Builder() {}

    private Field<T> of(String name) {
      return fields.computeIfAbsent(name, absent -> new Field<>());
    }

    /** The field's scalar, or each scalar of its array. */
    public Builder<T> value(String name, BiConsumer<T, JsonValue> told) {
      of(name).value = told;
      return this;
    }

    /** What kind of value the field has; told before the value itself. */
    public Builder<T> kind(String name, BiConsumer<T, JsonKind> told) {
      of(name).kind = told;
      return this;
    }

    /** Told for each element of the field's array, before the element itself. */
    public Builder<T> element(String name, Consumer<T> told) {
      of(name).element = told;
      return this;
    }

    /** The field's object, or each object of its array. */
    public Builder<T> inside(String name, JsonShape<T> shape) {
      of(name).inside = shape;
      return this;
    }

    /** Told at the start of every such object. */
    public Builder<T> begin(Consumer<T> told) {
      this.begin = told;
      return this;
    }

    /** Told at the end of every such object. */
    public Builder<T> end(Consumer<T> told) {
      this.end = told;
      return this;
    }

    public JsonShape<T> build() {
      return new JsonShape<>(this);
    }
  }
}
