package io.flyball.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Edits a JSON object in place: the new field goes in where it belongs and every other byte (order,
 * white space, unknown fields, escapes) stays as it was.
 */
public final class JsonSplice {

  /** A place in the document; {@code end} is exclusive. */
  private static final class Place {
    final int start;
    final int end;
    final int level;
    final boolean missing;
    final boolean first;

    private Place(int start, int end, int level, boolean missing, boolean first) {
      this.start = start;
      this.end = end;
      this.level = level;
      this.missing = missing;
      this.first = first;
    }
  }

  private JsonSplice() {}

  /**
   * Sets a field. An existing value is replaced, whatever it was; when a key stands twice, the last
   * one counts, as it does for providers. Objects missing on the way are made, and a scalar or
   * array standing on the way is replaced by an object.
   *
   * @param document UTF-8, perhaps with a byte order mark
   * @param json the new value as JSON text
   * @param path field names from the outermost object inward, at least one
   * @return the changed document, or null when it is not one well-formed JSON object
   */
  public static byte[] set(byte[] document, String json, String... path) {
    Place place = locate(document, path);
    if (place == null) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    if (place.missing) {
      text.append(quoted(path[place.level])).append(':');
    }
    for (int i = place.level + 1; i < path.length; i++) {
      text.append('{').append(quoted(path[i])).append(':');
    }
    text.append(json);
    for (int i = place.level + 1; i < path.length; i++) {
      text.append('}');
    }
    if (place.missing && !place.first) {
      text.append(',');
    }
    byte[] inserted = text.toString().getBytes(StandardCharsets.UTF_8);
    byte[] result = new byte[document.length - (place.end - place.start) + inserted.length];
    System.arraycopy(document, 0, result, 0, place.start);
    System.arraycopy(inserted, 0, result, place.start, inserted.length);
    System.arraycopy(
        document, place.end, result, place.start + inserted.length, document.length - place.end);
    return result;
  }

  /**
   * As {@link #set}, of a field at the top that is not there twice, nor in letters of another case:
   * which one counts is the server's choice.
   *
   * @return null also when it is
   */
  public static byte[] setOnly(byte[] document, String json, String field) {
    int[] found = new int[1];
    JsonShape<int[]> shape =
        JsonShape.<int[]>builder().kind(field, (count, kind) -> count[0]++).build();
    int[] any = new int[1];
    boolean read =
        JsonDocument.read(document, shape, found)
            && JsonDocument.readInAnyCase(document, shape, any);
    return read && any[0] <= 1 && any[0] == found[0] ? set(document, json, field) : null;
  }

  /** A string as a JSON literal. */
  public static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private static Place locate(byte[] document, String[] path) {
    int start = Utf8.afterByteOrderMark(document);
    if (!Utf8.mayBeStructure(document, start)) {
      return null;
    }
    try (JsonParser parser = Json.FACTORY.createParser(document, start, document.length - start)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      Place place = inObject(parser, start, path, 0);
      return parser.nextToken() == null ? place : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static Place inObject(JsonParser parser, int origin, String[] path, int level)
      throws IOException {
    int inside = origin + (int) parser.currentLocation().getByteOffset();
    Place found = null;
    boolean empty = true;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      empty = false;
      boolean wanted = parser.currentName().equals(path[level]);
      JsonToken token = parser.nextToken();
      if (!wanted) {
        passOver(parser, token);
      } else if (level + 1 < path.length && token == JsonToken.START_OBJECT) {
        found = inObject(parser, origin, path, level + 1);
      } else {
        int start = origin + (int) parser.currentTokenLocation().getByteOffset();
        passOver(parser, token);
        int end = origin + (int) parser.currentLocation().getByteOffset();
        found = new Place(start, end, level, false, false);
      }
    }
    return found != null ? found : new Place(inside, inside, level, true, empty);
  }

  private static void passOver(JsonParser parser, JsonToken token) throws IOException {
    if (token.isStructStart()) {
      parser.skipChildren();
    } else {
      parser.finishToken();
    }
  }
}
