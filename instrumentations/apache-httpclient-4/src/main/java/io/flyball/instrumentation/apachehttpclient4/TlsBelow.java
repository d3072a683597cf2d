package io.flyball.instrumentation.apachehttpclient4;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.Socket;
import java.net.SocketImpl;
import javax.net.ssl.SSLSocket;
import org.apache.http.conn.ManagedHttpClientConnection;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpCoreContext;

/**
 * In Java 8 to close a TLS socket waits for whoever writes to it, whatever it was told to linger;
 * so what is below it is closed before. Newer ones do not wait.
 */
final class TlsBelow {
  private static final boolean JAVA_8 =
      System.getProperty("java.specification.version", "").startsWith("1.");

  private TlsBelow() {}

  /** Of the connection that an attempt has in that context. */
  static void close(HttpContext context) {
    if (!JAVA_8) {
      return;
    }
    try {
      Object connection = context.getAttribute(HttpCoreContext.HTTP_CONNECTION);
      if (connection instanceof ManagedHttpClientConnection) {
        Socket socket = ((ManagedHttpClientConnection) connection).getSocket();
        if (socket instanceof SSLSocket && socket.isConnected()) {
          closeBelow(socket);
        }
      }
    } catch (Exception goneOrHidden) {
      // The client closes it as it can.
    }
  }

  private static void closeBelow(Socket socket) throws Exception {
    Socket below = layeredOver(socket);
    if (below != null && below != socket) {
      below.close();
      return;
    }
    Field impl = Socket.class.getDeclaredField("impl");
    impl.setAccessible(true);
    Method close = SocketImpl.class.getDeclaredMethod("close");
    close.setAccessible(true);
    close.invoke(impl.get(socket));
  }

  /** Through a proxy's tunnel it stands on a socket of its own; null when that is not known. */
  private static Socket layeredOver(Socket socket) throws IllegalAccessException {
    for (Class<?> type = socket.getClass(); type != null; type = type.getSuperclass()) {
      try {
        Field self = type.getDeclaredField("self");
        self.setAccessible(true);
        return self.get(socket) instanceof Socket ? (Socket) self.get(socket) : null;
      } catch (NoSuchFieldException ofASuperclass) {
        // Looked for there.
      }
    }
    return null;
  }
}
