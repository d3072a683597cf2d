package com.example.traffic;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks many times, with a client for each time and with one for all, and prints how many of the
 * clients and of the instances of a package are left.
 *
 * <p>Arguments: client, base URL, number of clients, number of requests, package.
 */
public final class ManyCalls {

  private ManyCalls() {}

  public static void main(String[] arguments) throws Exception {
    String url = arguments[1] + "/v1/chat/completions";
    List<WeakReference<Object>> dropped = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      dropped.add(askOnce(arguments[0], url));
    }
    System.out.println("clients left " + Survivors.afterCollection(dropped));
    ChatClient client = ChatClient.named(arguments[0]);
    int requests = Integer.parseInt(arguments[3]);
    long before = 0;
    long bytes = 0;
    for (int i = 0; i < requests; i++) {
      if (i == requests / 10) {
        before = Survivors.instancesOf(arguments[4]);
      }
      bytes += ask(client, url, i % 4 == 0);
    }
    System.out.println("received " + bytes);
    long growth = Survivors.instancesOf(arguments[4]) - before;
    System.out.println("instances more " + growth);
    System.exit(0);
  }

  private static WeakReference<Object> askOnce(String name, String url) throws Exception {
    ChatClient client = ChatClient.named(name);
    ask(client, url, true);
    return new WeakReference<>(client.underlying());
  }

  private static long ask(ChatClient client, String url, boolean stream) throws Exception {
    String json =
        "{\"model\":\"gpt-4o-mini\",\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";
    try (Reply reply = client.ask(url, json).send()) {
      return reply.drain();
    }
  }
}
