package io.flyball.protocol.json;

import io.flyball.protocol.json.JsonShape.Field;
import java.util.Arrays;

/**
 * Follows the tokens of a document along a shape and tells the target what that asks for. Of what
 * it does not look into it is shown nothing.
 */
final class JsonWalk<T> {
  private final Field<T> root;
  private final T target;
  private final boolean anyCase;

  /** The containers we are in: an object's own field, or the field an array belongs to. */
  private Field<T>[] path = newPath(8);

  private boolean[] array = new boolean[8];
  private int depth;

  private Field<T> field;
  private int objects;

  JsonWalk(JsonShape<T> shape, T target) {
    this(shape, target, false);
  }

  /**
   * @param anyCase whether a name may be in letters of any case
   */
  JsonWalk(JsonShape<T> shape, T target, boolean anyCase) {
    this.anyCase = anyCase;
    this.root = shape.asField();
    this.target = target;
  }

  @SuppressWarnings("unchecked")
  private static <T> Field<T>[] newPath(int length) {
    return (Field<T>[]) new Field<?>[length];
  }

  /** Whether there was an object of that shape: the document, or an element of it. */
  boolean hasObject() {
    return objects > 0;
  }

  void reset() {
    depth = 0;
    objects = 0;
  }

  /** The name of the field that comes next. */
  void name(byte[] bytes, int start, int end, boolean escapes) {
    JsonShape<T> shape = path[depth - 1].inside;
    field =
        anyCase
            ? shape.fieldInAnyCase(bytes, start, end, escapes)
            : shape.field(bytes, start, end, escapes);
    if (field != null && field == shape.others() && shape.wantsOtherNames()) {
      shape.otherName(target, StringText.decoded(bytes, start, end, end - start));
    }
  }

  /** The same of a name that is longer than any that somebody asks for. */
  void unknownName() {
    JsonShape<T> shape = path[depth - 1].inside;
    field = shape.others();
    if (shape.wantsOtherNames()) {
      shape.otherName(target, "");
    }
  }

  /** Gives whether to look into the object. */
  boolean beginObject() {
    Field<T> wanted = wanted();
    announce(wanted, JsonKind.OBJECT);
    if (wanted == null || wanted.inside == null) {
      return false;
    }
    if (wanted == root) {
      objects++;
    }
    push(wanted, false);
    wanted.inside.begin(target);
    return true;
  }

  /** Gives whether to look into the array. */
  boolean beginArray() {
    Field<T> wanted = wanted();
    boolean nested = inArray();
    announce(wanted, JsonKind.ARRAY);
    boolean interesting =
        wanted != null
            && !nested
            && (wanted.inside != null || wanted.value != null || wanted.element != null);
    if (interesting) {
      push(wanted, true);
    }
    return interesting;
  }

  void endObject() {
    depth--;
    path[depth].inside.end(target);
  }

  void endArray() {
    depth--;
  }

  /** Whether the scalar that comes next is of interest. */
  boolean wantsScalar() {
    return wanted() != null;
  }

  void scalar(JsonValue value) {
    Field<T> wanted = wanted();
    announce(wanted, value.kind());
    if (wanted.value != null) {
      wanted.value.accept(target, value);
    }
  }

  private Field<T> wanted() {
    if (depth == 0) {
      return root;
    }
    return array[depth - 1] ? path[depth - 1] : field;
  }

  private boolean inArray() {
    return depth > 0 && array[depth - 1];
  }

  private void announce(Field<T> wanted, JsonKind kind) {
    if (wanted == null) {
      return;
    }
    if (inArray()) {
      if (wanted.element != null) {
        wanted.element.accept(target);
      }
    } else if (wanted.kind != null) {
      wanted.kind.accept(target, kind);
    }
  }

  private void push(Field<T> container, boolean isArray) {
    if (depth == path.length) {
      path = Arrays.copyOf(path, depth * 2);
      array = Arrays.copyOf(array, depth * 2);
    }
    path[depth] = container;
    array[depth] = isArray;
    depth++;
  }
}
