package io.flyball.instrumentation.testing.provider;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** The provider's end of one connection. */
public final class Wire {
  private final Socket socket;
  private final OutputStream out;
  private final CountDownLatch clientClosed = new CountDownLatch(1);
  private final AtomicLong written = new AtomicLong();
  private volatile long clientClosedAt;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
  }

  /** Writes and flushes; blocks while the client does not read. */
  public void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    written.addAndGet(bytes.length);
  }

  /** Whether the client showed a certificate; only with TLS. */
  public boolean isClientIdentified() {
    try {
      return ((SSLSocket) socket).getSession().getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException anonymous) {
      return false;
    }
  }

  /** Bytes handed to the socket so far. */
  public long written() {
    return written.get();
  }

  /** Whether the client has closed or broken off the connection. */
  public boolean isClientClosed() {
    return clientClosed.getCount() == 0;
  }

  /**
   * Waits until the client has closed or broken off the connection.
   *
   * @return false when it has not within 30 seconds
   */
  public boolean awaitClose() throws InterruptedException {
    return clientClosed.await(30, TimeUnit.SECONDS);
  }

  /**
   * When the client closed or broke off the connection, in ms since the epoch; 0 while it has not.
   */
  public long clientClosedAt() {
    return clientClosedAt;
  }

  void awaitClientClosed() throws InterruptedException {
    clientClosed.await();
  }

  void awaitClientClosed(long time, TimeUnit unit) throws InterruptedException {
    clientClosed.await(time, unit);
  }

  void clientClosed() {
    clientClosedAt = System.currentTimeMillis();
    clientClosed.countDown();
  }

  boolean isClosed() {
    return socket.isClosed();
  }

  void close() throws IOException {
    socket.close();
  }

  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
