package io.flyball.engine.telemetry.otlp;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A collector on a bare socket: keeps what is posted, answers with the next scripted status. */
final class Collector implements Closeable {
  static final int SILENCE = 0;

  /** One more line of the head now and then, for ever. */
  static final int DRAWN_OUT_HEAD = -1;

  /** A byte of the body now and then. */
  static final int DRAWN_OUT_BODY = -2;

  /** A chunk whose size never ends. */
  static final int DRAWN_OUT_CHUNK = -3;

  static final int WITH_BODY = -4;
  static final int WITH_CHUNKS = -5;

  /** Five of what was sent are rejected, in the words of OTLP. */
  static final int PARTIAL_SUCCESS = -6;

  static final int PARTIAL_SUCCESS_IN_JSON = -7;

  /** A partial success that rejects nothing. */
  static final int ADVICE = -8;

  static final int LOGIN_PAGE = -9;
  static final int PAGE_WITHOUT_TYPE = -10;

  /** Four seconds from now, as a date. */
  static final int LATER_BY_DATE = -11;

  static final int LATER_BY_FRACTION = -12;
  private static final String OK = "HTTP/1.1 200 X\r\n";

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final CountDownLatch closed = new CountDownLatch(1);
  final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Integer> script;
  private int answered;
  final List<Post> posts = new CopyOnWriteArrayList<>();

  /** One request as it came. */
  static final class Post {
    String line;
    final Map<String, String> headers = new LinkedHashMap<>();
    long at;
    byte[] body;
  }

  /**
   * @param script statuses or other behaviour in order, the last one repeated
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
        answer(status, socket.getOutputStream());
      }
    } catch (IOException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(int status, OutputStream out) throws IOException, InterruptedException {
    switch (status) {
      case DRAWN_OUT_HEAD:
        drawOut(OK, "X-More: x\r\n", out);
        break;
      case DRAWN_OUT_BODY:
        drawOut(OK + "Content-Length: 1000000\r\n\r\n", "x", out);
        break;
      case DRAWN_OUT_CHUNK:
        drawOut(OK + "Transfer-Encoding: chunked\r\n\r\n1;", "x", out);
        break;
      case WITH_BODY:
        say(OK + "Content-Length: 2\r\n\r\nhi", out);
        break;
      case WITH_CHUNKS:
        say(OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", out);
        break;
      case PARTIAL_SUCCESS:
        say(typed("application/x-protobuf", "\012\014\010\005\022\010rejected"), out);
        break;
      case PARTIAL_SUCCESS_IN_JSON:
        say(typed("application/json", "{\"partialSuccess\":{\"rejectedSpans\":\"5\"}}"), out);
        break;
      case ADVICE:
        say(typed("application/x-protobuf", "\012\012\022\010rejected"), out);
        break;
      case LOGIN_PAGE:
        say(typed("text/html; charset=utf-8", ""), out);
        break;
      case PAGE_WITHOUT_TYPE:
        say(OK + "Content-Length: 6\r\n\r\n<html>", out);
        break;
      case LATER_BY_DATE:
        ZonedDateTime later = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(4);
        sayLater(DateTimeFormatter.RFC_1123_DATE_TIME.format(later), out);
        break;
      case LATER_BY_FRACTION:
        sayLater("1.9", out);
        break;
      default:
        say("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n", out);
    }
  }

  /** Until this is closed or nobody listens. */
  private void drawOut(String beginning, String more, OutputStream out)
      throws IOException, InterruptedException {
    say(beginning, out);
    while (!closed.await(50, TimeUnit.MILLISECONDS)) {
      say(more, out);
    }
  }

  private static String typed(String type, String body) {
    return OK
        + "Content-Type: "
        + type
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static void sayLater(String when, OutputStream out) throws IOException {
    say("HTTP/1.1 429 X\r\nRetry-After: " + when + "\r\nContent-Length: 0\r\n\r\n", out);
  }

  private static void say(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
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
    post.at = System.nanoTime();
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
    closed.countDown();
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
