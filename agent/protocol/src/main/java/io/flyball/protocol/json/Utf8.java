package io.flyball.protocol.json;

/** What can be told from the first bytes of a document. */
public final class Utf8 {

  private Utf8() {}

  /** The index of the first byte after a UTF-8 byte order mark, 0 when there is none. */
  public static int afterByteOrderMark(byte[] bytes) {
    boolean marked =
        bytes.length >= 3
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    return marked ? 3 : 0;
  }

  /**
   * Whether a JSON object or array in UTF-8 may begin here. UTF-16 and UTF-32, which a JSON parser
   * would accept and whose offsets mean something else, show a zero byte.
   */
  static boolean mayBeStructure(byte[] bytes, int start) {
    for (int i = start; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '{' || b == '[') {
        return i + 1 < bytes.length && bytes[i + 1] != 0;
      }
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return false;
      }
    }
    return false;
  }
}
