package com.example.traffic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The first thing it does is to use its clients, all at the same time.
 *
 * <p>Arguments: clients separated by commas, base URL, number of threads.
 */
public final class FirstUse {

  private FirstUse() {}

  public static void main(String[] arguments) throws Exception {
    List<String> names = Arrays.asList(arguments[0].split(","));
    int threads = Integer.parseInt(arguments[2]);
    CountDownLatch ready = new CountDownLatch(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      String name = names.get(i % names.size());
      answers.add(
          executor.submit(
              () -> {
                ready.countDown();
                ready.await();
                return ask(name, arguments[1]);
              }));
    }
    int answered = 0;
    for (Future<Integer> answer : answers) {
      answered += answer.get() == 200 ? 1 : 0;
    }
    System.out.println("answered " + answered);
    System.exit(0);
  }

  private static int ask(String name, String url) throws Exception {
    String json =
        "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";
    try (Reply reply = ChatClient.named(name).ask(url + "/v1/chat/completions", json).send()) {
      reply.drain();
      return reply.status();
    }
  }
}
