package com.example.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/**
 * Many tasks that send one large prompt at once, and read what comes; prints how often it saw what.
 *
 * <p>Arguments: client, base URL, tasks, requests of each, megabytes of the prompt, {@code whole}
 * (the client is given an array) or {@code streamed} (it is given pieces of one).
 */
public final class Heavy {
  private static final int PIECE = 16 << 10;

  private Heavy() {}

  /** One request. */
  public interface Poster {

    /** Posts it and reads the answer; gives its status and length. */
    String post(String url, byte[] body, boolean streamed) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    Poster poster = poster(arguments[0]);
    String url = arguments[1] + "/v1/chat/completions";
    int tasks = Integer.parseInt(arguments[2]);
    int requests = Integer.parseInt(arguments[3]);
    byte[] body = body(Integer.parseInt(arguments[4]) << 20);
    boolean streamed = arguments[5].equals("streamed");
    poster.post(url, body(100), streamed);
    ExecutorService pool = Executors.newFixedThreadPool(tasks);
    List<Future<?>> running = new ArrayList<>();
    Map<String, Integer> seen = new TreeMap<>();
    for (int task = 0; task < tasks; task++) {
      running.add(
          pool.submit(
              () -> {
                for (int i = 0; i < requests; i++) {
                  count(seen, outcome(poster, url, body, streamed));
                }
              }));
    }
    for (Future<?> task : running) {
      task.get(3, TimeUnit.MINUTES);
    }
    pool.shutdown();
    System.out.println(seen);
    System.exit(0);
  }

  private static String outcome(Poster poster, String url, byte[] body, boolean streamed) {
    try {
      return poster.post(url, body, streamed);
    } catch (Throwable failure) {
      return failure.toString();
    }
  }

  private static void count(Map<String, Integer> seen, String outcome) {
    synchronized (seen) {
      seen.merge(outcome, 1, Integer::sum);
    }
  }

  private static byte[] body(int length) {
    byte[] head =
        "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
            .getBytes(StandardCharsets.UTF_8);
    byte[] tail = "\"}]}".getBytes(StandardCharsets.UTF_8);
    byte[] body = new byte[head.length + length + tail.length];
    Arrays.fill(body, (byte) 'a');
    System.arraycopy(head, 0, body, 0, head.length);
    System.arraycopy(tail, 0, body, body.length - tail.length, tail.length);
    return body;
  }

  private static Poster poster(String client) throws ReflectiveOperationException {
    switch (client) {
      case "okhttp":
        return new WithOkHttp();
      case "http-url-connection":
        return Heavy::postByUrlConnection;
      default:
        return (Poster)
            Class.forName(client.replace("Chat", "Heavy")).getConstructor().newInstance();
    }
  }

  /** Reads to the end; gives how much it was. */
  public static String read(int status, InputStream answer) throws IOException {
    try (InputStream in = answer) {
      byte[] buffer = new byte[PIECE];
      long length = 0;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        length += count;
      }
      return status + " " + length;
    }
  }

  private static String postByUrlConnection(String url, byte[] body, boolean streamed)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    connection.setReadTimeout(60_000);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    if (streamed) {
      connection.setFixedLengthStreamingMode(body.length);
    }
    try (OutputStream out = connection.getOutputStream()) {
      int piece = streamed ? PIECE : body.length;
      for (int from = 0; from < body.length; from += piece) {
        out.write(body, from, Math.min(piece, body.length - from));
      }
    }
    return read(connection.getResponseCode(), connection.getInputStream());
  }

  private static final class WithOkHttp implements Poster {
    private static final MediaType JSON = MediaType.parse("application/json");

    private final OkHttpClient client =
        new OkHttpClient.Builder()
            .readTimeout(60, TimeUnit.SECONDS)
            .writeTimeout(60, TimeUnit.SECONDS)
            .build();

    @Override
    public String post(String url, byte[] body, boolean streamed) throws IOException {
      RequestBody whole = streamed ? inPieces(body) : RequestBody.create(JSON, body);
      Request request = new Request.Builder().url(url).post(whole).build();
      try (Response response = client.newCall(request).execute()) {
        return read(response.code(), response.body().byteStream());
      }
    }

    private static RequestBody inPieces(byte[] body) {
      return new RequestBody() {
        @Override
        public MediaType contentType() {
          return JSON;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
          for (int from = 0; from < body.length; from += PIECE) {
            sink.write(body, from, Math.min(PIECE, body.length - from));
          }
        }
      };
    }
  }
}
