package com.example.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

final class OkHttpRawClient implements Replay.RawClient {
  private final OkHttpClient client =
      new OkHttpClient.Builder().retryOnConnectionFailure(false).build();

  @Override
  public Replay.Received post(String url, Map<String, String> headers, byte[] body)
      throws Exception {
    Request.Builder request =
        new Request.Builder()
            .url(url)
            .post(RequestBody.create(MediaType.parse("application/json"), body));
    headers.forEach(request::header);
    try (Response response = client.newCall(request.build()).execute()) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < response.headers().size(); i++) {
        lines.add(response.headers().name(i) + ": " + response.headers().value(i));
      }
      return new Replay.Received(response.code(), lines, response.body().bytes());
    }
  }
}
