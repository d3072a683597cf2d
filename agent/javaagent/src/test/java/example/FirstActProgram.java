package example;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.crypto.Cipher;
import javax.net.ssl.SSLContext;

/**
 * Begins with what may load a class that the agent hooks amid something of the JDK's; then makes a
 * model call.
 */
public final class FirstActProgram {

  private FirstActProgram() {}

  /**
   * @param arguments what it begins with
   */
  public static void main(String[] arguments) throws Exception {
    long begin = System.nanoTime();
    act(arguments[0]);
    System.out.println("took " + (System.nanoTime() - begin) / 1_000_000);
    try (ServerSocket provider = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> answer(provider));
      answering.setDaemon(true);
      answering.start();
      HttpURLConnection call =
          (HttpURLConnection)
              new URL("http://127.0.0.1:" + provider.getLocalPort() + "/v1/chat/completions")
                  .openConnection();
      call.setRequestProperty("Content-Type", "application/json");
      call.setDoOutput(true);
      call.getOutputStream()
          .write(
              "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                  .getBytes(StandardCharsets.UTF_8));
      System.out.println("status " + call.getResponseCode());
    }
  }

  private static void act(String what) throws Exception {
    switch (what) {
      case "url":
        new URL("http://x/");
        break;
      case "connection":
        new URL("https://127.0.0.1:1/").openConnection();
        break;
      case "client":
        Class.forName("java.net.http.HttpClient").getMethod("newHttpClient").invoke(null);
        break;
      case "cipher":
        Cipher.getInstance("AES/GCM/NoPadding");
        break;
      case "tls":
        SSLContext.getDefault();
        break;
      case "logging":
        Logger.getLogger("x").info("hello");
        break;
      case "provider":
        MessageDigest.getInstance("SHA-256");
        break;
      default:
        throw new IllegalArgumentException(what);
    }
  }

  /** Whoever asks. */
  private static void answer(ServerSocket provider) {
    byte[] answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
            .getBytes(StandardCharsets.US_ASCII);
    while (true) {
      try (Socket socket = provider.accept()) {
        InputStream in = socket.getInputStream();
        in.read(new byte[8192]);
        socket.getOutputStream().write(answer);
      } catch (IOException ended) {
        return;
      }
    }
  }

  /** Made while the JDK sets up its logging. */
  public static final class LogHandler extends Handler {
    public LogHandler() throws IOException {
      new URL("http://x/");
    }

    @Override
    public void publish(LogRecord told) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** Made while the JDK looks for an algorithm. */
  public static final class FirstProvider extends Provider {
    private static final long serialVersionUID = 1;

    public FirstProvider() throws IOException {
      super("first", 1.0, "has nothing");
      new URL("http://x/");
    }
  }
}
