package io.flyball.protocol.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One block of a server-sent event stream, up to and including the blank line that ends it. Blocks
 * without data (comments, keep-alives) are events too, so that the bytes of all events together are
 * the bytes of the stream.
 *
 * <p>A view over the splitter's memory or over what it is fed, valid only during the call it is
 * handed to.
 */
public final class SseEvent {
  private byte[] raw;
  private int rawOffset;
  private int rawLength;
  private byte[] data;
  private int dataOffset;
  private int dataLength;
  private int nameOffset;
  private int nameLength;
  private String lastName;

  SseEvent() {}

  void raw(byte[] bytes, int offset, int length) {
    this.raw = bytes;
    this.rawOffset = offset;
    this.rawLength = length;
  }

  void data(byte[] bytes, int offset, int length) {
    this.data = bytes;
    this.dataOffset = offset;
    this.dataLength = length;
  }

  void name(int offset, int length) {
    this.nameOffset = offset;
    this.nameLength = length;
  }

  /** The event field, or null when it is absent or empty. */
  public String name() {
    if (nameLength <= 0) {
      return null;
    }
    if (lastName == null || !isText(raw, nameOffset, nameLength, lastName)) {
      lastName = new String(raw, nameOffset, nameLength, StandardCharsets.UTF_8);
    }
    return lastName;
  }

  /** Whether there was a data field, if only an empty one. */
  public boolean hasData() {
    return data != null;
  }

  /** Holds the data from {@link #dataOffset()} on; null when there is none. */
  public byte[] dataArray() {
    return data;
  }

  public int dataOffset() {
    return dataOffset;
  }

  /** Bytes of data. */
  public int dataLength() {
    return dataLength;
  }

  /** A copy of the data, its lines joined by a line feed; empty when there is none. */
  public byte[] data() {
    return data == null
        ? new byte[0]
        : Arrays.copyOfRange(data, dataOffset, dataOffset + dataLength);
  }

  /** Whether the data is that ASCII text, with nothing but blanks around it. */
  public boolean dataIs(String ascii) {
    if (data == null || dataLength < ascii.length()) {
      return false;
    }
    int start = dataOffset;
    int end = dataOffset + dataLength;
    while (start < end && isBlank(data[start])) {
      start++;
    }
    while (end > start && isBlank(data[end - 1])) {
      end--;
    }
    return isText(data, start, end - start, ascii);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /** Holds the block's own bytes from {@link #rawOffset()} on. */
  public byte[] rawArray() {
    return raw;
  }

  public int rawOffset() {
    return rawOffset;
  }

  /** A copy of the block's own bytes. */
  public byte[] rawBytes() {
    return Arrays.copyOfRange(raw, rawOffset, rawOffset + rawLength);
  }

  /** Bytes of the block. */
  public int rawLength() {
    return rawLength;
  }

  private static boolean isText(byte[] bytes, int offset, int length, String ascii) {
    if (length != ascii.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[offset + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
