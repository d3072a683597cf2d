package io.flyball.instrumentation.httpurlconnection;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;

/**
 * Opens connections that are not governed, and knows which attempt this thread is working for.
 * Everything the hooks tell happens on the thread that asked the JDK, so thread locals suffice and
 * nothing has to travel on the wire.
 */
final class RealConnections {
  /** Whether what is being opened goes to another host than the application asked for. */
  private final ThreadLocal<Boolean> opening = new ThreadLocal<>();

  private final ThreadLocal<Attempt> working = new ThreadLocal<>();

  /** What an attempt does while the sockets this thread uses are told to it. */
  interface Work<T> {
    T run() throws IOException;
  }

  /** Opens the JDK's own connection; {@code proxy} is null when the application named none. */
  HttpURLConnection open(URL url, Proxy proxy) throws IOException {
    return open(url, proxy, false);
  }

  /** The same to another host, which gets no cookies and gives none. */
  HttpURLConnection openToStrangers(URL url, Proxy proxy) throws IOException {
    return open(url, proxy, true);
  }

  private HttpURLConnection open(URL url, Proxy proxy, boolean strangers) throws IOException {
    opening.set(strangers);
    try {
      return (HttpURLConnection) (proxy == null ? url.openConnection() : url.openConnection(proxy));
    } finally {
      opening.remove();
    }
  }

  /** Whether this thread is inside {@link #open}. */
  boolean isOpening() {
    return opening.get() != null;
  }

  boolean isOpeningForStrangers() {
    return Boolean.TRUE.equals(opening.get());
  }

  /** Whether this thread works for an attempt at another host than the application asked for. */
  boolean isWorkingForStrangers() {
    Attempt attempt = working.get();
    return attempt != null && attempt.isForeign();
  }

  /** Whether this thread works for an attempt that is not the first of its call. */
  boolean isRepeating() {
    Attempt attempt = working.get();
    return attempt != null && attempt.isRepetition();
  }

  <T> T workFor(Attempt attempt, Work<T> work) throws IOException {
    Attempt outer = working.get();
    working.set(attempt);
    try {
      return work.run();
    } finally {
      if (outer == null) {
        working.remove();
      } else {
        working.set(outer);
      }
    }
  }

  void socketInUse(Socket socket) {
    Attempt attempt = working.get();
    if (attempt != null && socket != null) {
      attempt.uses(socket);
    }
  }
}
