package com.example.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The threads of the program, and the ways in which they are given work. */
final class Workshop {
  private static final int HANDS = 4;

  private final ExecutorService pool = Executors.newFixedThreadPool(HANDS, Workshop::daemon);
  private final ScheduledExecutorService scheduler =
      Executors.newScheduledThreadPool(2, Workshop::daemon);
  private final ForkJoinPool forkJoin = new ForkJoinPool(HANDS);
  private final ExecutorService perTask = threadPerTask();
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final Map<String, Way> ways = new LinkedHashMap<>();

  /** How something is asked for. */
  interface Way {
    String get(Callable<String> question) throws Exception;
  }

  Workshop(Models models) {
    daemon(this::handleEvents).start();
    ways.put("pool", question -> pool.submit(question).get());
    ways.put("execute", question -> result(done -> pool.execute(new Errand(question, done))));
    ways.put("execute-lambda", question -> result(done -> pool.execute(() -> end(done, question))));
    ways.put("invoke-all", question -> pool.invokeAll(Arrays.asList(question)).get(0).get());
    ways.put("scheduled", q -> scheduler.schedule(q, 3, TimeUnit.MILLISECONDS).get());
    ways.put("fork-join", question -> forkJoin.submit(question).get());
    ways.put("fork", question -> forkJoin.invoke(new Halves(question, 3)));
    ways.put("common-pool", question -> ForkJoinPool.commonPool().submit(question).get());
    ways.put(
        "parallel-stream",
        question ->
            Arrays.asList(1, 2, 3, 4).parallelStream()
                .map(number -> number == 3 ? unchecked(question) : "")
                .reduce("", String::concat));
    ways.put("supply", question -> CompletableFuture.supplyAsync(() -> unchecked(question)).get());
    ways.put(
        "supply-on-pool",
        question -> CompletableFuture.supplyAsync(() -> unchecked(question), pool).get());
    ways.put(
        "chain",
        question ->
            CompletableFuture.runAsync(() -> {}, pool)
                .thenApplyAsync(nothing -> 1)
                .thenCombine(CompletableFuture.supplyAsync(() -> 2), Integer::sum)
                .thenCompose(
                    number -> CompletableFuture.supplyAsync(() -> unchecked(question), forkJoin))
                .whenComplete((text, failure) -> {})
                .get());
    ways.put(
        "exceptionally",
        question ->
            CompletableFuture.<String>supplyAsync(
                    () -> {
                      throw new IllegalStateException("asks somebody else");
                    })
                .exceptionally(failure -> unchecked(question))
                .get());
    ways.put(
        "completed-elsewhere",
        question ->
            result(
                done -> {
                  CompletableFuture<String> signal = new CompletableFuture<>();
                  signal.thenAccept(text -> end(done, question));
                  events.add(() -> signal.complete("now"));
                }));
    ways.put("okhttp-callback", question -> result(done -> models.list(() -> end(done, question))));
    ways.put("virtual", question -> perTask.submit(question).get());
    ways.put(
        "virtual-execute", question -> result(done -> perTask.execute(() -> end(done, question))));
    ways.put(
        "reactor-subscribe-on",
        question -> Mono.fromCallable(question).subscribeOn(Schedulers.boundedElastic()).block());
    ways.put(
        "reactor-publish-on",
        question ->
            Flux.just(1, 2)
                .publishOn(Schedulers.parallel())
                .map(n -> n == 2 ? unchecked(question) : "")
                .blockLast());
    ways.put(
        "reactor-delay",
        question ->
            Mono.delay(Duration.ofMillis(3)).flatMap(zero -> Mono.fromCallable(question)).block());
    ways.put(
        "reactor-foreign",
        question ->
            Mono.<String>create(sink -> events.add(() -> sink.success("now")))
                .flatMap(now -> Mono.fromCallable(question))
                .block());
    ways.put(
        "reactor-many",
        question ->
            Flux.range(0, 8)
                .flatMap(
                    n ->
                        Mono.delay(Duration.ofMillis(n))
                            .map(zero -> n == 5 ? unchecked(question) : ""))
                .reduce("", String::concat)
                .block());
  }

  private static ExecutorService threadPerTask() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException beforeJava21) {
      return Executors.newCachedThreadPool(Workshop::daemon);
    }
  }

  /**
   * @throws IllegalArgumentException for a way that does not exist
   */
  Way way(String name) {
    Way way = ways.get(name);
    if (way == null) {
      throw new IllegalArgumentException(name);
    }
    return way;
  }

  /** Asks in half a second, when whoever wanted it has long had an answer. */
  void later(Callable<String> question) {
    scheduler.schedule(question, 500, TimeUnit.MILLISECONDS);
  }

  /** Asks in every way again and again, for nobody. */
  void keepHouse(Callable<String> question) {
    daemon(
            () -> {
              while (true) {
                for (Way way : ways.values()) {
                  try {
                    way.get(question);
                  } catch (Exception failure) {
                    failure.printStackTrace();
                  }
                }
              }
            })
        .start();
  }

  private void handleEvents() {
    while (true) {
      try {
        events.take().run();
      } catch (InterruptedException never) {
        return;
      }
    }
  }

  private static String result(java.util.function.Consumer<CompletableFuture<String>> work)
      throws Exception {
    CompletableFuture<String> done = new CompletableFuture<>();
    work.accept(done);
    return done.get();
  }

  private static void end(CompletableFuture<String> done, Callable<String> question) {
    try {
      done.complete(question.call());
    } catch (Exception failure) {
      done.completeExceptionally(failure);
    }
  }

  private static String unchecked(Callable<String> question) {
    try {
      return question.call();
    } catch (Exception failure) {
      throw new CompletionException(failure);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  /** A task of a class of its own. */
  private static final class Errand implements Runnable {
    private final Callable<String> question;
    private final CompletableFuture<String> done;

    Errand(Callable<String> question, CompletableFuture<String> done) {
      this.question = question;
      this.done = done;
    }

    @Override
    public void run() {
      end(done, question);
    }
  }

  /** Divides itself; one of the parts asks. */
  private static final class Halves extends RecursiveTask<String> {
    private static final long serialVersionUID = 1;

    private final transient Callable<String> question;
    private final int depth;

    Halves(Callable<String> question, int depth) {
      this.question = question;
      this.depth = depth;
    }

    @Override
    protected String compute() {
      if (depth == 0) {
        return question == null ? "" : unchecked(question);
      }
      List<Halves> halves = new ArrayList<>();
      halves.add(new Halves(null, depth - 1));
      halves.add(new Halves(question, depth - 1));
      StringBuilder text = new StringBuilder();
      for (Halves half : ForkJoinTask.invokeAll(halves)) {
        text.append(half.join());
      }
      return text.toString();
    }
  }
}
