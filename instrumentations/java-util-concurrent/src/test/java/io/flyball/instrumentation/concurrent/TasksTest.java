package io.flyball.instrumentation.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.TenantsRequest;
import io.flyball.wire.CallerScope;
import io.flyball.wire.InboundScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.Loop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What tasks are done for that went to another thread. */
class TasksTest {
  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new JavaUtilConcurrentInstrumentation());

  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final ForkJoinPool forkJoin = new ForkJoinPool(1);

  @AfterEach
  void nothingFailedAndNothingIsLeftOnTheThreads() throws Exception {
    for (ExecutorService executor : Arrays.asList(pool, scheduler, forkJoin)) {
      assertThat(executor.submit(TasksTest::now).get()).isNull();
      executor.shutdownNow();
    }
    assertThat(now()).isNull();
    assertThat(AGENT.failures()).isEmpty();
  }

  /** What this thread works for, as an object; null for nothing. */
  private static Object now() {
    return AGENT.gateway().captureInbound();
  }

  /** What the request is known by while it is served. */
  private static Object serving(String tenant, Work work) throws Exception {
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest(tenant))) {
      return working(work);
    }
  }

  /** The same for what a framework does for a part of the application, for no request. */
  private static Object named(String name, Work work) throws Exception {
    try (CallerScope named = AGENT.gateway().beginNamed("ai-service", name)) {
      return working(work);
    }
  }

  private static Object working(Work work) throws Exception {
    Object now = now();
    work.run();
    return now;
  }

  private interface Scene {
    Object play(Work work) throws Exception;
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Something that hands a task to another thread. */
  private interface Hand {
    void over(TasksTest threads, Callable<?> task) throws Exception;
  }

  enum Way {
    SUBMIT((threads, task) -> threads.pool.submit(task)),
    SUBMIT_RUNNABLE((threads, task) -> threads.pool.submit(runnable(task))),
    EXECUTE((threads, task) -> threads.pool.execute(runnable(task))),
    INVOKE_ALL((threads, task) -> threads.pool.invokeAll(Collections.singletonList(task))),
    INVOKE_ANY((threads, task) -> threads.pool.invokeAny(Collections.singletonList(task))),
    SCHEDULE((threads, task) -> threads.scheduler.schedule(task, 1, TimeUnit.MILLISECONDS)),
    SCHEDULE_RUNNABLE(
        (threads, task) -> threads.scheduler.schedule(runnable(task), 1, TimeUnit.MILLISECONDS)),
    SCHEDULER_EXECUTE((threads, task) -> threads.scheduler.execute(runnable(task))),
    FORK_JOIN_SUBMIT((threads, task) -> threads.forkJoin.submit(task)),
    FORK_JOIN_SUBMIT_RUNNABLE((threads, task) -> threads.forkJoin.submit(runnable(task))),
    FORK_JOIN_SUBMIT_WITH_RESULT(
        (threads, task) -> threads.forkJoin.submit(runnable(task), "done")),
    FORK_JOIN_EXECUTE((threads, task) -> threads.forkJoin.execute(runnable(task))),
    FORK_JOIN_INVOKE_ALL(
        (threads, task) -> threads.forkJoin.invokeAll(Collections.singletonList(task))),
    FORK_JOIN_TASK_SUBMIT((threads, task) -> threads.forkJoin.submit(recursive(task))),
    FORK_JOIN_TASK_EXECUTE((threads, task) -> threads.forkJoin.execute(recursive(task))),
    FORK_JOIN_TASK_INVOKE((threads, task) -> threads.forkJoin.invoke(recursive(task))),
    ADAPTED(
        (threads, task) -> threads.forkJoin.execute((Runnable) ForkJoinTask.adapt(runnable(task)))),
    FORKED((threads, task) -> threads.forkJoin.submit(recursive(() -> recursive(task).fork()))),
    INVOKED((threads, task) -> threads.forkJoin.submit(recursive(() -> recursive(task).invoke()))),
    INVOKED_WITH_ANOTHER(
        (threads, task) -> {
          threads.forkJoin.submit(
              recursive(
                  () -> {
                    ForkJoinTask.invokeAll(recursive(task), recursive(() -> null));
                    return null;
                  }));
        }),
    INVOKED_FIRST_OF_LIST(
        (threads, task) ->
            threads.forkJoin.submit(
                recursive(
                    () ->
                        ForkJoinTask.invokeAll(
                            Arrays.asList(recursive(task), recursive(() -> 1)))))),
    INVOKED_LAST_OF_ARRAY(
        (threads, task) -> {
          threads.forkJoin.submit(
              recursive(
                  () -> {
                    ForkJoinTask.invokeAll(recursive(() -> 1), recursive(() -> 2), recursive(task));
                    return null;
                  }));
        }),
    FUTURE_TASK_ON_A_THREAD((threads, task) -> new Thread(new FutureTask<>(task)).start()),
    SUPPLY_ASYNC((threads, task) -> CompletableFuture.supplyAsync(() -> unchecked(task))),
    RUN_ASYNC_ON_POOL((threads, task) -> CompletableFuture.runAsync(runnable(task), threads.pool));

    private final Hand hand;

    Way(Hand hand) {
      this.hand = hand;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTaskIsDoneForTheRequestThatHandedItOver(Way way) throws Exception {
    assertThatATaskIsDoneForWhatHandsItOver(way, work -> serving("acme", work));
  }

  @ParameterizedTest
  @EnumSource
  void aTaskIsDoneForWhomAFrameworkNamesWhereItIsHandedOver(Way way) throws Exception {
    assertThatATaskIsDoneForWhatHandsItOver(way, work -> named("Desk.chat", work));
  }

  private void assertThatATaskIsDoneForWhatHandsItOver(Way way, Scene scene) throws Exception {
    CompletableFuture<Object> doneFor = new CompletableFuture<>();
    CountDownLatch over = new CountDownLatch(1);
    boolean waitsForIt = way.name().contains("INVOKE_A") || way.name().endsWith("TASK_INVOKE");

    Object here =
        scene.play(
            () ->
                way.hand.over(
                    this,
                    () -> {
                      if (!waitsForIt) {
                        over.await();
                      }
                      return doneFor.complete(now());
                    }));
    over.countDown();

    assertThat(doneFor.get(20, TimeUnit.SECONDS)).isNotNull().isEqualTo(here);
  }

  @Test
  void ofTwoTenantsOnOneThreadEachHasItsOwnTasks() throws Exception {
    List<Future<Object>> tasks = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(1);
    pool.execute(() -> awaited(all));
    Object acme = serving("acme", () -> tasks.add(pool.submit(TasksTest::now)));
    tasks.add(pool.submit(TasksTest::now));
    Object globex = serving("globex", () -> tasks.add(pool.submit(TasksTest::now)));
    tasks.add(pool.submit(TasksTest::now));
    all.countDown();

    List<Object> doneFor = new ArrayList<>();
    for (Future<Object> task : tasks) {
      doneFor.add(task.get());
    }
    assertThat(doneFor).containsExactly(acme, null, globex, null);
  }

  /** Whoever works on the thread next is not named so, and who named it may have ended. */
  @Test
  void aNameGoesToItsOwnTasksOnly() throws Exception {
    List<Future<String>> names = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(1);
    pool.execute(() -> awaited(all));
    Callable<String> name = () -> AGENT.gateway().named("ai-service");
    named("Desk.chat", () -> names.add(pool.submit(name)));
    names.add(pool.submit(name));
    serving("acme", () -> names.add(pool.submit(name)));
    serving("acme", () -> named("Critic.review", () -> names.add(pool.submit(name))));
    named("Desk.chat", () -> scheduler.scheduleAtFixedRate(() -> {}, 0, 1, TimeUnit.HOURS));
    all.countDown();

    List<String> taken = new ArrayList<>();
    for (Future<String> each : names) {
      taken.add(each.get());
    }
    assertThat(taken).containsExactly("Desk.chat", null, null, "Critic.review");
  }

  @Test
  void aTaskThatFailsLeavesNothingOnItsThread() throws Exception {
    serving(
        "acme",
        () -> {
          pool.submit(
              () -> {
                throw new IllegalStateException("the task's own");
              });
          forkJoin.submit(
              recursive(
                  () -> {
                    throw new IllegalStateException("the task's own");
                  }));
        });
    assertThat(pool.submit(TasksTest::now).get()).isNull();
    assertThat(forkJoin.submit(recursive(TasksTest::now)).get()).isNull();
  }

  @Test
  void whatAPoolWasGivenStaysWhatItIs() throws Exception {
    ThreadPoolExecutor sorted =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>());
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    sorted.execute(
        new Ranked(
            0,
            () -> {
              busy.countDown();
              awaited(go);
            }));
    busy.await();
    List<Object> order = Collections.synchronizedList(new ArrayList<>());
    Ranked removed = new Ranked(1, () -> order.add("removed"));
    Ranked second = new Ranked(3, () -> order.add(now()));
    Ranked first = new Ranked(2, () -> order.add("first"));
    Object request =
        serving(
            "acme",
            () -> {
              sorted.execute(removed);
              sorted.execute(second);
              sorted.execute(first);
              assertThat(sorted.getQueue()).containsExactlyInAnyOrder(removed, second, first);
              assertThat(sorted.remove(removed)).isTrue();
            });
    go.countDown();
    sorted.shutdown();
    assertThat(sorted.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(order).containsExactly("first", request);
  }

  /** It may be the first's run or the second's. */
  @Test
  void aTaskObjectThatTwoTenantsHandOverIsDoneForNeither() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    pool.execute(() -> awaited(go));
    List<Object> doneFor = Collections.synchronizedList(new ArrayList<>());
    Runnable shared = () -> doneFor.add(now() == null ? "nobody" : "somebody");
    serving("acme", () -> pool.execute(shared));
    pool.execute(shared);
    go.countDown();
    pool.submit(() -> {}).get();
    serving("globex", () -> pool.execute(shared));
    pool.submit(() -> {}).get();

    assertThat(doneFor).containsExactly("nobody", "nobody", "somebody");
  }

  @Test
  void whatIsDoneAgainAndAgainIsDoneForNobody() throws Exception {
    CompletableFuture<Object> atRate = new CompletableFuture<>();
    CompletableFuture<Object> withDelay = new CompletableFuture<>();
    serving(
        "acme",
        () -> {
          scheduler.scheduleAtFixedRate(
              () -> atRate.complete("for " + now()), 1, 1, TimeUnit.MILLISECONDS);
          scheduler.scheduleWithFixedDelay(
              () -> withDelay.complete("for " + now()), 1, 1, TimeUnit.MILLISECONDS);
          assertThat(now()).isNotNull();
        });
    assertThat(atRate.get(20, TimeUnit.SECONDS)).isEqualTo("for null");
    assertThat(withDelay.get(20, TimeUnit.SECONDS)).isEqualTo("for null");
  }

  /** Whoever waits for a task in a fork-join pool helps with others meanwhile. */
  @Test
  void helpingWithAnothersTaskIsNotWorkForTheRequest() throws Exception {
    CompletableFuture<Object> othersDoneFor = new CompletableFuture<>();
    CountDownLatch given = new CountDownLatch(1);
    Object request =
        serving(
            "acme",
            () -> {
              ForkJoinTask<?> own =
                  forkJoin.submit(
                      recursive(
                          () -> {
                            awaited(given);
                            ForkJoinTask.helpQuiesce();
                            return now();
                          }));
              try (InboundScope left = AGENT.gateway().leaveInbound()) {
                forkJoin.execute(recursive(() -> othersDoneFor.complete("for " + now())));
              }
              given.countDown();
              assertThat(own.get()).isEqualTo(now());
            });
    assertThat(request).isNotNull();
    assertThat(othersDoneFor.get()).isEqualTo("for null");
  }

  @Test
  void whereTheCallerRunsATaskItIsStillServing() throws Exception {
    ThreadPoolExecutor full =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(1),
            new ThreadPoolExecutor.CallerRunsPolicy());
    CountDownLatch go = new CountDownLatch(1);
    full.execute(() -> awaited(go));
    full.execute(() -> {});
    List<Object> doneFor = new ArrayList<>();
    Object request =
        serving(
            "acme",
            () -> {
              full.execute(() -> doneFor.add(now()));
              doneFor.add(full.submit(TasksTest::now).get());
            });
    go.countDown();
    full.shutdown();
    assertThat(doneFor).containsExactly(request, request);
  }

  @Test
  void withoutTheAgentTasksAreAsEver() throws Exception {
    CompletableFuture<Object> doneFor = new CompletableFuture<>();
    serving(
        "acme",
        () -> {
          Future<Object> before = pool.submit(TasksTest::now);
          AGENT.disconnectedWhile(
              () -> {
                pool.execute(() -> doneFor.complete("for " + now()));
                assertThat(pool.submit(TasksTest::now).get()).isNull();
              });
          assertThat(before.isDone()).isTrue();
        });
    assertThat(doneFor.get()).isEqualTo("for null");
  }

  @Test
  void loopsOfServersAreNotTheRequestsWork() throws Exception {
    CompletableFuture<Object> doneFor = new CompletableFuture<>();
    serving(
        "acme",
        () -> {
          pool.execute(new Loop(() -> doneFor.complete("for " + now())));
          assertThat(pool.submit((Callable<Object>) new Loop(TasksTest::now)).get()).isNull();
        });
    assertThat(doneFor.get()).isEqualTo("for null");
  }

  static RecursiveTask<Object> recursive(Callable<?> task) {
    return new Recursive(task);
  }

  static Runnable runnable(Callable<?> task) {
    return () -> unchecked(task);
  }

  static Object unchecked(Callable<?> task) {
    try {
      return task.call();
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void awaited(CountDownLatch latch) {
    unchecked(
        () -> {
          latch.await();
          return null;
        });
  }

  /** A task of the fork-join pool's own kind. */
  private static final class Recursive extends RecursiveTask<Object> {
    private static final long serialVersionUID = 1;

    private final transient Callable<?> task;

    Recursive(Callable<?> task) {
      this.task = task;
    }

    @Override
    protected Object compute() {
      return unchecked(task);
    }
  }

  /** A task that a queue puts in order. */
  private static final class Ranked implements Runnable, Comparable<Ranked> {
    private final int rank;
    private final Runnable work;

    Ranked(int rank, Runnable work) {
      this.rank = rank;
      this.work = work;
    }

    @Override
    public void run() {
      work.run();
    }

    @Override
    public int compareTo(Ranked other) {
      return Integer.compare(rank, other.rank);
    }
  }
}
