package io.flyball.twin;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The provider's end of one HTTP/1.1 connection. */
final class Http1Side {
  /** So that a client has read what came before the connection is broken off. */
  private static final int BEFORE_RESET_MS = 40;

  private final Socket socket;
  private final Script script;
  private final InputStream in;
  private final OutputStream out;

  Http1Side(Socket socket, Script script) throws IOException {
    this.socket = socket;
    this.script = script;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  void serve() throws IOException, InterruptedException {
    for (SeenRequest request = read(); request != null; request = read()) {
      if (!answer(request)) {
        return;
      }
    }
  }

  /**
   * @return whether the connection is kept
   */
  private boolean answer(SeenRequest request) throws IOException, InterruptedException {
    Reply reply = script.next(request);
    List<byte[]> writes = Rendering.of(reply, request).writes();
    int left = reply.cut() < 0 ? Integer.MAX_VALUE : reply.cut();
    for (int i = 0; i < writes.size() && left > 0; i++) {
      pause(reply, i);
      byte[] bytes = writes.get(i);
      out.write(bytes, 0, Math.min(left, bytes.length));
      out.flush();
      left -= Math.min(left, bytes.length);
    }
    if (reply.end() == Reply.End.RESET) {
      Thread.sleep(BEFORE_RESET_MS);
      socket.setSoLinger(true, 0);
    }
    return reply.cut() < 0
        && reply.end() == Reply.End.KEEP
        && reply.framing() != Reply.Framing.CLOSE;
  }

  private static void pause(Reply reply, int write) throws InterruptedException {
    int[] delays = reply.delays();
    if (delays.length > 0) {
      int delay = delays[Math.min(write, delays.length - 1)];
      if (delay > 0) {
        Thread.sleep(delay);
      }
    }
  }

  private SeenRequest read() throws IOException {
    String line = line();
    if (line == null) {
      return null;
    }
    List<String> headers = new ArrayList<>();
    for (String header = line(); header != null && !header.isEmpty(); header = line()) {
      headers.add(header);
    }
    SeenRequest head = new SeenRequest(line, headers, new byte[0]);
    if ("100-continue".equalsIgnoreCase(head.header("expect"))) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String length = head.header("content-length");
    if ("chunked".equalsIgnoreCase(head.header("transfer-encoding"))) {
      for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
        copy(size, body);
        line();
      }
      line();
    } else if (length != null) {
      copy(Integer.parseInt(length), body);
    }
    return new SeenRequest(line, headers, body.toByteArray());
  }

  private void copy(int count, ByteArrayOutputStream to) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the client closed in the middle of a body");
    }
    to.writeBytes(bytes);
  }

  private String line() throws IOException {
    byte[] line = new byte[128];
    int length = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return new String(line, 0, end, StandardCharsets.UTF_8);
      }
      if (length == line.length) {
        line = Arrays.copyOf(line, length * 2);
      }
      line[length++] = (byte) b;
    }
    return null;
  }
}
