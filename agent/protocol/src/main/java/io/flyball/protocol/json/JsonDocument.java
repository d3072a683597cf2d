package io.flyball.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** A whole JSON document in memory, read once along a shape. */
public final class JsonDocument {

  private JsonDocument() {}

  /**
   * Tells {@code target} what {@code shape} asks for.
   *
   * @param bytes UTF-8, perhaps with a byte order mark
   * @return false when the bytes are not exactly one JSON object (or one array of objects); the
   *     target may have been told a part of it by then
   */
  public static <T> boolean read(byte[] bytes, JsonShape<T> shape, T target) {
    int start = Utf8.afterByteOrderMark(bytes);
    if (!Utf8.mayBeStructure(bytes, start)) {
      return false;
    }
    JsonWalk<T> walk = new JsonWalk<>(shape, target);
    try (JsonParser parser = Json.FACTORY.createParser(bytes, start, bytes.length - start)) {
      walk.advance(parser);
      return walk.isWhole();
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
