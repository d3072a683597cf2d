package io.flyball.instrumentation.httpurlconnection;

import io.flyball.bootstrap.Bridge;
import java.net.Socket;
import net.bytebuddy.asm.Advice;

/**
 * Woven into the JDK's HTTP client where it starts to send a request: tells of the socket, which
 * may be one that was kept alive, and hears whether the JDK is not to send it once more by itself
 * where no answer comes.
 */
final class SocketUsedAdvice {

  private SocketUsedAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void used(
      @Advice.This Object client,
      @Advice.FieldValue("serverSocket") Socket socket,
      @Advice.FieldValue(value = "failedOnce", readOnly = false) boolean failedOnce) {
    if (Bridge.enter("http-url-connection:socket", client, new Object[] {socket}) != null) {
      failedOnce = true;
    }
  }
}
