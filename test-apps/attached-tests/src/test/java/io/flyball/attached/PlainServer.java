package io.flyball.attached;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * A web server that is no model provider. Of every request it keeps the head as it came, a digest
 * of every byte of the body (framing included) and the number of the connection.
 */
final class PlainServer implements Closeable {
  private static final byte[] LARGE = new byte[64 * 1024];
  private static final int LARGE_PARTS = 800;

  private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
  private final List<Socket> sockets = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();

  PlainServer() throws IOException {
    start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** What came, in its order. */
  synchronized List<String> requests() {
    return new ArrayList<>(requests);
  }

  @Override
  public synchronized void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "plain-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        synchronized (this) {
          sockets.add(socket);
          int number = sockets.size();
          start(() -> serve(socket, number));
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (Socket closing = socket;
        InputStream in = new BufferedInputStream(closing.getInputStream());
        OutputStream out = new BufferedOutputStream(closing.getOutputStream())) {
      for (String head = head(in); head != null; head = head(in)) {
        String body = body(in, head);
        synchronized (this) {
          requests.add("connection " + number + '\n' + head + body);
        }
        answer(head, out);
        out.flush();
      }
    } catch (IOException clientGone) {
      // Its next request comes over another connection.
    }
  }

  /** Through the empty line, or null when there is no other request. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static String body(InputStream in, String head) throws IOException {
    MessageDigest digest = sha("SHA-256");
    long length = 0;
    if ("chunked".equals(header(head, "transfer-encoding"))) {
      for (int size = -1; size != 0; ) {
        String line = line(in);
        size = Integer.parseInt(line.trim(), 16);
        byte[] chunk = in.readNBytes(size + 2);
        digest.update(line.getBytes(StandardCharsets.ISO_8859_1));
        digest.update(chunk);
        length += line.length() + chunk.length;
      }
    } else if (header(head, "content-length") != null) {
      long left = Long.parseLong(header(head, "content-length"));
      byte[] buffer = new byte[64 * 1024];
      for (; length < left; ) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left - length));
        if (n < 0) {
          throw new EOFException();
        }
        digest.update(buffer, 0, n);
        length += n;
      }
    }
    return length + " bytes " + HexFormat.of().formatHex(digest.digest());
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.append((char) b);
      if (b == '\n') {
        return line.toString();
      }
    }
    throw new EOFException();
  }

  private static MessageDigest sha(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String header(String head, String name) {
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ": ")) {
        return line.substring(name.length() + 2);
      }
    }
    return null;
  }

  private static void answer(String head, OutputStream out) throws IOException {
    String[] start = head.split(" ", 3);
    boolean bodiless = start[0].equals("HEAD");
    switch (start[0].equals("POST") ? "POST" : start[1]) {
      case "POST":
        write(out, "200 OK", "content-type: application/json", "{\"stored\":true}", false);
        break;
      case "/v1/models":
        write(out, "200 OK", "content-type: application/json", "{\"data\":[]}", false);
        break;
      case "/chunked":
        ascii(out, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        ascii(out, "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
        break;
      case "/missing":
        write(out, "404 Not Found", "x-a: 1\r\nx-a: 2", "not here", bodiless);
        break;
      case "/broken":
        write(out, "500 Internal Server Error", "x-a: 1", "broken", bodiless);
        break;
      case "/redirect":
        write(out, "302 Found", "location: /plain", "", bodiless);
        break;
      case "/cookie":
        write(out, "200 OK", "set-cookie: crumb=1; Path=/", "", bodiless);
        break;
      case "/protected":
        boolean known = header(head, "authorization") != null;
        String challenge = "www-authenticate: Basic realm=\"r\"";
        write(out, known ? "200 OK" : "401 Unauthorized", challenge, "secret", bodiless);
        break;
      case "/gzip":
        gzip(out);
        break;
      case "/large":
        ascii(
            out,
            "HTTP/1.1 200 OK\r\ncontent-length: " + (long) LARGE.length * LARGE_PARTS + "\r\n\r\n");
        for (int i = 0; i < LARGE_PARTS; i++) {
          out.write(LARGE);
        }
        break;
      case "/socket":
        webSocket(out, header(head, "sec-websocket-key"));
        break;
      default:
        write(out, "200 OK", "content-type: text/plain", "plain text\nsecond line\n", bodiless);
    }
  }

  private static void write(
      OutputStream out, String status, String headers, String body, boolean bodiless)
      throws IOException {
    ascii(
        out,
        "HTTP/1.1 "
            + status
            + "\r\n"
            + headers
            + "\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + (bodiless ? "" : body));
  }

  private static void gzip(OutputStream out) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write("compressed ".repeat(100).getBytes(StandardCharsets.US_ASCII));
    }
    ascii(
        out,
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: "
            + zipped.size()
            + "\r\n\r\n");
    zipped.writeTo(out);
  }

  /** The handshake, and one message. */
  private static void webSocket(OutputStream out, String key) throws IOException {
    byte[] accept =
        sha("SHA-1")
            .digest(
                (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
    ascii(
        out,
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
            + "sec-websocket-accept: "
            + Base64.getEncoder().encodeToString(accept)
            + "\r\n\r\n");
    out.write(new byte[] {(byte) 0x81, 5, 'h', 'e', 'l', 'l', 'o'});
  }

  private static void ascii(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
