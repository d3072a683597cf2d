package com.example.replay.jdk;

import com.example.replay.Replay;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every other request goes the asynchronous way. */
public final class JavaHttpRawClient implements Replay.RawClient {
  private final HttpClient client = HttpClient.newHttpClient();
  private int count;

  @Override
  public Replay.Received post(String url, Map<String, String> headers, byte[] body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    HttpResponse<byte[]> response =
        count++ % 2 == 0
            ? client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray())
            : client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray()).get();
    List<String> lines = new ArrayList<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> values.forEach(value -> lines.add(name + ": " + value)));
    return new Replay.Received(response.statusCode(), lines, response.body());
  }
}
