package io.flyball.protocol.json;

/** A whole JSON document in memory, read once along a shape. */
public final class JsonDocument {

  private JsonDocument() {}

  /**
   * Tells {@code target} what {@code shape} asks for. Takes whatever some parser in use would take,
   * see {@link JsonTokens}.
   *
   * @param bytes UTF-8, UTF-16 or UTF-32, perhaps with a byte order mark
   * @return false when the bytes do not begin with a whole JSON object (or array of objects); the
   *     target may have been told a part of it by then
   */
  public static <T> boolean read(byte[] bytes, JsonShape<T> shape, T target) {
    return read(bytes, new JsonWalk<>(shape, target));
  }

  /**
   * The same with names in letters of any case, as servers in Go read them: what stands there in
   * several is told as what stands there several times.
   */
  public static <T> boolean readInAnyCase(byte[] bytes, JsonShape<T> shape, T target) {
    return read(bytes, new JsonWalk<>(shape, target, true));
  }

  private static <T> boolean read(byte[] bytes, JsonWalk<T> walk) {
    byte[] text = UnicodeText.utf8(bytes);
    JsonTokens tokens = new JsonTokens(walk, Integer.MAX_VALUE);
    int start = Utf8.afterByteOrderMark(text);
    tokens.feed(text, start, text.length - start);
    return tokens.isOver() && walk.hasObject();
  }

  /**
   * Whether the bytes begin with a JSON value that some parser in use would take, be it that it
   * passes over what comes behind.
   */
  public static boolean isReadable(byte[] bytes, int offset, int length) {
    JsonTokens tokens = new JsonTokens(null, 0);
    tokens.feed(bytes, offset, length);
    tokens.end();
    return tokens.isOver();
  }
}
