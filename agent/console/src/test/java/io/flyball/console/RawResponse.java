package io.flyball.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One exchange over a bare socket, where any Host header can be sent. */
final class RawResponse {
  private final String head;
  private final String body;

  private RawResponse(String head, String body) {
    this.head = head;
    this.body = body;
  }

  static RawResponse of(int port, String line, String... headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          line + "\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[4_096];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
      String text = new String(out.toByteArray(), StandardCharsets.UTF_8);
      int end = text.indexOf("\r\n\r\n");
      return new RawResponse(text.substring(0, end), text.substring(end + 4));
    }
  }

  int status() {
    return Integer.parseInt(head.substring(9, 12));
  }

  /** The header's value, or null. */
  String header(String name) {
    for (String line : head.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ':')) {
        return line.substring(name.length() + 1).trim();
      }
    }
    return null;
  }

  String body() {
    return body;
  }
}
