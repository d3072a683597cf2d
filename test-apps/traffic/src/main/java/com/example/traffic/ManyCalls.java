package com.example.traffic;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks many times, with a client for each time and with one for all, and prints how many of the
 * clients and of the instances of a package are left.
 *
 * <p>Arguments: client, base URL, number of clients, how many of them may be left, number of
 * requests, package, how many of its instances more are no growth, and {@code let-go}, or {@code
 * keep} for an application that keeps every answer and reads none.
 */
public final class ManyCalls {
  private final ChatClient client;
  private final String url;
  private final List<Reply> kept = new ArrayList<>();
  private final boolean keep;

  private ManyCalls(ChatClient client, String url, boolean keep) {
    this.client = client;
    this.url = url;
    this.keep = keep;
  }

  public static void main(String[] arguments) throws Exception {
    String url = arguments[1] + "/v1/chat/completions";
    List<WeakReference<Object>> dropped = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      dropped.add(askOnce(arguments[0], url));
    }
    int enough = Integer.parseInt(arguments[3]);
    System.out.println("clients left " + Survivors.afterCollection(dropped, enough));
    ManyCalls calls =
        new ManyCalls(ChatClient.named(arguments[0]), url, arguments[7].equals("keep"));
    calls.askOften(Integer.parseInt(arguments[4]), arguments[5], Integer.parseInt(arguments[6]));
    System.exit(0);
  }

  private static WeakReference<Object> askOnce(String name, String url) throws Exception {
    ManyCalls one = new ManyCalls(ChatClient.named(name), url, false);
    one.ask(true);
    return new WeakReference<>(one.client.underlying());
  }

  private void askOften(int requests, String packageName, int noGrowth) throws Exception {
    long before = 0;
    long bytes = 0;
    for (int i = 0; i < requests; i++) {
      if (i == requests / 10) {
        before = Survivors.instancesOf(packageName);
      }
      bytes += ask(i % 4 == 0);
    }
    System.out.println("received " + bytes);
    long after = Survivors.instancesOf(packageName, before + noGrowth);
    System.out.println("instances more " + (after - before));
    System.out.println("kept " + kept.size());
  }

  private long ask(boolean stream) throws Exception {
    String json =
        "{\"model\":\"gpt-4o-mini\",\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";
    Reply reply = client.ask(url, json).send();
    if (keep) {
      kept.add(reply);
      return 0;
    }
    try {
      return reply.drain();
    } finally {
      reply.close();
    }
  }
}
