package io.flyball.instrumentation.testing.provider;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One request as it came over the wire. Immutable by agreement: nobody writes to its arrays. */
public final class RecordedRequest {
  private final int connection;
  private final String method;
  private final String target;
  private final List<String> headerLines;
  private final byte[] body;
  private final byte[] raw;

  RecordedRequest(
      int connection,
      String method,
      String target,
      List<String> headerLines,
      byte[] body,
      byte[] raw) {
    this.connection = connection;
    this.method = method;
    this.target = target;
    this.headerLines = Collections.unmodifiableList(new ArrayList<>(headerLines));
    this.body = body;
    this.raw = raw;
  }

  /** Which connection it came over, 0 for the provider's first. */
  public int connection() {
    return connection;
  }

  public String method() {
    return method;
  }

  /** The request target: path and query as sent. */
  public String path() {
    return target;
  }

  /** {@code Name: value} lines in their order, as sent. */
  public List<String> headerLines() {
    return headerLines;
  }

  /** The first value of that name (any case), or null. */
  public String header(String name) {
    for (String line : headerLines) {
      int colon = line.indexOf(':');
      if (line.substring(0, colon).equalsIgnoreCase(name)) {
        return line.substring(colon + 1).trim();
      }
    }
    return null;
  }

  /** The body with its chunk framing removed; empty when there is none. */
  public byte[] body() {
    return body;
  }

  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Request line, headers, body and chunk framing: every byte that was sent. */
  public byte[] raw() {
    return raw;
  }

  /** {@link #raw()} as ISO-8859-1, one char per byte. */
  public String rawText() {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return method + ' ' + target + " (" + body.length + " bytes, connection " + connection + ')';
  }
}
