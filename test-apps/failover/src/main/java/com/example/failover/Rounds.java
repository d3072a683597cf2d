package com.example.failover;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks models, some of which fail, and prints how each call ended as one line of JSON.
 *
 * <p>Arguments: class of the {@link Caller}, base URL, key, then rounds that are made at the same
 * time: {@code name,model,stream,calls,ms from one call to the next,ms to wait for one at most}. A
 * call that takes longer is a hang. The name is in the prompt. Two calls to {@code fb-ok} come
 * first, so that no round waits for classes to be loaded, and each round ends with another one. The
 * last line has the names of all threads.
 */
public final class Rounds {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String ALIVE = "-alive";

  private final Caller caller;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "round");
            thread.setDaemon(true);
            return thread;
          });

  private Rounds(Caller caller) {
    this.caller = caller;
  }

  public static void main(String[] arguments) throws Exception {
    Rounds rounds = new Rounds(Caller.named(arguments[0], arguments[1], arguments[2]));
    rounds.run(new Round("warm-up-plain", "fb-ok", false, 1, 0, 30_000));
    rounds.run(new Round("warm-up-stream", "fb-ok", true, 1, 0, 30_000));
    List<Future<?>> running = new ArrayList<>();
    for (int i = 3; i < arguments.length; i++) {
      Round round = Round.parse(arguments[i]);
      running.add(rounds.threads.submit(() -> rounds.run(round)));
    }
    for (Future<?> round : running) {
      round.get();
    }
    ObjectNode done = JSON.createObjectNode().put("done", running.size());
    Thread.getAllStackTraces()
        .keySet()
        .forEach(thread -> done.withArray("threads").add(thread.getName()));
    System.out.println(done);
    System.exit(0);
  }

  private Void run(Round round) throws InterruptedException {
    long start = System.nanoTime();
    for (int call = 0; call < round.calls; call++) {
      long due = start + TimeUnit.MILLISECONDS.toNanos(call * round.intervalMillis);
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      ObjectNode line = JSON.createObjectNode().put("round", round.name).put("call", call);
      line.put("sent_ms", millisSince(start));
      ask(round, line);
      System.out.println(line);
    }
    if (!round.name.endsWith(ALIVE) && !round.name.startsWith("warm-up")) {
      run(new Round(round.name + ALIVE, "fb-ok", round.stream, 1, 0, 10_000));
    }
    return null;
  }

  private void ask(Round round, ObjectNode line) throws InterruptedException {
    String prompt = "Round " + round.name + ": say in sixty words what a governor is good for.";
    long sent = System.nanoTime();
    Future<Completion> answer = threads.submit(() -> caller.ask(round.model, round.stream, prompt));
    try {
      Completion completion = answer.get(round.maxMillis, TimeUnit.MILLISECONDS);
      line.put("outcome", "success")
          .put("text", completion.text())
          .put("model", completion.model())
          .put("input_tokens", completion.inputTokens())
          .put("output_tokens", completion.outputTokens());
    } catch (ExecutionException e) {
      line.put("outcome", "error")
          .put("error_class", e.getCause().getClass().getName())
          .put("error", String.valueOf(e.getCause().getMessage()));
    } catch (TimeoutException e) {
      line.put("outcome", "hang");
      answer.cancel(true);
    }
    line.put("elapsed_ms", millisSince(sent));
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  private static final class Round {
    private final String name;
    private final String model;
    private final boolean stream;
    private final int calls;
    private final long intervalMillis;
    private final long maxMillis;

    Round(
        String name, String model, boolean stream, int calls, long intervalMillis, long maxMillis) {
      this.name = name;
      this.model = model;
      this.stream = stream;
      this.calls = calls;
      this.intervalMillis = intervalMillis;
      this.maxMillis = maxMillis;
    }

    static Round parse(String argument) {
      String[] parts = argument.split(",");
      return new Round(
          parts[0],
          parts[1],
          Boolean.parseBoolean(parts[2]),
          Integer.parseInt(parts[3]),
          Long.parseLong(parts[4]),
          Long.parseLong(parts[5]));
    }
  }
}
