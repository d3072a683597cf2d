package io.flyball.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON value in memory that knows the bytes it was read from, so that a part of it can be copied
 * as it stands. Immutable; the bytes must not be changed meanwhile.
 */
public final class JsonTree {
  private final byte[] source;
  private final int entryStart;
  private final int start;
  private final JsonKind kind;
  private final String name;
  private int end;
  private boolean truth;
  private String text;
  private List<JsonTree> children = Collections.emptyList();
  private Map<String, JsonTree> byName = Collections.emptyMap();

  private JsonTree(byte[] source, int entryStart, int start, JsonKind kind, String name) {
    this.source = source;
    this.entryStart = entryStart;
    this.start = start;
    this.kind = kind;
    this.name = name;
  }

  /**
   * @param bytes UTF-8, perhaps with a byte order mark
   * @return null when the bytes are not exactly one JSON object or array
   */
  public static JsonTree read(byte[] bytes) {
    return read(bytes, Json.FACTORY, true);
  }

  /**
   * Reads what only strict parsers refuse as well: comments, single quotes, control characters,
   * numbers that JSON lacks, commas too many. What stands behind the value is passed over.
   *
   * @param bytes UTF-8, perhaps with a byte order mark
   * @return null when the bytes do not begin with a JSON object or array, or are no UTF-8
   */
  public static JsonTree readLeniently(byte[] bytes) {
    return read(bytes, Json.LENIENT, false);
  }

  private static JsonTree read(byte[] bytes, JsonFactory factory, boolean nothingBehind) {
    int start = Utf8.afterByteOrderMark(bytes);
    if (!Utf8.mayBeStructure(bytes, start)) {
      return null;
    }
    try (JsonParser parser = factory.createParser(bytes, start, bytes.length - start)) {
      parser.nextToken();
      JsonTree tree = new Reader(parser, bytes, start).value(-1, null);
      return nothingBehind && parser.nextToken() != null ? null : tree;
    } catch (IOException | RuntimeException e) {
      return null;
    } catch (StackOverflowError tooDeep) {
      // Of the application's thread nobody knows how much of its stack is left.
      return null;
    }
  }

  public JsonKind kind() {
    return kind;
  }

  public boolean isNull() {
    return kind == JsonKind.NULL;
  }

  public boolean isObject() {
    return kind == JsonKind.OBJECT;
  }

  public boolean isArray() {
    return kind == JsonKind.ARRAY;
  }

  public boolean isTrue() {
    return truth;
  }

  /** The string; null when this is none. */
  public String text() {
    return kind == JsonKind.STRING ? text : null;
  }

  /** The number as it is written; null when this is none. */
  public String number() {
    return kind == JsonKind.NUMBER ? text : null;
  }

  /** The number; null when this is none, has a fraction, or does not fit. */
  public Long integer() {
    if (kind != JsonKind.NUMBER) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return decimalInteger();
    }
  }

  private Long decimalInteger() {
    double value = Double.parseDouble(text);
    boolean whole = Math.rint(value) == value && Math.abs(value) < 1L << 53;
    return whole ? (Long) (long) value : null;
  }

  /** The field's value, the last one when it stands twice; null when there is none. */
  public JsonTree get(String field) {
    return byName.get(field);
  }

  /** An array's elements, or an object's values in their order, with those that stand twice. */
  public List<JsonTree> children() {
    return children;
  }

  /** The field this is the value of; null for an array's element and for the outermost value. */
  public String name() {
    return name;
  }

  /** The value exactly as it was written. */
  public String json() {
    return new String(source, start, end - start, StandardCharsets.UTF_8);
  }

  /** How many bytes it was written with. */
  public int length() {
    return end - start;
  }

  byte[] source() {
    return source;
  }

  /** Where the value begins, or the name of the field that it belongs to. */
  int entryStart() {
    return entryStart;
  }

  int start() {
    return start;
  }

  /** Exclusive. */
  int end() {
    return end;
  }

  private static final class Reader {
    private final JsonParser parser;
    private final byte[] source;
    private final int origin;

    Reader(JsonParser parser, byte[] source, int origin) {
      this.parser = parser;
      this.source = source;
      this.origin = origin;
    }

    /**
     * @param nameStart where the field's name begins, negative when there is none
     */
    JsonTree value(int nameStart, String name) throws IOException {
      JsonToken token = parser.currentToken();
      int start = tokenStart();
      int entryStart = nameStart < 0 ? start : nameStart;
      JsonTree tree = new JsonTree(source, entryStart, start, kind(token), name);
      if (token == JsonToken.START_OBJECT) {
        object(tree);
      } else if (token == JsonToken.START_ARRAY) {
        array(tree);
      } else {
        parser.finishToken();
        tree.truth = token == JsonToken.VALUE_TRUE;
        tree.text = token.isScalarValue() ? parser.getText() : null;
      }
      tree.end = origin + (int) parser.currentLocation().getByteOffset();
      return tree;
    }

    private void object(JsonTree tree) throws IOException {
      List<JsonTree> values = new ArrayList<>();
      Map<String, JsonTree> byName = new HashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        int nameStart = tokenStart();
        String name = parser.currentName();
        parser.nextToken();
        JsonTree value = value(nameStart, name);
        values.add(value);
        byName.put(name, value);
      }
      tree.children = Collections.unmodifiableList(values);
      tree.byName = byName;
    }

    private void array(JsonTree tree) throws IOException {
      List<JsonTree> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(-1, null));
      }
      tree.children = Collections.unmodifiableList(items);
    }

    private int tokenStart() {
      return origin + (int) parser.currentTokenLocation().getByteOffset();
    }

    private static JsonKind kind(JsonToken token) {
      switch (token) {
        case START_OBJECT:
          return JsonKind.OBJECT;
        case START_ARRAY:
          return JsonKind.ARRAY;
        case VALUE_STRING:
          return JsonKind.STRING;
        case VALUE_NUMBER_INT:
        case VALUE_NUMBER_FLOAT:
          return JsonKind.NUMBER;
        case VALUE_TRUE:
        case VALUE_FALSE:
          return JsonKind.BOOLEAN;
        default:
          return JsonKind.NULL;
      }
    }
  }
}
