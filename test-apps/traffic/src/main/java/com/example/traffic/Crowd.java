package com.example.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Many tasks that ask at once, in turn whole answers, streams, streams that are left, requests that
 * are given up, errors and broken connections; prints how often it saw what.
 *
 * <p>Arguments: client, base URL, {@code platform} or {@code virtual} threads, tasks, requests of
 * each, a package to look for in the stacks of the threads at the end, how the names begin of the
 * threads that may be in it.
 */
public final class Crowd {
  private static final String[] KINDS = {
    "plain", "stream", "plain", "leave", "error", "stream", "reset", "plain", "give-up", "stream"
  };

  private final ChatClient client;
  private final String url;
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
  private final Map<String, Integer> seen = new TreeMap<>();

  private Crowd(ChatClient client, String url) {
    this.client = client;
    this.url = url;
  }

  public static void main(String[] arguments) throws Exception {
    Crowd crowd = new Crowd(ChatClient.named(arguments[0]), arguments[1]);
    int tasks = Integer.parseInt(arguments[3]);
    int requests = Integer.parseInt(arguments[4]);
    ExecutorService executor =
        arguments[2].equals("virtual") ? virtualThreads() : Executors.newFixedThreadPool(tasks);
    List<Future<?>> all = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      int offset = task;
      all.add(
          executor.submit(
              () -> {
                for (int i = 0; i < requests; i++) {
                  crowd.request(KINDS[(i + offset) % KINDS.length]);
                }
                return null;
              }));
    }
    for (Future<?> each : all) {
      each.get();
    }
    executor.shutdown();
    crowd.clock.shutdownNow();
    crowd.seen.forEach((what, count) -> System.out.println(what + " = " + count));
    System.out.println("in " + arguments[5] + ": " + strangersIn(arguments[5], arguments[6]));
    try (InputStream end = new URL(arguments[1] + "/end").openStream()) {
      end.read();
    }
  }

  /** Names of the threads that stay in code of that package and are not of those that may. */
  private static Set<String> strangersIn(String packageName, String welcome) throws Exception {
    Set<String> strangers = new TreeSet<>();
    for (int look = 0; look == 0 || look < 100 && !strangers.isEmpty(); look++) {
      Set<String> now = threadsIn(packageName);
      now.removeIf(name -> name.startsWith(welcome));
      if (look == 0) {
        strangers = now;
      } else {
        strangers.retainAll(now);
        Thread.sleep(100);
      }
    }
    return strangers;
  }

  /** Names of the threads that are in code of that package now. */
  private static Set<String> threadsIn(String packageName) {
    Set<String> names = new TreeSet<>();
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) -> {
              for (StackTraceElement frame : frames) {
                if (frame.getClassName().startsWith(packageName + '.')) {
                  names.add(thread.getName());
                }
              }
            });
    return names;
  }

  private static ExecutorService virtualThreads() throws ReflectiveOperationException {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void request(String kind) throws Exception {
    String json =
        "{\"model\":\""
            + kind
            + "\",\"stream\":"
            + (kind.equals("stream") || kind.equals("leave"))
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";
    ChatClient.Question question = client.ask(url + '/' + kind + "/v1/chat/completions", json);
    if (kind.equals("give-up")) {
      giveUp(question);
      return;
    }
    try (Reply reply = question.send()) {
      if (kind.equals("leave")) {
        reply.readLine();
        saw(kind, "cancelled");
      } else {
        reply.drain();
        saw(kind, reply.status() == 200 ? "success" : "error");
      }
    } catch (IOException e) {
      saw(kind, "cut");
    }
  }

  /** The server never answers this one. */
  private void giveUp(ChatClient.Question question) throws InterruptedException {
    Future<?> cancelling =
        clock.scheduleWithFixedDelay(question::cancel, 20, 20, TimeUnit.MILLISECONDS);
    try (Reply reply = question.send()) {
      saw("give-up", "status " + reply.status());
    } catch (Exception givenUp) {
      saw("give-up", "cancelled");
    } finally {
      cancelling.cancel(false);
      Thread.interrupted();
    }
  }

  private void saw(String kind, String end) {
    synchronized (seen) {
      seen.merge(kind + ' ' + end, 1, Integer::sum);
    }
  }
}
