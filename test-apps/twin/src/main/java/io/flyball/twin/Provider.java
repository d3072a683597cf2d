package io.flyball.twin;

import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A provider at every address of 127.0.0.0/8, where each case has one of its own: what it does
 * there is a {@link Script}.
 */
final class Provider implements Closeable {
  private final ServerSocket plain;
  private final ServerSocket tls;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "provider");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Place> places = new ConcurrentHashMap<>();

  private record Place(Script script, Set<Socket> connections) {}

  Provider() throws IOException {
    plain = new ServerSocket(0, 500);
    tls = FakeProvider.trustingClient().getServerSocketFactory().createServerSocket(0, 500);
    threads.execute(() -> accept(plain));
    threads.execute(() -> accept(tls));
  }

  /** The base URL of that address. */
  String url(String address, boolean http2) {
    return http2
        ? "https://" + address + ':' + tls.getLocalPort()
        : "http://" + address + ':' + plain.getLocalPort();
  }

  void open(String address, Script script) {
    places.put(address, new Place(script, ConcurrentHashMap.newKeySet()));
  }

  /** Closes the connections of that address. */
  void close(String address) {
    Place place = places.remove(address);
    if (place != null) {
      place.connections.forEach(Provider::close);
    }
  }

  private void accept(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        threads.execute(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    Place place = places.get(socket.getLocalAddress().getHostAddress());
    if (place == null) {
      close(socket);
      return;
    }
    place.connections.add(socket);
    try {
      socket.setTcpNoDelay(true);
      if (isHttp2(socket)) {
        // Lives until the connection ends.
        Http2Side.serve(socket, place.script, threads);
        return;
      }
      new Http1Side(socket, place.script).serve();
    } catch (IOException clientWentAway) {
      // It may.
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    place.connections.remove(socket);
    close(socket);
  }

  private static boolean isHttp2(Socket socket) throws IOException {
    if (!(socket instanceof SSLSocket secured)) {
      return false;
    }
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return "h2".equals(secured.getApplicationProtocol());
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // That is what was wanted.
    }
  }

  @Override
  public void close() throws IOException {
    plain.close();
    tls.close();
    threads.shutdownNow();
  }
}
