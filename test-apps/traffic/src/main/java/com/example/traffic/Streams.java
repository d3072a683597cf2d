package com.example.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;

/**
 * Reads streams of a model in different ways and prints what it saw.
 *
 * <p>Arguments: client, base URL, then one of the ways below after the other.
 */
public final class Streams {
  private final ChatClient client;
  private final String url;

  private Streams(ChatClient client, String url) {
    this.client = client;
    this.url = url;
  }

  public static void main(String[] arguments) throws Exception {
    Streams streams = new Streams(ChatClient.named(arguments[0]), arguments[1]);
    for (int i = 2; i < arguments.length; i++) {
      streams.read(arguments[i]);
    }
    System.exit(0);
  }

  private void read(String way) throws Exception {
    String json =
        "{\"model\":\""
            + way
            + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Count.\"}]}";
    Reply reply = client.ask(url + '/' + way + "/v1/chat/completions", json).send();
    switch (way) {
      case "leave-early":
        for (int events = 0; events < 3; events += isEvent(reply.readLine()) ? 1 : 0) {
          // Only the third is wanted.
        }
        reply.close();
        System.out.println(way + " left");
        break;
      case "read-slowly":
        reply.readLine();
        System.out.println(way + " pauses");
        awaitContinuation();
        System.out.println(way + " " + toTheEnd(reply, way));
        break;
      default:
        System.out.println(way + " " + toTheEnd(reply, way));
    }
  }

  private static String toTheEnd(Reply reply, String way) {
    long characters = 0;
    int events = 0;
    try {
      for (String line = reply.readLine(); line != null; line = reply.readLine()) {
        characters += line.length() + 1;
        if (isEvent(line) && ++events == 1) {
          System.out.println(way + " first event");
        }
      }
      reply.close();
      return "events=" + events + " characters=" + characters;
    } catch (IOException e) {
      return "events=" + events + " characters=" + characters + " " + e;
    }
  }

  private static boolean isEvent(String line) {
    return line.startsWith("data:");
  }

  /** The server answers when it is time. */
  private void awaitContinuation() throws IOException {
    try (InputStream in = new URL(url + "/continue").openStream()) {
      in.read();
    }
  }
}
