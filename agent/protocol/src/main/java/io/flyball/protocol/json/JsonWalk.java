package io.flyball.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.flyball.protocol.json.JsonShape.Field;
import java.io.IOException;
import java.util.Arrays;

/**
 * Follows a parser's tokens along a shape. It can stop between any two tokens and go on later, so
 * that the same shape reads a whole document and one that arrives in pieces.
 */
final class JsonWalk<T> {
  private final Field<T> root;
  private final T target;
  private final JsonValue value = new JsonValue();

  /** The containers we are in: an object's own field, or the field an array belongs to. */
  private Field<T>[] path = newPath(8);

  private boolean[] array = new boolean[8];
  private int depth;

  /** How deep we are in a container nobody asked for. */
  private int passedOver;

  private Field<T> field;
  private int objects;
  private int roots;

  JsonWalk(JsonShape<T> shape, T target) {
    this.root = shape.asField();
    this.target = target;
  }

  @SuppressWarnings("unchecked")
  private static <T> Field<T>[] newPath(int length) {
    return (Field<T>[]) new Field<?>[length];
  }

  /** Takes tokens until there are no more for now. */
  void advance(JsonParser parser) throws IOException {
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.NOT_AVAILABLE;
        token = parser.nextToken()) {
      accept(parser, token);
    }
  }

  /** Whether what was read since the last reset is exactly one object, or one array of objects. */
  boolean isWhole() {
    return roots == 1 && objects > 0 && depth == 0 && passedOver == 0;
  }

  /** Whether nothing was read since the last reset, or a container is open. */
  boolean isInside() {
    return roots == 0 || depth > 0 || passedOver > 0;
  }

  void reset() {
    depth = 0;
    passedOver = 0;
    objects = 0;
    roots = 0;
  }

  private void accept(JsonParser parser, JsonToken token) throws IOException {
    if (passedOver > 0) {
      if (token.isStructStart()) {
        passedOver++;
      } else if (token.isStructEnd()) {
        passedOver--;
      }
      return;
    }
    switch (token) {
      case FIELD_NAME:
        field = path[depth - 1].inside.field(parser.currentName());
        break;
      case START_OBJECT:
        startObject();
        break;
      case START_ARRAY:
        startArray();
        break;
      case END_OBJECT:
        depth--;
        path[depth].inside.end(target);
        break;
      case END_ARRAY:
        depth--;
        break;
      default:
        scalar(parser, token);
        break;
    }
  }

  private void startObject() {
    Field<T> wanted = wanted();
    announce(wanted, JsonKind.OBJECT);
    if (wanted == null || wanted.inside == null) {
      passedOver = 1;
      return;
    }
    if (wanted == root) {
      objects++;
    }
    push(wanted, false);
    wanted.inside.begin(target);
  }

  private void startArray() {
    Field<T> wanted = wanted();
    boolean nested = inArray();
    announce(wanted, JsonKind.ARRAY);
    boolean interesting =
        wanted != null
            && !nested
            && (wanted.inside != null || wanted.value != null || wanted.element != null);
    if (interesting) {
      push(wanted, true);
    } else {
      passedOver = 1;
    }
  }

  private void scalar(JsonParser parser, JsonToken token) {
    Field<T> wanted = wanted();
    if (wanted == null) {
      return;
    }
    value.on(parser, token);
    announce(wanted, value.kind());
    if (wanted.value != null) {
      wanted.value.accept(target, value);
    }
  }

  private Field<T> wanted() {
    if (depth == 0) {
      roots++;
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
