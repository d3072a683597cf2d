package io.flyball.engine.attribute;

import io.opentelemetry.context.Context;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads what travels with a request: the W3C {@code baggage} header, and OpenTelemetry's own. */
final class Baggage {
  static final String HEADER = "baggage";

  private Baggage() {}

  /**
   * The value of that key, or null.
   *
   * @param header a header's value, or null
   */
  static String inHeader(String header, String key) {
    if (header == null) {
      return null;
    }
    for (int start = 0; start < header.length(); ) {
      int comma = header.indexOf(',', start);
      int end = comma < 0 ? header.length() : comma;
      String value = inMember(header, start, end, key);
      if (value != null) {
        return value;
      }
      start = end + 1;
    }
    return null;
  }

  /** A member is {@code key=value} and perhaps properties, {@code ;...}. */
  private static String inMember(String header, int start, int end, String key) {
    int properties = header.indexOf(';', start);
    int stop = properties < 0 || properties > end ? end : properties;
    int equals = header.indexOf('=', start);
    if (equals < 0 || equals >= stop || !header.substring(start, equals).trim().equals(key)) {
      return null;
    }
    return decoded(header.substring(equals + 1, stop).trim());
  }

  /** Percent-encoded UTF-8; what is not well encoded stays as it is. */
  private static String decoded(String value) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
      if (low < 0) {
        decoded.write(bytes[i]);
      } else {
        decoded.write(high << 4 | low);
        i += 2;
      }
    }
    return new String(decoded.toByteArray(), StandardCharsets.UTF_8);
  }

  /**
   * The value of that key, or null.
   *
   * @param context an OpenTelemetry {@code Context}; anything else has none
   */
  static String inContext(Object context, String key) {
    return context instanceof Context
        ? io.opentelemetry.api.baggage.Baggage.fromContext((Context) context).getEntryValue(key)
        : null;
  }
}
