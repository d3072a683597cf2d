package io.flyball.instrumentation.concurrent;

import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A way to hand a task over to another thread. */
enum Way {
  SUBMIT {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.pool.submit(task);
    }
  },
  SUBMIT_RUNNABLE {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.pool.submit(TasksTest.runnable(task));
    }
  },
  EXECUTE {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.pool.execute(TasksTest.runnable(task));
    }
  },
  INVOKE_ALL {
    @Override
    void hand(TasksTest threads, Callable<?> task) throws Exception {
      threads.pool.invokeAll(Collections.singletonList(task));
    }
  },
  INVOKE_ANY {
    @Override
    void hand(TasksTest threads, Callable<?> task) throws Exception {
      threads.pool.invokeAny(Collections.singletonList(task));
    }
  },
  SCHEDULE {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.scheduler.schedule(task, 1, TimeUnit.MILLISECONDS);
    }
  },
  SCHEDULE_RUNNABLE {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.scheduler.schedule(TasksTest.runnable(task), 1, TimeUnit.MILLISECONDS);
    }
  },
  SCHEDULER_EXECUTE {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.scheduler.execute(TasksTest.runnable(task));
    }
  },
  FORK_JOIN_SUBMIT {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.submit(task);
    }
  },
  FORK_JOIN_SUBMIT_RUNNABLE {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.submit(TasksTest.runnable(task));
    }
  },
  FORK_JOIN_SUBMIT_WITH_RESULT {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.submit(TasksTest.runnable(task), "done");
    }
  },
  FORK_JOIN_EXECUTE {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.execute(TasksTest.runnable(task));
    }
  },
  FORK_JOIN_INVOKE_ALL {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.invokeAll(Collections.singletonList(task));
    }
  },
  FORK_JOIN_TASK_SUBMIT {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.submit(TasksTest.recursive(task));
    }
  },
  FORK_JOIN_TASK_EXECUTE {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.execute(TasksTest.recursive(task));
    }
  },
  FORK_JOIN_TASK_INVOKE {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.invoke(TasksTest.recursive(task));
    }
  },
  ADAPTED {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.execute((Runnable) ForkJoinTask.adapt(TasksTest.runnable(task)));
    }
  },
  FORKED {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.submit(TasksTest.recursive(() -> TasksTest.recursive(task).fork()));
    }
  },
  INVOKED {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.submit(TasksTest.recursive(() -> TasksTest.recursive(task).invoke()));
    }
  },
  INVOKED_WITH_ANOTHER {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.submit(
          TasksTest.recursive(
              () -> {
                ForkJoinTask.invokeAll(TasksTest.recursive(task), TasksTest.recursive(() -> null));
                return null;
              }));
    }
  },
  INVOKED_FIRST_OF_LIST {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.submit(
          TasksTest.recursive(
              () ->
                  ForkJoinTask.invokeAll(
                      Arrays.asList(TasksTest.recursive(task), TasksTest.recursive(() -> 1)))));
    }
  },
  INVOKED_LAST_OF_ARRAY {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      threads.forkJoin.submit(
          TasksTest.recursive(
              () -> {
                ForkJoinTask.invokeAll(
                    TasksTest.recursive(() -> 1),
                    TasksTest.recursive(() -> 2),
                    TasksTest.recursive(task));
                return null;
              }));
    }
  },
  FUTURE_TASK_ON_A_THREAD {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      new Thread(new FutureTask<>(task)).start();
    }
  },
  SUPPLY_ASYNC {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      CompletableFuture.supplyAsync(() -> TasksTest.unchecked(task));
    }
  },
  RUN_ASYNC_ON_POOL {
    @Override
    void hand(TasksTest threads, Callable<?> task) {
      CompletableFuture.runAsync(TasksTest.runnable(task), threads.pool);
    }
  };

  abstract void hand(TasksTest threads, Callable<?> task) throws Exception;
}
