package example;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/**
 * Makes a client whose first call the agent prepares for (Java 11 and later has it), then one model
 * call with another, and ends when the preparing has.
 */
public final class OneCallProgram {
  private static final String ANSWER =
      "{\"id\":\"1\",\"object\":\"chat.completion\",\"model\":\"gpt-4.1-nano\",\"choices\":"
          + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},"
          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,"
          + "\"total_tokens\":2}}";

  private OneCallProgram() {}

  /**
   * @param arguments the request's body
   */
  public static void main(String[] arguments) throws Exception {
    Class.forName("java.net.http.HttpClient").getMethod("newHttpClient").invoke(null);
    HttpServer provider =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/v1/chat/completions",
        exchange -> {
          byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
          drain(exchange.getRequestBody());
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    provider.start();
    HttpURLConnection call =
        (HttpURLConnection)
            new URL("http://127.0.0.1:" + provider.getAddress().getPort() + "/v1/chat/completions")
                .openConnection();
    call.setRequestMethod("POST");
    call.setRequestProperty("Content-Type", "application/json");
    call.setDoOutput(true);
    try (OutputStream body = call.getOutputStream()) {
      body.write(arguments[0].getBytes(StandardCharsets.UTF_8));
    }
    System.out.println("status " + call.getResponseCode());
    drain(call.getResponseCode() < 400 ? call.getInputStream() : call.getErrorStream());
    provider.stop(0);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("flyball-warm-up")) {
        thread.join();
      }
    }
  }

  private static void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[8192];
    while (in.read(buffer) >= 0) {
      // To the end.
    }
  }
}
