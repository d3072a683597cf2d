package com.example.traffic.jdk;

import com.example.traffic.ChatClient;
import com.example.traffic.Reply;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** To give a request up its sending thread is interrupted, once it waits for the answer. */
public final class JavaHttpChat implements ChatClient {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Override
  public Question ask(String url, String json) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return new JavaHttpQuestion(client, request);
  }

  @Override
  public Object underlying() {
    return client;
  }

  private static final class JavaHttpQuestion implements Question {
    private final HttpClient client;
    private final HttpRequest request;
    private Thread sender;

    JavaHttpQuestion(HttpClient client, HttpRequest request) {
      this.client = client;
      this.request = request;
    }

    @Override
    public Reply send() throws Exception {
      sendFrom(Thread.currentThread());
      try {
        HttpResponse<InputStream> response =
            client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        return new Reply(response.statusCode(), response.body(), response.body());
      } finally {
        sendFrom(null);
      }
    }

    private synchronized void sendFrom(Thread thread) {
      sender = thread;
    }

    @Override
    public synchronized void cancel() {
      if (sender != null && sender.getState() == Thread.State.WAITING) {
        sender.interrupt();
      }
    }
  }
}
