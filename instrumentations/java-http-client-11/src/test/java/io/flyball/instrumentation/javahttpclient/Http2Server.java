package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A server on the loopback interface that speaks nothing but HTTP/2 over TLS, and of that what a
 * test needs: it tells requests apart by their bodies, because it does not decode headers, and
 * answers when and how the test says.
 */
final class Http2Server implements Closeable {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PUSH_PROMISE = 5;
  private static final int PING = 6;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;

  private final SSLServerSocket server;
  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private final List<SSLSocket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  private Http2Server(SSLServerSocket server) {
    this.server = server;
    daemon(this::accept);
  }

  static Http2Server start() throws IOException {
    SSLServerSocket server =
        (SSLServerSocket)
            FakeProvider.trustingClient()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    SSLParameters parameters = server.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    server.setSSLParameters(parameters);
    return new Http2Server(server);
  }

  String url() {
    return "https://127.0.0.1:" + server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  /** The requests so far, in the order in which they were complete. */
  List<Exchange> exchanges() {
    return exchanges;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SSLSocket socket : sockets) {
      socket.close();
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "http2-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        SSLSocket socket = (SSLSocket) server.accept();
        sockets.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(SSLSocket socket) {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      in.readFully(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length()]);
      connections.incrementAndGet();
      frame(out, SETTINGS, 0, 0, new byte[0]);
      Map<Integer, ByteArrayOutputStream> bodies = new HashMap<>();
      while (true) {
        int lengthAndType = in.readInt();
        byte[] payload = new byte[lengthAndType >>> 8];
        int type = lengthAndType & 0xff;
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        in.readFully(payload);
        if (type == SETTINGS && (flags & ACK) == 0) {
          frame(out, SETTINGS, ACK, 0, new byte[0]);
        } else if (type == PING && (flags & ACK) == 0) {
          frame(out, PING, ACK, 0, payload);
        } else if (type == HEADERS) {
          bodies.put(stream, new ByteArrayOutputStream());
        } else if (type == DATA) {
          bodies.get(stream).write(payload);
        }
        if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
          exchanges.add(new Exchange(out, stream, bodies.remove(stream).toString(UTF_8)));
        }
      }
    } catch (IOException gone) {
      // The client has left, or the test is over.
    }
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    synchronized (out) {
      out.writeInt(payload.length << 8 | type);
      out.writeByte(flags);
      out.writeInt(stream);
      out.write(payload);
      out.flush();
    }
  }

  /** One request, and what is said to it. */
  static final class Exchange {
    private final DataOutputStream out;
    private final int stream;
    private final String body;

    Exchange(DataOutputStream out, int stream, String body) {
      this.out = out;
      this.stream = stream;
      this.body = body;
    }

    String body() {
      return body;
    }

    /** A head with status 200 and that type. */
    void head(String contentType) throws IOException {
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      block.write(0x88);
      // Literal, not indexed; the name is entry 31 of the static table.
      block.write(0x0f);
      block.write(31 - 15);
      block.write(contentType.length());
      block.write(contentType.getBytes(US_ASCII));
      frame(out, HEADERS, END_HEADERS, stream, block.toByteArray());
    }

    /**
     * Promises another answer, and gives it.
     *
     * @param promised its stream: even, and higher than those before
     * @param authority of the server
     */
    void push(int promised, String authority, String path, String text) throws IOException {
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      new DataOutputStream(block).writeInt(promised);
      // GET, https, and two literals that are not indexed: entries 1 and 4 of the static table.
      block.write(0x82);
      block.write(0x87);
      block.write(1);
      block.write(authority.length());
      block.write(authority.getBytes(US_ASCII));
      block.write(4);
      block.write(path.length());
      block.write(path.getBytes(US_ASCII));
      frame(out, PUSH_PROMISE, END_HEADERS, stream, block.toByteArray());
      frame(out, HEADERS, END_HEADERS, promised, new byte[] {(byte) 0x88});
      frame(out, DATA, END_STREAM, promised, text.getBytes(UTF_8));
    }

    void data(String text) throws IOException {
      frame(out, DATA, 0, stream, text.getBytes(UTF_8));
    }

    void end() throws IOException {
      frame(out, DATA, END_STREAM, stream, new byte[0]);
    }

    /** INTERNAL_ERROR. */
    void reset() throws IOException {
      frame(out, RST_STREAM, 0, stream, new byte[] {0, 0, 0, 2});
    }
  }
}
