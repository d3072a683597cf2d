package com.example.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/**
 * An agent that looks the same thing up again and again and never comes to an end by itself; only a
 * call that is not answered ends it. No library at all.
 *
 * <p>Arguments: base URL, how many calls it makes at most. Prints how many were answered and what
 * ended it, and ends when {@code /end} has been answered.
 */
public final class EndlessAgent {

  private EndlessAgent() {}

  public static void main(String[] arguments) throws IOException {
    StringBuilder messages =
        new StringBuilder("{\"role\":\"user\",\"content\":\"Where is my parcel?\"}");
    int answered = 0;
    int status = 200;
    while (status == 200 && answered < Integer.parseInt(arguments[1])) {
      status = ask(arguments[0], messages);
      if (status == 200) {
        answered++;
        messages
            .append(",{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_")
            .append(answered)
            .append("\",\"type\":\"function\",\"function\":{\"name\":\"track\",")
            .append("\"arguments\":\"{\\\"parcel\\\":7}\"}}]},")
            .append("{\"role\":\"tool\",\"tool_call_id\":\"call_")
            .append(answered)
            .append("\",\"content\":\"try again\"}");
      }
    }
    System.out.println("answered = " + answered);
    System.out.println("status = " + status);
    try (InputStream end = new URL(arguments[0] + "/end").openStream()) {
      end.read();
    }
  }

  private static int ask(String url, StringBuilder messages) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) new URL(url + "/v1/chat/completions").openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Authorization", "Bearer sk-test");
    connection.setRequestProperty("x-flyball-tenant", "acme");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(
          ("{\"model\":\"gpt-4o-mini\",\"messages\":[" + messages + "]}")
              .getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        // To the end.
      }
    }
    return status;
  }
}
