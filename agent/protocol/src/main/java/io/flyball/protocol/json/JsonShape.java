package io.flyball.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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

  private final FieldNames<Field<T>> names;

  /** The same in small letters, but for those that are only asked for as they are written. */
  private final FieldNames<Field<T>> folded;

  private final Field<T> asField = new Field<>();
  private final Field<T> others;
  private final BiConsumer<T, String> otherNames;
  private final Consumer<T> begin;
  private final Consumer<T> end;

  private JsonShape(Builder<T> builder) {
    this.fields = new HashMap<>(builder.fields);
    this.names = new FieldNames<>(fields, false);
    Map<String, Field<T>> inAnyCase = new HashMap<>(builder.fields);
    inAnyCase.keySet().removeAll(builder.exact);
    this.folded = new FieldNames<>(inAnyCase, true);
    this.begin = builder.begin;
    this.end = builder.end;
    this.others = builder.alike ? new Field<>() : builder.others;
    if (builder.alike) {
      this.others.inside = this;
    }
    this.otherNames = builder.otherNames;
    this.asField.inside = this;
  }

  public static <T> Builder<T> builder() {
    return new Builder<>();
  }

  /** A shape whose only field is this one; for documents read through a wrapper. */
  Field<T> asField() {
    return asField;
  }

  /** The field whose name is written so between its quotes; null where nobody asks for it. */
  Field<T> field(byte[] bytes, int start, int end, boolean escapes) {
    Field<T> field =
        escapes
            ? fields.get(StringText.decoded(bytes, start, end, end - start))
            : names.at(bytes, start, end);
    return field == null ? others : field;
  }

  /** The same, in letters of any case where there is none as it is written. */
  Field<T> fieldInAnyCase(byte[] bytes, int start, int end, boolean escapes) {
    Field<T> field = field(bytes, start, end, escapes);
    if (field != null && field != others) {
      return field;
    }
    if (escapes || !FieldNames.isAscii(bytes, start, end)) {
      byte[] plain =
          FieldNames.folded(StringText.decoded(bytes, start, end, end - start))
              .getBytes(StandardCharsets.UTF_8);
      field = folded.at(plain, 0, plain.length);
    } else {
      field = folded.at(bytes, start, end);
    }
    return field == null ? others : field;
  }

  /** Any field that has no name here; null where nobody asks for those. */
  Field<T> others() {
    return others;
  }

  /** Whether somebody wants to know how the fields are called that have no name here. */
  boolean wantsOtherNames() {
    return otherNames != null;
  }

  void otherName(T target, String name) {
    otherNames.accept(target, name);
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
    private Field<T> others;
    private BiConsumer<T, String> otherNames;
    private boolean alike;
    private final Set<String> exact = new HashSet<>();

    private Builder() {}

    private Field<T> of(String name) {
      return fields.computeIfAbsent(name, absent -> new Field<>());
    }

    /** Asked for as it is written alone, also where names may be in letters of any case. */
    public Builder<T> exactly(String name) {
      exact.add(name);
      return this;
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

    /** What else there is to ask of each field that has no name here: its object, or objects. */
    public Builder<T> othersInside(JsonShape<T> shape) {
      others = others == null ? new Field<>() : others;
      others.inside = shape;
      return this;
    }

    /** Instead: within each field that has no name here are such objects again, however deep. */
    public Builder<T> othersAlike() {
      alike = true;
      return this;
    }

    /** Fields that are known and of which nothing is wanted: they are none of the others. */
    public Builder<T> known(String... names) {
      for (String name : names) {
        of(name);
      }
      return this;
    }

    /** What kind of value each field has that has no name here. */
    public Builder<T> others(BiConsumer<T, JsonKind> told) {
      others = others == null ? new Field<>() : others;
      others.kind = told;
      return this;
    }

    /**
     * The same, told the name of each of them before, and its scalars after; of a name that is too
     * long to be one anybody knows, the empty one.
     */
    public Builder<T> others(
        BiConsumer<T, String> names,
        BiConsumer<T, JsonKind> told,
        BiConsumer<T, JsonValue> values) {
      otherNames = names;
      others(told);
      others.value = values;
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
