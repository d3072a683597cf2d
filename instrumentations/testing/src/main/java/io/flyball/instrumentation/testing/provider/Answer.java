package io.flyball.instrumentation.testing.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * What the provider does with one request: steps that write, wait or break off. Immutable; each
 * method returns a longer script.
 */
public final class Answer {

  /** One step of a script, on the connection's own thread. */
  public interface Step {
    void run(Wire wire) throws IOException, InterruptedException;
  }

  private final List<Step> steps;

  private Answer(List<Step> steps) {
    this.steps = Collections.unmodifiableList(steps);
  }

  /** A script without steps: add at least one, or the client waits forever. */
  public static Answer nothing() {
    return new Answer(Collections.<Step>emptyList());
  }

  /** A whole answer with Content-Length. Headers are alternating names and values. */
  public static Answer of(int status, byte[] body, String... headers) {
    return nothing()
        .raw(head(status, "content-length", String.valueOf(body.length), headers))
        .raw(body);
  }

  /** A whole UTF-8 answer with Content-Length. */
  public static Answer of(int status, String body, String... headers) {
    return of(status, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** A JSON answer. */
  public static Answer json(int status, String body) {
    return of(status, body, "content-type", "application/json");
  }

  /** A whole answer, gzipped, with Content-Encoding and Content-Length. */
  public static Answer gzip(int status, String body, String... headers) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    byte[] bytes = zipped.toByteArray();
    return nothing()
        .raw(head(status, "content-length", bytes.length + "\r\ncontent-encoding: gzip", headers))
        .raw(bytes);
  }

  /** The head of a chunked answer; follow with {@link #chunk} and {@link #end}. */
  public static Answer chunked(int status, String... headers) {
    return nothing().raw(head(status, "transfer-encoding", "chunked", headers));
  }

  /** The head of an event stream; follow with {@link #event} and {@link #end}. */
  public static Answer events() {
    return chunked(200, "content-type", "text/event-stream");
  }

  /** Accepts the request and never says a word. */
  public static Answer silence() {
    return nothing().stall();
  }

  private static byte[] head(int status, String name, String value, String... headers) {
    StringBuilder head =
        new StringBuilder("HTTP/1.1 ").append(status).append(' ').append(reason(status));
    for (int i = 0; i < headers.length; i += 2) {
      head.append("\r\n").append(headers[i]).append(": ").append(headers[i + 1]);
    }
    head.append("\r\n").append(name).append(": ").append(value).append("\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String reason(int status) {
    switch (status) {
      case 200:
        return "OK";
      case 307:
        return "Temporary Redirect";
      case 400:
        return "Bad Request";
      case 401:
        return "Unauthorized";
      case 429:
        return "Too Many Requests";
      case 500:
        return "Internal Server Error";
      case 503:
        return "Service Unavailable";
      default:
        return "Status " + status;
    }
  }

  public Answer then(Step step) {
    List<Step> longer = new ArrayList<>(steps);
    longer.add(step);
    return new Answer(longer);
  }

  /** Goes on with that script. */
  public Answer and(Answer rest) {
    List<Step> longer = new ArrayList<>(steps);
    longer.addAll(rest.steps);
    return new Answer(longer);
  }

  /** Writes bytes as they are and flushes. */
  public Answer raw(byte[] bytes) {
    return then(wire -> wire.write(bytes));
  }

  /** Writes one chunk, framed, and flushes. */
  public Answer chunk(byte[] bytes) {
    ByteArrayOutputStream framed = new ByteArrayOutputStream(bytes.length + 16);
    byte[] size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    framed.write(size, 0, size.length);
    framed.write(bytes, 0, bytes.length);
    framed.write('\r');
    framed.write('\n');
    return raw(framed.toByteArray());
  }

  public Answer chunk(String text) {
    return chunk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One server-sent event without a name, in a chunk of its own. */
  public Answer event(String data) {
    return chunk("data: " + data + "\n\n");
  }

  /** The last chunk. */
  public Answer end() {
    return raw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** Waits until the test opens the gate. */
  public Answer gate(Gate gate) {
    return then(wire -> gate.pass());
  }

  /** Waits until the client goes away. */
  public Answer stall() {
    return then(Wire::awaitClientClosed);
  }

  /** Something that is no chunk. */
  public Answer malformedChunk() {
    return raw("not-hex\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** Closes the connection in good order (FIN). */
  public Answer close() {
    return then(Wire::close);
  }

  /** Breaks the connection off (RST). */
  public Answer reset() {
    return then(Wire::reset);
  }

  void run(Wire wire) throws IOException, InterruptedException {
    for (Step step : steps) {
      step.run(wire);
      if (wire.isClosed()) {
        return;
      }
    }
  }
}
