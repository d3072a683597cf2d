package com.example.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URL;

final class HttpUrlConnectionErrands implements Errands.Runner {

  @Override
  public void run(Errands errands) {
    String url = errands.url();
    CookieHandler.setDefault(new CookieManager());
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication("aladdin", "opensesame".toCharArray());
          }
        });
    for (String path :
        new String[] {
          "/plain",
          "/v1/models",
          "/chunked",
          "/missing",
          "/broken",
          "/redirect",
          "/cookie",
          "/plain",
          "/protected",
          "/gzip"
        }) {
      errands.run("GET " + path, () -> answer(open(url + path)));
    }
    for (String method : new String[] {"HEAD", "DELETE", "OPTIONS"}) {
      errands.run(
          method,
          () -> {
            HttpURLConnection connection = open(url + "/plain");
            connection.setRequestMethod(method);
            return answer(connection);
          });
    }
    errands.run("PUT", () -> send(url + "/plain", "PUT", "text/plain", "put this"));
    for (String[] post : Errands.lookalikes()) {
      errands.run("POST " + post[0], () -> send(url + post[0], "POST", post[1], post[2]));
    }
    errands.run("chunked upload", () -> chunkedUpload(url + "/v1/chat/completions"));
    errands.run("large upload", () -> largeUpload(url + "/large/v1/chat/completions"));
    errands.run("large download", () -> answer(open(url + "/large")));
    errands.run("nobody there", () -> answer(open("http://127.0.0.1:1/v1/chat/completions")));
  }

  private static HttpURLConnection open(String url) throws IOException {
    return (HttpURLConnection) new URL(url).openConnection();
  }

  private static String send(String url, String method, String type, String body)
      throws IOException {
    HttpURLConnection connection = open(url);
    connection.setRequestMethod(method);
    connection.setRequestProperty("Content-Type", type);
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(Errands.utf8(body));
    }
    return answer(connection);
  }

  private static String chunkedUpload(String url) throws IOException {
    HttpURLConnection connection = open(url);
    connection.setDoOutput(true);
    connection.setChunkedStreamingMode(100);
    try (OutputStream out = connection.getOutputStream()) {
      for (int i = 0; i < 10; i++) {
        out.write(Errands.utf8("part " + i));
        out.flush();
      }
    }
    return answer(connection);
  }

  private static String largeUpload(String url) throws IOException {
    HttpURLConnection connection = open(url);
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(Errands.LARGE);
    try (OutputStream out = connection.getOutputStream();
        InputStream in = Errands.large()) {
      byte[] buffer = new byte[16 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    }
    return answer(connection);
  }

  private static String answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    return status
        + " "
        + connection.getResponseMessage()
        + " "
        + connection.getHeaderFields()
        + " "
        + connection.getURL().getPath()
        + " "
        + Errands.sum(in);
  }
}
