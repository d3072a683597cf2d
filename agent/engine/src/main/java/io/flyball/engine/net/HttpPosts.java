package io.flyball.engine.net;

import io.flyball.engine.time.Timer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;

/**
 * Posts to one address over HTTP/1.1, on sockets of our own. The JDK's client would hand what is
 * the application's to whoever is there: it asks the JVM's {@code Authenticator} for its password
 * and the JVM's {@code CookieHandler} for its cookies, and keeps the cookies it is given in there.
 *
 * <p>Follows no redirect. Keeps one connection for the next post, as long as nothing comes on it
 * that is no answer to one.
 */
public final class HttpPosts implements AutoCloseable {
  /** What frames a message is ours to say. */
  private static final Set<String> OURS =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "connection",
                  "content-length",
                  "expect",
                  "host",
                  "keep-alive",
                  "trailer",
                  "transfer-encoding",
                  "upgrade")));

  private static final int REQUEST_TIMEOUT = 408;

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final HttpRoute route;
  private final Timer timer;
  private final AtomicReference<HttpLink> idle = new AtomicReference<>();
  private volatile boolean closed;

  /**
   * @param trusted null for what the JVM trusts
   * @param timer ends what the other side draws out
   * @throws MalformedURLException when it is no address of HTTP
   */
  public HttpPosts(URI address, SSLContext trusted, Timer timer) throws MalformedURLException {
    this.route = new HttpRoute(address, trusted);
    this.timer = timer;
  }

  /**
   * Posts once; once more where a connection that was kept turns out to be gone.
   *
   * @param headers of the request but for those that frame it
   * @param connectMillis for connecting
   * @param readMillis for each read
   * @param nanos for all of it
   * @throws IllegalArgumentException when a header is no line
   * @throws SocketTimeoutException also when all of it takes too long
   */
  public Answer post(
      Map<String, List<String>> headers, byte[] body, int connectMillis, int readMillis, long nanos)
      throws IOException {
    String fields = fields(headers);
    AtomicReference<HttpLink> current = new AtomicReference<>();
    Runnable cut =
        () -> {
          HttpLink link = current.get();
          if (link != null) {
            link.cut();
          }
        };
    try (Deadline whole = Deadline.in(nanos, timer, cut)) {
      try {
        return post(fields, body, connectMillis, readMillis, current);
      } catch (IOException e) {
        throw whole.isOver() ? drawnOut(e) : e;
      } finally {
        HttpLink link = current.get();
        if (link != null && !keep(link)) {
          link.cut();
        }
      }
    }
  }

  /** That its socket was closed says nothing to who wonders why. */
  private static IOException drawnOut(IOException cut) {
    IOException failure = new SocketTimeoutException("its answer did not end in time");
    failure.initCause(cut);
    return failure;
  }

  private Answer post(
      String fields,
      byte[] body,
      int connectMillis,
      int readMillis,
      AtomicReference<HttpLink> current)
      throws IOException {
    HttpLink kept = idle.getAndSet(null);
    if (kept != null) {
      current.set(kept);
    }
    if (kept != null && (System.nanoTime() - kept.usedAt() > IDLE_NANOS || !kept.isQuiet())) {
      kept.cut();
      kept = null;
    }
    if (kept != null) {
      try {
        Answer answer = exchange(kept, fields, body, readMillis);
        if (answer.status() != REQUEST_TIMEOUT) {
          return answer;
        }
        // It met our request on its way: the other side had waited for one too long.
        kept.cut();
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        kept.cut();
        if (kept.hasAnswered()) {
          throw e;
        }
      }
    }
    HttpLink fresh = route.open(connectMillis, readMillis, current);
    Answer answer = exchange(fresh, fields, body, readMillis);
    if (answer.status() == HttpRoute.PROXY_WANTS_LOGIN && route.logIn(fresh, answer)) {
      fresh.cut();
      fresh = route.open(connectMillis, readMillis, current);
      answer = exchange(fresh, fields, body, readMillis);
    }
    return answer;
  }

  private static Answer exchange(HttpLink link, String fields, byte[] body, int readMillis)
      throws IOException {
    link.begin(readMillis);
    OutputStream out = link.out();
    String head =
        "POST "
            + link.target()
            + " HTTP/1.1\r\n"
            + link.ownFields()
            + fields
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
    out.flush();
    HttpHead answer = link.readHead();
    return new Answer(answer, link.finish(answer));
  }

  /** Whether it can be used again. */
  private boolean keep(HttpLink link) {
    if (!link.isReusable() || closed) {
      return false;
    }
    HttpLink other = idle.getAndSet(link);
    if (other != null) {
      other.cut();
    }
    if (closed) {
      close();
    }
    return true;
  }

  private static String fields(Map<String, List<String>> headers) {
    StringBuilder fields = new StringBuilder();
    boolean named = false;
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      String name = header.getKey();
      if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
        continue;
      }
      named |= "user-agent".equalsIgnoreCase(name);
      for (String value : header.getValue()) {
        if (!isLine(name) || !isLine(value)) {
          throw new IllegalArgumentException("a header is more than one line");
        }
        fields.append(name).append(": ").append(value).append("\r\n");
      }
    }
    return named ? fields.toString() : fields.append("User-Agent: flyball\r\n").toString();
  }

  private static boolean isLine(String text) {
    return text.indexOf('\r') < 0 && text.indexOf('\n') < 0;
  }

  /** Closes the connection that is kept. One that is in use ends with its post. */
  @Override
  public void close() {
    closed = true;
    HttpLink kept = idle.getAndSet(null);
    if (kept != null) {
      kept.cut();
    }
  }

  /** What came back. */
  public static final class Answer {
    private final HttpHead head;
    private final byte[] body;

    Answer(HttpHead head, byte[] body) {
      this.head = head;
      this.body = body;
    }

    public int status() {
      return head.status();
    }

    /** The first of that name, or null. */
    public String header(String name) {
      return head.header(name);
    }

    /** As it came, empty where there is none; null when it is long, or did not end soon. */
    public byte[] body() {
      return body == null ? null : body.clone();
    }

    HttpHead head() {
      return head;
    }
  }
}
