package example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server that asks a model for every request it gets; asks itself once, without an HTTP client,
 * prints what came and waits to be ended.
 */
public final class AssistantProgram {
  private AssistantProgram() {}

  public static void main(final String[] arguments) throws Exception {
    final ExecutorService models = Executors.newSingleThreadExecutor();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/ask",
        new HttpHandler() {
          @Override
          public void handle(HttpExchange exchange) throws IOException {
            byte[] answer = askElsewhere(models, arguments[0]);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          }
        });
    server.start();
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /ask HTTP/1.1\r\nHost: localhost\r\nBaggage: tenant=acme\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(read(socket.getInputStream()), StandardCharsets.UTF_8);
      System.out.println("answered " + answer.contains("\"choices\""));
    }
    System.in.read();
    server.stop(0);
    models.shutdown();
  }

  private static byte[] askElsewhere(ExecutorService models, final String url) throws IOException {
    try {
      return models
          .submit(
              new Callable<byte[]>() {
                @Override
                public byte[] call() throws IOException {
                  return askModel(url);
                }
              })
          .get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException(e);
    }
  }

  private static byte[] askModel(String url) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) new URL(url + "/v1/chat/completions").openConnection();
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(
          "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
              .getBytes(StandardCharsets.UTF_8));
    }
    return read(connection.getInputStream());
  }

  private static byte[] read(InputStream from) throws IOException {
    try (InputStream in = from) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
      return bytes.toByteArray();
    }
  }
}
