package io.flyball.instrumentation.testing.provider;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads HTTP/1.1 requests off a connection and keeps every byte of them. */
final class RequestReader {
  private final InputStream in;
  private final Wire wire;
  private final int connection;
  private final ByteArrayOutputStream raw = new ByteArrayOutputStream();

  RequestReader(InputStream in, Wire wire, int connection) {
    this.in = in;
    this.wire = wire;
    this.connection = connection;
  }

  /** The next request, or null when the client closed the connection between two. */
  RecordedRequest next() throws IOException {
    raw.reset();
    String requestLine = line();
    if (requestLine == null) {
      return null;
    }
    List<String> headers = new ArrayList<>();
    for (String line = lineOrFail(); !line.isEmpty(); line = lineOrFail()) {
      headers.add(line);
    }
    if ("100-continue".equalsIgnoreCase(value(headers, "Expect"))) {
      wire.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String length = value(headers, "Content-Length");
    if ("chunked".equalsIgnoreCase(value(headers, "Transfer-Encoding"))) {
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        copy(size, body);
        lineOrFail();
      }
      for (String trailer = lineOrFail(); !trailer.isEmpty(); ) {
        trailer = lineOrFail();
      }
    } else if (length != null) {
      copy(Integer.parseInt(length), body);
    }
    String[] parts = requestLine.split(" ", 3);
    return new RecordedRequest(
        connection, parts[0], parts[1], headers, body.toByteArray(), raw.toByteArray());
  }

  private int chunkSize() throws IOException {
    String line = lineOrFail();
    int extension = line.indexOf(';');
    return Integer.parseInt((extension < 0 ? line : line.substring(0, extension)).trim(), 16);
  }

  private void copy(int count, ByteArrayOutputStream to) throws IOException {
    byte[] buffer = new byte[Math.min(count, 16 * 1024)];
    for (int left = count; left > 0; ) {
      int read = in.read(buffer, 0, Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException("the client closed in the middle of a body");
      }
      raw.write(buffer, 0, read);
      to.write(buffer, 0, read);
      left -= read;
    }
  }

  private String lineOrFail() throws IOException {
    String line = line();
    if (line == null) {
      throw new EOFException("the client closed in the middle of a request");
    }
    return line;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      raw.write(b);
      if (b == '\n') {
        String text = new String(line.toByteArray(), StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(b);
    }
    if (line.size() > 0) {
      throw new EOFException("the client closed in the middle of a line");
    }
    return null;
  }

  private static String value(List<String> headers, String name) {
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon > 0 && header.substring(0, colon).equalsIgnoreCase(name)) {
        return header.substring(colon + 1).trim();
      }
    }
    return null;
  }
}
