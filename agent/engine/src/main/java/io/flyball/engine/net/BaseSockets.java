package io.flyball.engine.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes TLS sockets and knows the one beneath the latest. Closing that never blocks, while closing
 * TLS may wait for who reads or shakes hands.
 */
public final class BaseSockets extends SSLSocketFactory {
  private final SSLSocketFactory tls;
  private volatile Socket latest;

  /**
   * @param tls makes the sockets
   */
  public BaseSockets(SSLSocketFactory tls) {
    this.tls = tls;
  }

  /** Null before there was one. */
  public Socket latest() {
    return latest;
  }

  /**
   * Closes the latest, whoever uses it.
   *
   * @param socket may be null
   */
  public static void cut(Socket socket) {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // Then it is closed.
      }
    }
  }

  @Override
  public Socket createSocket(Socket base, String host, int port, boolean autoClose)
      throws IOException {
    latest = base;
    return tls.createSocket(base, host, port, autoClose);
  }

  // The JDK's client asks for these only where it is not told of an unconnected one, which the
  // superclass says there is none of: it connects the base by itself.

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return tls.createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return tls.createSocket(host, port, from, fromPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return tls.createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return tls.createSocket(host, port, from, fromPort);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }
}
