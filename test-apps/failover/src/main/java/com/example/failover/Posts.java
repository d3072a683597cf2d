package com.example.failover;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sends the requests of a folder, all at the same time, and prints what each brought back as one
 * line of JSON.
 *
 * <p>Arguments: class of the {@link Poster}, folder, a URL that is got when all is done: the
 * program ends when it answers. A file is named after its request and holds the URL on its first
 * line, then headers, an empty line and the body. Headers that begin with {@code run-} are not
 * sent: {@code run-times}, how often it is sent, one after the other; {@code run-leave-after}, the
 * number of events after which the answer is given up.
 */
public final class Posts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Poster poster;

  private Posts(Poster poster) {
    this.poster = poster;
  }

  public static void main(String[] arguments) throws Exception {
    Posts posts = new Posts(Poster.named(arguments[0]));
    List<Path> files;
    try (Stream<Path> found = Files.list(Paths.get(arguments[1]))) {
      files = found.sorted().collect(Collectors.toList());
    }
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Future<?>> running = new ArrayList<>();
    for (Path file : files) {
      Letter letter = Letter.read(file);
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < letter.times(); i++) {
                  posts.send(letter);
                }
              }));
    }
    for (Future<?> post : running) {
      post.get();
    }
    try (InputStream end = new URL(arguments[2]).openStream()) {
      end.read();
    }
    System.exit(0);
  }

  private void send(Letter letter) {
    ObjectNode line = JSON.createObjectNode().put("post", letter.name);
    long start = System.nanoTime();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try {
      Poster.Posted posted = poster.post(letter.url, letter.sent(), letter.body);
      line.put("status", posted.status());
      ObjectNode headers = line.putObject("headers");
      lowerCased(posted.headers()).forEach(headers::put);
      if (posted.body() != null && letter.leaves()) {
        readEvents(posted, letter.leaveAfter(), read);
        line.put("left_at", System.currentTimeMillis());
        posted.close();
      } else if (posted.body() != null) {
        byte[] buffer = new byte[4096];
        for (int n = posted.body().read(buffer); n >= 0; n = posted.body().read(buffer)) {
          read.write(buffer, 0, n);
        }
        posted.body().close();
      }
    } catch (Exception e) {
      line.put("error_class", e.getClass().getName()).put("error", String.valueOf(e.getMessage()));
    }
    line.put("body", new String(read.toByteArray(), StandardCharsets.UTF_8));
    line.put("elapsed_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    System.out.println(line);
  }

  private static void readEvents(Poster.Posted posted, int events, ByteArrayOutputStream read)
      throws IOException {
    int ends = 0;
    int before = 0;
    while (ends < events) {
      int b = posted.body().read();
      if (b < 0) {
        return;
      }
      read.write(b);
      ends += b == '\n' && before == '\n' ? 1 : 0;
      before = b;
    }
  }

  private static Map<String, String> lowerCased(Map<String, List<String>> headers) {
    Map<String, String> lines = new TreeMap<>();
    headers.forEach(
        (name, values) -> {
          if (name != null) {
            lines.put(name.toLowerCase(java.util.Locale.ROOT), String.join(", ", values));
          }
        });
    return lines;
  }

  /** A request and how it is sent. */
  private static final class Letter {
    private final String name;
    private final String url;
    private final Map<String, String> headers;
    private final byte[] body;

    private Letter(String name, String url, Map<String, String> headers, byte[] body) {
      this.name = name;
      this.url = url;
      this.headers = headers;
      this.body = body;
    }

    static Letter read(Path file) throws IOException {
      String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      int end = all.indexOf("\n\n");
      String[] head = all.substring(0, end).split("\n");
      Map<String, String> headers = new LinkedHashMap<>();
      for (int i = 1; i < head.length; i++) {
        int colon = head[i].indexOf(": ");
        headers.put(head[i].substring(0, colon), head[i].substring(colon + 2));
      }
      return new Letter(
          file.getFileName().toString(),
          head[0],
          headers,
          all.substring(end + 2).getBytes(StandardCharsets.UTF_8));
    }

    int times() {
      return Integer.parseInt(headers.getOrDefault("run-times", "1"));
    }

    boolean leaves() {
      return headers.containsKey("run-leave-after");
    }

    int leaveAfter() {
      return Integer.parseInt(headers.get("run-leave-after"));
    }

    Map<String, String> sent() {
      Map<String, String> sent = new LinkedHashMap<>(headers);
      sent.keySet().removeIf(header -> header.startsWith("run-"));
      return sent;
    }
  }
}
