package com.example.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class HttpUrlConnectionRawClient implements Replay.RawClient {

  @Override
  public Replay.Received post(String url, Map<String, String> headers, byte[] body)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    headers.forEach(connection::setRequestProperty);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    int status = connection.getResponseCode();
    List<String> lines = new ArrayList<>();
    for (int i = 0; connection.getHeaderField(i) != null; i++) {
      lines.add(connection.getHeaderFieldKey(i) + ": " + connection.getHeaderField(i));
    }
    InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    if (in != null) {
      try (InputStream source = in) {
        byte[] buffer = new byte[777];
        for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
          received.write(buffer, 0, n);
        }
      }
    }
    return new Replay.Received(status, lines, received.toByteArray());
  }
}
