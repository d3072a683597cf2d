package io.flyball.console;

import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The JDK's HTTP server with the console behind it; the only class that needs jdk.httpserver. */
final class ConsoleServer implements Closeable {
  private static final int THREADS = 4;
  private static final int WAITING = 64;
  private static final int BACKLOG = 32;

  private final HttpServer server;
  private final ThreadPoolExecutor executor;
  private final String url;

  private ConsoleServer(HttpServer server, ThreadPoolExecutor executor, String url) {
    this.server = server;
    this.executor = executor;
    this.url = url;
  }

  static ConsoleServer start(ConsoleSettings settings, String token, ConsoleSources sources) {
    HttpServer server = bind(settings);
    int port = server.getAddress().getPort();
    AtomicInteger number = new AtomicInteger();
    ThreadFactory daemons =
        task -> {
          Thread thread = new Thread(task, "flyball-console-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            daemons,
            new ThreadPoolExecutor.CallerRunsPolicy());
    executor.allowCoreThreadTimeOut(true);
    server.setExecutor(executor);
    Access access = new Access(token, settings.host(), port);
    server.createContext("/", new ConsoleHandler(access, settings.openMetrics(), sources));
    startDispatcher(server, daemons);
    String host = settings.host().contains(":") ? '[' + settings.host() + ']' : settings.host();
    return new ConsoleServer(server, executor, "http://" + host + ':' + port + '/');
  }

  private static HttpServer bind(ConsoleSettings settings) {
    String where = settings.host() + ':' + settings.port();
    try {
      InetAddress address = InetAddress.getByName(settings.host());
      return HttpServer.create(new InetSocketAddress(address, settings.port()), BACKLOG);
    } catch (BindException e) {
      throw new ConsoleException(
          "the console cannot listen on "
              + where
              + ": "
              + e.getMessage()
              + "; set flyball.console.port to another port, or to 0 for any free one",
          e);
    } catch (UnknownHostException e) {
      throw new ConsoleException(
          "the console cannot listen on " + where + ": flyball.console.host is not known", e);
    } catch (IOException | SecurityException | IllegalArgumentException e) {
      throw new ConsoleException(
          "the console cannot listen on " + where + ": " + e.getMessage(), e);
    }
  }

  /** The server's own thread is a daemon only when the thread that starts it is one. */
  private static void startDispatcher(HttpServer server, ThreadFactory daemons) {
    Thread starter = daemons.newThread(server::start);
    starter.start();
    boolean interrupted = false;
    while (starter.isAlive()) {
      try {
        starter.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
