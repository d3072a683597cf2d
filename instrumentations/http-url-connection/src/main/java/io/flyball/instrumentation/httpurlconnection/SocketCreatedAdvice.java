package io.flyball.instrumentation.httpurlconnection;

import io.flyball.bootstrap.Bridge;
import java.net.Socket;
import net.bytebuddy.asm.Advice;

/** Woven into the JDK's HTTP client: tells of a socket before it is connected. */
final class SocketCreatedAdvice {

  private SocketCreatedAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void created(@Advice.This Object client, @Advice.Return Socket socket) {
    Bridge.exit("http-url-connection:socket", client, null, socket);
  }
}
