package io.flyball.console;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer, made up in memory. Not thread safe. */
final class HttpReply {
  static final String TEXT = "text/plain; charset=utf-8";

  private final int status;
  private final byte[] body;
  private final Map<String, String> headers = new LinkedHashMap<>();

  HttpReply(int status, String type, byte[] body) {
    this.status = status;
    this.body = body;
    headers.put("Content-Type", type);
    headers.put(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cache-Control", "no-store");
    headers.put("Connection", "close");
    headers.put("Content-Length", Integer.toString(body.length));
  }

  static HttpReply text(int status, String text) {
    return new HttpReply(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** This answer with one more header, which must not hold anything a client sent. */
  HttpReply with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /**
   * As it goes on the wire.
   *
   * @param headOnly without the body
   */
  byte[] bytes(boolean headOnly) {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(' ');
    head.append(reason()).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    byte[] headBytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream all = new ByteArrayOutputStream(headBytes.length + body.length);
    all.write(headBytes, 0, headBytes.length);
    if (!headOnly) {
      all.write(body, 0, body.length);
    }
    return all.toByteArray();
  }

  private String reason() {
    return status < 300 ? "OK" : status < 400 ? "Found" : status < 500 ? "Refused" : "Failed";
  }
}
