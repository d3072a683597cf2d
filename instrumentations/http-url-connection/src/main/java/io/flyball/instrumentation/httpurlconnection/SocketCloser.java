package io.flyball.instrumentation.httpurlconnection;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.Socket;
import java.net.SocketImpl;
import javax.net.ssl.SSLSocket;

/**
 * Breaks sockets off, without waiting for whoever writes to them. Closing a TLS socket wants to say
 * goodbye, which has to wait for its turn.
 */
final class SocketCloser {
  /** Only in Java 8, where nothing else helps; newer ones do not let us. */
  private static final Field IMPL =
      HttpUrlConnectionInstrumentation.isJava8() ? accessibleImpl() : null;

  private static final Method CLOSE = IMPL == null ? null : accessibleClose();

  private SocketCloser() {}

  private static Field accessibleImpl() {
    try {
      Field impl = Socket.class.getDeclaredField("impl");
      impl.setAccessible(true);
      return impl;
    } catch (NoSuchFieldException | RuntimeException denied) {
      return null;
    }
  }

  private static Method accessibleClose() {
    try {
      Method close = SocketImpl.class.getDeclaredMethod("close");
      close.setAccessible(true);
      return close;
    } catch (NoSuchMethodException | RuntimeException denied) {
      return null;
    }
  }

  /**
   * @param sent whether nobody writes any more; what was written is to arrive then
   */
  static void close(Socket socket, boolean sent) {
    // Nobody writes before it is connected, and there is nothing below yet that could be closed.
    if (socket instanceof SSLSocket && socket.isConnected() && closeBelow(socket)) {
      return;
    }
    try {
      if (!sent && socket instanceof SSLSocket) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException closedAlready) {
      // Then nothing has to wait.
    }
    try {
      socket.close();
    } catch (IOException alreadyBroken) {
      // Which is all that was wanted.
    }
  }

  /** The TLS socket learns of it from its next read or write. */
  private static boolean closeBelow(Socket socket) {
    try {
      Object impl = CLOSE == null ? null : IMPL.get(socket);
      if (impl == null) {
        return false;
      }
      CLOSE.invoke(impl);
      return true;
    } catch (ReflectiveOperationException | RuntimeException failed) {
      return false;
    }
  }
}
