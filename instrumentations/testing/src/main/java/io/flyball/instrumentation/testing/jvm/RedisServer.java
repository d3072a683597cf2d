package io.flyball.instrumentation.testing.jvm;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real Redis in a process of its own, on one port for all its life.
 *
 * <p>The program is looked for in {@code FLYBALL_REDIS_SERVER}, on the path, and where
 * scripts/fetch-redis puts it.
 */
public final class RedisServer implements Closeable {
  private static final long START_SECONDS = 20;

  private final Path folder;
  private final int port;
  private final List<String> options;
  private Process process;

  private RedisServer(Path folder, int port, List<String> options) {
    this.folder = folder;
    this.port = port;
    this.options = options;
  }

  /** Whether there is one on this machine. */
  public static boolean isInstalled() {
    return program() != null;
  }

  /** What a skipped test says. */
  public static String missingMessage() {
    return "no redis-server on this machine: set FLYBALL_REDIS_SERVER or run scripts/fetch-redis";
  }

  private static File program() {
    List<File> candidates = new ArrayList<>();
    String named = System.getenv("FLYBALL_REDIS_SERVER");
    if (named != null && !named.trim().isEmpty()) {
      candidates.add(new File(named.trim()));
    }
    for (String folder : String.valueOf(System.getenv("PATH")).split(File.pathSeparator)) {
      candidates.add(new File(folder, "redis-server"));
      candidates.add(new File(folder, "valkey-server"));
    }
    String fetched = System.getenv("FLYBALL_REDIS_DIR");
    candidates.add(
        new File(
            fetched == null ? System.getProperty("user.home") + "/.cache/flyball/redis" : fetched,
            "redis-server"));
    for (File candidate : candidates) {
      if (candidate.canExecute()) {
        return candidate;
      }
    }
    return null;
  }

  /**
   * Starts one that keeps nothing on disk, and waits until it answers.
   *
   * @param folder where it may write
   * @param options as on its command line
   */
  public static RedisServer start(Path folder, String... options) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    RedisServer server = new RedisServer(folder, port, Arrays.asList(options));
    server.start();
    return server;
  }

  /** Starts it again after {@link #kill}. */
  public void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program().getPath());
    command.addAll(
        Arrays.asList("--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", ""));
    command.addAll(options);
    process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() - until < 0 && process.isAlive()) {
      try (Socket answering = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException notYet) {
        Thread.yield();
      }
    }
    throw new IOException("redis-server does not start, see " + folder.resolve("redis.log"));
  }

  /** As {@code kill -9} does; returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its URL, without user and password. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /**
   * Asks it something, on a connection of its own.
   *
   * @return a string, a {@link Long}, a list of those, or null
   * @throws IOException also when it answers with an error
   */
  public Object command(String... words) throws IOException {
    StringBuilder command = new StringBuilder("*").append(words.length).append("\r\n");
    for (String word : words) {
      int length = word.getBytes(StandardCharsets.UTF_8).length;
      command.append('$').append(length).append("\r\n").append(word).append("\r\n");
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.UTF_8));
      return read(new BufferedInputStream(socket.getInputStream()));
    }
  }

  private static Object read(InputStream in) throws IOException {
    String line = line(in);
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+':
        return rest;
      case ':':
        return Long.valueOf(rest);
      case '$':
        int length = Integer.parseInt(rest);
        if (length < 0) {
          return null;
        }
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at++) {
          bytes[at] = (byte) in.read();
        }
        line(in);
        return new String(bytes, StandardCharsets.UTF_8);
      case '*':
        List<Object> items = new ArrayList<>();
        for (int left = Integer.parseInt(rest); left > 0; left--) {
          items.add(read(in));
        }
        return items;
      default:
        throw new IOException(line);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("redis-server has closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    kill();
  }
}
