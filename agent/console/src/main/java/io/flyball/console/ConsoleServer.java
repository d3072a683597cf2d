package io.flyball.console;

import io.flyball.base.DetachedThread;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A small HTTP/1.1 server. One thread reads and writes for all connections and never waits for one,
 * so that a client which sends half a request, or does not read its answer, keeps nobody else
 * waiting; it also says that it is well ({@code /health}). Metrics are made on a thread of their
 * own, everything else on a few others. All is bounded: connections, what they send, how long they
 * take.
 */
final class ConsoleServer implements Closeable {
  private static final int MAX_CONNECTIONS = 256;
  private static final int BACKLOG = 128;
  private static final int THREADS = 3;
  private static final int WAITING = 64;
  private static final long SWEEP_MILLIS = 500;
  private static final long CLOSE_MILLIS = 2_000;
  private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ServerSocketChannel listening;
  private final Selector selector;
  private final ConsoleHandler handler;
  private final ThreadPoolExecutor metrics = pool("metrics", 1);
  private final ThreadPoolExecutor others = pool("others", THREADS);
  private final Set<Connection> connections = new LinkedHashSet<>();
  private final Queue<Connection> answered = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(8 * 1024);
  private final String url;
  private SelectionKey accepting;
  private Thread thread;
  private boolean paused;
  private long pausedUntil;

  private ConsoleServer(
      ServerSocketChannel listening, Selector selector, String url, ConsoleHandler handler) {
    this.listening = listening;
    this.selector = selector;
    this.url = url;
    this.handler = handler;
  }

  static ConsoleServer start(ConsoleSettings settings, String token, ConsoleSources sources) {
    String where = settings.host() + ':' + settings.port();
    try {
      InetAddress address = InetAddress.getByName(settings.host());
      ServerSocketChannel listening = ServerSocketChannel.open();
      try {
        listening.bind(new InetSocketAddress(address, settings.port()), BACKLOG);
        listening.configureBlocking(false);
        int port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
        Access access = new Access(token, settings.host(), port);
        String host = settings.host().contains(":") ? '[' + settings.host() + ']' : settings.host();
        ConsoleServer server =
            new ConsoleServer(
                listening,
                Selector.open(),
                "http://" + host + ':' + port + '/',
                new ConsoleHandler(access, settings.openMetrics(), sources));
        server.accepting = listening.register(server.selector, SelectionKey.OP_ACCEPT);
        server.thread = DetachedThread.create("flyball-console", server::serve);
        server.thread.start();
        return server;
      } catch (IOException | RuntimeException e) {
        listening.close();
        throw e;
      }
    } catch (BindException e) {
      throw new ConsoleException(
          "the console cannot listen on "
              + where
              + ": "
              + e.getMessage()
              + (isOfThisMachine(settings.host())
                  ? "; set flyball.console.port to another port, or to 0 for any free one"
                  : "; flyball.console.host must be an address of this machine, such as 127.0.0.1"),
          e);
    } catch (UnknownHostException e) {
      throw new ConsoleException(
          "the console cannot listen on " + where + ": flyball.console.host is not known", e);
    } catch (IOException | SecurityException | IllegalArgumentException e) {
      throw new ConsoleException(
          "the console cannot listen on " + where + ": " + e.getMessage(), e);
    }
  }

  /** Whether somebody can listen at that host at all: else it is not the port's fault. */
  private static boolean isOfThisMachine(String host) {
    try (ServerSocketChannel probe = ServerSocketChannel.open()) {
      probe.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
      return true;
    } catch (BindException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static ThreadPoolExecutor pool(String name, int threads) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            task ->
                DetachedThread.create(
                    "flyball-console-" + name + '-' + number.incrementAndGet(), task));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private void serve() {
    try {
      while (listening.isOpen()) {
        try {
          serveWhoIsReady();
        } catch (ClosedSelectorException over) {
          return;
        } catch (IOException | RuntimeException | Error e) {
          // Out of the thread it would reach the application's handler of uncaught exceptions, and
          // nobody would be served any more. Mostly memory ran out: whoever comes next may be
          // lucky.
          if (listening.isOpen()) {
            handler.failed(e);
            LockSupport.parkNanos(AFTER_FAILURE_NANOS);
          }
        }
      }
    } finally {
      closeAll();
    }
  }

  private void serveWhoIsReady() throws IOException {
    // Nothing has a deadline where nobody is connected.
    selector.select(connections.isEmpty() && !paused ? 0 : SWEEP_MILLIS);
    Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
    while (keys.hasNext()) {
      SelectionKey key = keys.next();
      keys.remove();
      ready(key);
    }
    for (Connection each = answered.poll(); each != null; each = answered.poll()) {
      each.beginWriting(System.nanoTime() + WRITE_NANOS);
    }
    sweep(System.nanoTime());
  }

  private void ready(SelectionKey key) {
    if (key == accepting) {
      accept();
      return;
    }
    Connection connection = (Connection) key.attachment();
    try {
      if (key.isValid() && key.isReadable()) {
        HttpReply wrong = connection.read(buffer);
        if (wrong != null) {
          connection.waiting(System.nanoTime() + ANSWER_NANOS);
          connection.answer(wrong.bytes(false));
          answered.add(connection);
        } else if (connection.isRead()) {
          connection.waiting(System.nanoTime() + ANSWER_NANOS);
          answer(connection);
        }
      } else if (key.isValid() && key.isWritable()) {
        connection.write(System.nanoTime() + END_NANOS);
      }
    } catch (IOException e) {
      connection.close();
    } catch (RuntimeException | Error e) {
      connection.close();
      handler.failed(e);
    }
  }

  private void accept() {
    try {
      for (SocketChannel channel = listening.accept();
          channel != null;
          channel = listening.accept()) {
        channel.configureBlocking(false);
        makeRoom();
        Connection connection = new Connection(channel, System.nanoTime() + READ_NANOS);
        connection.registered(channel.register(selector, SelectionKey.OP_READ, connection));
        connections.add(connection);
      }
    } catch (IOException e) {
      // Mostly the process has no file descriptors left; to try at once would not help it.
      if (listening.isOpen()) {
        paused = true;
        pausedUntil = System.nanoTime() + PAUSE_NANOS;
        accepting.interestOps(0);
      }
    }
  }

  /** Who has kept us waiting longest for a request goes first. */
  private void makeRoom() {
    connections.removeIf(each -> !each.isOpen());
    if (connections.size() < MAX_CONNECTIONS) {
      return;
    }
    Connection oldest = null;
    for (Connection each : connections) {
      if (each.step() == Connection.Step.READING) {
        oldest = each;
        break;
      }
      oldest = oldest == null ? each : oldest;
    }
    oldest.close();
    connections.remove(oldest);
  }

  private void sweep(long now) {
    for (Connection each : connections) {
      if (each.isOver(now)) {
        each.close();
      }
    }
    connections.removeIf(each -> !each.isOpen());
    if (paused && now - pausedUntil >= 0 && accepting.isValid()) {
      paused = false;
      accepting.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  private void answer(Connection connection) {
    HttpRequest request = connection.request();
    if (handler.isQuick(request)) {
      answer(connection, handler.answer(request));
      return;
    }
    try {
      (request.path().equals("/metrics") ? metrics : others)
          .execute(
              () -> {
                answer(connection, handler.answer(request));
                selector.wakeup();
              });
    } catch (RejectedExecutionException e) {
      answer(connection, HttpReply.text(503, "too many ask at once").with("Retry-After", "1"));
    }
  }

  private void answer(Connection connection, HttpReply reply) {
    connection.answer(reply.bytes(connection.request().method().equals("HEAD")));
    answered.add(connection);
  }

  private void closeAll() {
    for (Connection each : connections) {
      each.close();
    }
    connections.clear();
    try {
      selector.close();
      listening.close();
    } catch (IOException e) {
      // Nothing is listened to any more.
      return;
    }
  }

  String url() {
    return url;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    selector.wakeup();
    metrics.shutdownNow();
    others.shutdownNow();
    try {
      // The port is free once the thread has seen it.
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
