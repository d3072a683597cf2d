package com.example.failover;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Map;

/** On HttpURLConnection. */
public final class HttpUrlConnectionPoster implements Poster {

  @Override
  public Posted post(String url, Map<String, String> headers, byte[] body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    connection.setRequestMethod("POST");
    headers.forEach(connection::setRequestProperty);
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    int status = connection.getResponseCode();
    InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    return new Posted(status, connection.getHeaderFields(), in, connection::disconnect);
  }
}
