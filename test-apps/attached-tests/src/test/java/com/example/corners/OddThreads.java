package com.example.corners;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/**
 * Makes model calls on threads that are not as threads usually are, and then some on the main one.
 * Arguments: the kind of thread, the provider's URL, how many calls follow, and for recursions how
 * many of them there are and how deep they go. Prints a line for every call.
 */
public final class OddThreads {
  private static final byte[] REQUEST =
      "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
          .getBytes(StandardCharsets.UTF_8);
  private static final int SMALLEST_STACK = 60 * 1024;
  private static final int SMALL_STACK = 512 * 1024;

  private static String url;

  private OddThreads() {}

  public static void main(String[] arguments) throws Exception {
    url = arguments[1] + "/v1/chat/completions";
    int more = Integer.parseInt(arguments[2]);
    switch (arguments[0]) {
      case "interrupted":
        Thread.currentThread().interrupt();
        print("odd", post());
        System.out.println("interrupted " + Thread.interrupted());
        break;
      case "interrupted-async":
        Thread.currentThread().interrupt();
        print("odd", postAsync());
        break;
      case "smallest-stack":
        on(SMALLEST_STACK, () -> print("odd", post()));
        break;
      case "deep-first":
        deep(arguments);
        break;
      case "deep":
        print("warm", post());
        deep(arguments);
        break;
      case "ending":
        Runtime.getRuntime().addShutdownHook(new Thread(() -> follow(more)));
        return;
      case "usual":
        break;
      default:
        throw new IllegalArgumentException(arguments[0]);
    }
    follow(more);
  }

  private static void follow(int calls) {
    for (int i = 0; i < calls; i++) {
      print("then", post());
    }
  }

  private static void print(String which, String answer) {
    System.out.println(which + ' ' + answer);
  }

  private static void on(long stack, Runnable work) throws InterruptedException {
    Thread thread = new Thread(null, work, "odd", stack);
    thread.start();
    thread.join();
  }

  /** From that depth on, in steps, until the stack is used up. */
  private static void deep(String[] arguments) throws InterruptedException {
    int step = Integer.parseInt(arguments[3]);
    for (int depth = Integer.parseInt(arguments[4]); ; depth += step) {
      int frames = depth;
      String[] answer = {null};
      on(
          SMALL_STACK,
          () -> {
            try {
              answer[0] = post(frames);
            } catch (StackOverflowError end) {
              // Even the recursion does not fit.
            }
          });
      if (answer[0] == null) {
        return;
      }
      print(depth + "", answer[0]);
    }
  }

  private static String post(int frames) {
    return frames == 0 ? post() : post(frames - 1);
  }

  private static String post() {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      try (OutputStream out = connection.getOutputStream()) {
        out.write(REQUEST);
      }
      int status = connection.getResponseCode();
      try (InputStream in =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        while (in.read() >= 0) {
          // To the end.
        }
      }
      return String.valueOf(status);
    } catch (IOException | StackOverflowError failure) {
      return failure.toString();
    }
  }

  private static String postAsync() throws Exception {
    var answer =
        HttpClient.newHttpClient()
            .sendAsync(
                HttpRequest.newBuilder(URI.create(url))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(REQUEST))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    Thread.interrupted();
    return String.valueOf(answer.get().statusCode());
  }
}
