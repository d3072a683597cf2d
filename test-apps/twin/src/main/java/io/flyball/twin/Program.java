package io.flyball.twin;

import com.example.twin.Order;
import com.example.twin.Outcome;
import com.example.twin.Worker;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A {@link Worker} in a JVM of its own. */
final class Program implements Closeable {
  private final JavaProcess process;
  private final Socket control;
  private final DataOutputStream out;
  private final Map<Long, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  private Program(JavaProcess process, Socket control) throws IOException {
    this.process = process;
    this.control = control;
    control.setTcpNoDelay(true);
    this.out = new DataOutputStream(new BufferedOutputStream(control.getOutputStream(), 1 << 16));
    Thread reader = new Thread(this::read, "outcomes");
    reader.setDaemon(true);
    reader.start();
  }

  static Program start(Jdk jdk, List<String> jvmArguments, String classPath) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      JavaProcess process =
          JavaProcess.on(jdk)
              .jvm(jvmArguments.toArray(new String[0]))
              .classPath(classPath, Worker.class.getName(), String.valueOf(server.getLocalPort()))
              .start();
      server.setSoTimeout(60_000);
      return new Program(process, server.accept());
    }
  }

  /** Makes a call; it fails when the program has died. */
  CompletableFuture<Outcome> start(TwinCase.Call call, String baseUrl) {
    long id = ids.incrementAndGet();
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    waiting.put(id, outcome);
    Order order =
        new Order(
            id,
            call.form().name(),
            baseUrl + call.path(),
            call.headers(),
            call.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    synchronized (out) {
      try {
        order.writeTo(out);
        out.flush();
      } catch (IOException dead) {
        outcome.completeExceptionally(dead);
      }
    }
    return outcome;
  }

  private void read() {
    try {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(control.getInputStream(), 1 << 16));
      while (true) {
        Outcome outcome = Outcome.readFrom(in);
        CompletableFuture<Outcome> waits = waiting.remove(outcome.id());
        if (waits != null) {
          waits.complete(outcome);
        }
      }
    } catch (IOException ended) {
      waiting.values().forEach(waits -> waits.completeExceptionally(ended));
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it printed on standard error, which a program that is well does not. */
  String err() {
    return process.err();
  }

  @Override
  public void close() {
    process.close();
    try {
      control.close();
    } catch (IOException gone) {
      // With the program.
    }
  }
}
