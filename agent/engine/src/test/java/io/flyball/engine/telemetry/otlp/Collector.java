package io.flyball.engine.telemetry.otlp;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector on a bare socket: keeps what is posted, answers with the next scripted status. */
final class Collector implements Closeable {
  static final int SILENCE = 0;

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Integer> script;
  private int answered;
  final List<Post> posts = new CopyOnWriteArrayList<>();

  /** One request as it came. */
  static final class Post {
    String line;
    final Map<String, String> headers = new LinkedHashMap<>();
    byte[] body;
  }

  /**
   * @param script statuses in order, the last one repeated
   */
  Collector(Integer... script) throws IOException {
    this.script = new ArrayList<>(Arrays.asList(script));
    Thread thread = new Thread(this::accept, "collector");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread thread = new Thread(() -> serve(socket), "collector connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        Post post = read(in);
        if (post == null) {
          return;
        }
        int status = next();
        posts.add(post);
        if (status == SILENCE) {
          continue;
        }
        socket
            .getOutputStream()
            .write(
                ("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      return;
    }
  }

  private synchronized int next() {
    return script.get(Math.min(answered++, script.size() - 1));
  }

  private static Post read(DataInputStream in) throws IOException {
    Post post = new Post();
    post.line = line(in);
    if (post.line.isEmpty()) {
      return null;
    }
    String header = line(in);
    while (!header.isEmpty()) {
      int colon = header.indexOf(':');
      post.headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).trim());
      header = line(in);
    }
    post.body = new byte[Integer.parseInt(post.headers.get("content-length"))];
    in.readFully(post.body);
    return post;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    while (c >= 0 && c != '\n') {
      if (c != '\r') {
        line.append((char) c);
      }
      c = in.read();
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
