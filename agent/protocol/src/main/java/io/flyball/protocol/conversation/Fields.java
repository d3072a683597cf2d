package io.flyball.protocol.conversation;

import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonTree;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The fields of one JSON object, each asked for by name; whatever nobody asked for is an error,
 * because dropping it could change what the request means. A field that is null is not there.
 */
final class Fields {
  private static final Pattern HARMLESS_NAME = Pattern.compile("[A-Za-z0-9_$.-]{1,64}");

  private final JsonTree object;
  private final String what;
  private final Losses losses;
  private final boolean snakeCaseToo;
  private final Set<String> known = new HashSet<>();

  /**
   * @param what names the object in reasons
   * @param snakeCaseToo whether {@code systemInstruction} may be written {@code system_instruction}
   */
  Fields(JsonTree object, String what, Losses losses, boolean snakeCaseToo)
      throws UntranslatableException {
    if (object == null || !object.isObject()) {
      throw malformed(what);
    }
    this.object = object;
    this.what = what;
    this.losses = losses;
    this.snakeCaseToo = snakeCaseToo;
  }

  static UntranslatableException malformed(String what) {
    return new UntranslatableException("malformed " + what);
  }

  /** A word of the peer's as it may stand in a reason. */
  static String harmless(String word) {
    return word != null && HARMLESS_NAME.matcher(word).matches() ? word : "of an unknown name";
  }

  Fields inside(JsonTree inner, String named) throws UntranslatableException {
    return new Fields(inner, named, losses, snakeCaseToo);
  }

  /** The field's value; null when it is not there. */
  JsonTree take(String name) {
    JsonTree value = taken(name);
    return value == null && snakeCaseToo ? taken(snakeCase(name)) : value;
  }

  private JsonTree taken(String name) {
    known.add(name);
    JsonTree value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static String snakeCase(String camelCase) {
    StringBuilder snake = new StringBuilder();
    for (char c : camelCase.toCharArray()) {
      if (Character.isUpperCase(c)) {
        snake.append('_').append(Character.toLowerCase(c));
      } else {
        snake.append(c);
      }
    }
    return snake.toString();
  }

  /** Null when the field is not there. */
  Fields object(String name) throws UntranslatableException {
    JsonTree value = take(name);
    return value == null ? null : inside(value, name);
  }

  /** Empty when the field is not there. */
  List<JsonTree> list(String name) throws UntranslatableException {
    JsonTree value = take(name);
    if (value != null && !value.isArray()) {
      throw malformed(name);
    }
    return value == null ? Collections.<JsonTree>emptyList() : value.children();
  }

  /** Null when the field is not there. */
  String string(String name) throws UntranslatableException {
    JsonTree value = take(name);
    if (value != null && value.text() == null) {
      throw malformed(name);
    }
    return value == null ? null : value.text();
  }

  String needString(String name) throws UntranslatableException {
    String value = string(name);
    if (value == null) {
      throw malformed(what);
    }
    return value;
  }

  /** A number as it is written; null when the field is not there. */
  String number(String name) throws UntranslatableException {
    JsonTree value = take(name);
    if (value != null && value.number() == null) {
      throw malformed(name);
    }
    return value == null ? null : value.number();
  }

  /** Null when the field is not there. */
  Long integer(String name) throws UntranslatableException {
    JsonTree value = take(name);
    if (value != null && value.integer() == null) {
      throw malformed(name);
    }
    return value == null ? null : value.integer();
  }

  /** Null when the field is not there. */
  Boolean bool(String name) throws UntranslatableException {
    JsonTree value = take(name);
    if (value != null && value.kind() != JsonKind.BOOLEAN) {
      throw malformed(name);
    }
    return value == null ? null : (Boolean) value.isTrue();
  }

  boolean isTrue(String name) throws UntranslatableException {
    Boolean value = bool(name);
    return value != null && value;
  }

  /** A JSON object as it is written; null when the field is not there. */
  String objectJson(String name) throws UntranslatableException {
    JsonTree value = take(name);
    if (value != null && !value.isObject()) {
      throw malformed(name);
    }
    return value == null ? null : value.json();
  }

  /** Fields that say nothing about the meaning of the request. */
  Fields ignore(String... names) {
    known.addAll(Arrays.asList(names));
    return this;
  }

  /** Hints that get lost. */
  Fields drop(String... names) {
    for (String name : names) {
      if (take(name) != null) {
        losses.add(name);
      }
    }
    return this;
  }

  /** Switches that get lost and change nothing as long as they are off. */
  Fields dropFalse(String... names) throws UntranslatableException {
    for (String name : names) {
      if (isTrue(name)) {
        throw new UntranslatableException(name);
      }
    }
    return this;
  }

  /** Fields that cannot be carried over. */
  Fields refuse(String... names) throws UntranslatableException {
    for (String name : names) {
      if (take(name) != null) {
        throw new UntranslatableException(name);
      }
    }
    return this;
  }

  /** To be called when everything known has been asked for. */
  void end() throws UntranslatableException {
    for (JsonTree value : object.children()) {
      if (!known.contains(value.name()) && !value.isNull()) {
        throw new UntranslatableException("field " + harmless(value.name()) + " in " + what);
      }
    }
  }
}
