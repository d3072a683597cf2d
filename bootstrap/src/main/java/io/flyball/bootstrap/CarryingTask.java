package io.flyball.bootstrap;

import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A task that is done for what the thread worked for that handed it over. Stands in fields of the
 * JDK that applications do not see, so that it need not be equal to what it does.
 */
abstract class CarryingTask
    implements Runnable,
        Callable<Object>,
        Supplier<Object>,
        Consumer<Object>,
        BiConsumer<Object, Object> {
  final Object task;
  final Object captured;

  private CarryingTask(Object task, Object captured) {
    this.task = task;
    this.captured = captured;
  }

  /**
   * The task itself when there is nothing to carry.
   *
   * @param captured may be null
   */
  static Object of(Object task, Object captured) {
    if (captured == null) {
      return task;
    }
    return task instanceof BiFunction ? new OfTwo(task, captured) : new OfOne(task, captured);
  }

  @Override
  public void run() {
    AutoCloseable scope = Tasks.resume(captured);
    try {
      ((Runnable) task).run();
    } finally {
      Tasks.close(scope);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public Object call() throws Exception {
    AutoCloseable scope = Tasks.resume(captured);
    try {
      return ((Callable<Object>) task).call();
    } finally {
      Tasks.close(scope);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public Object get() {
    AutoCloseable scope = Tasks.resume(captured);
    try {
      return ((Supplier<Object>) task).get();
    } finally {
      Tasks.close(scope);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public void accept(Object argument) {
    AutoCloseable scope = Tasks.resume(captured);
    try {
      ((Consumer<Object>) task).accept(argument);
    } finally {
      Tasks.close(scope);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public void accept(Object first, Object second) {
    AutoCloseable scope = Tasks.resume(captured);
    try {
      ((BiConsumer<Object, Object>) task).accept(first, second);
    } finally {
      Tasks.close(scope);
    }
  }

  /** Executors print their tasks. */
  @Override
  public String toString() {
    return task.toString();
  }

  private static final class OfOne extends CarryingTask implements Function<Object, Object> {
    OfOne(Object task, Object captured) {
      super(task, captured);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object apply(Object argument) {
      AutoCloseable scope = Tasks.resume(captured);
      try {
        return ((Function<Object, Object>) task).apply(argument);
      } finally {
        Tasks.close(scope);
      }
    }
  }

  /** No class can be a function of one and of two. */
  private static final class OfTwo extends CarryingTask
      implements BiFunction<Object, Object, Object> {
    OfTwo(Object task, Object captured) {
      super(task, captured);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object apply(Object first, Object second) {
      AutoCloseable scope = Tasks.resume(captured);
      try {
        return ((BiFunction<Object, Object, Object>) task).apply(first, second);
      } finally {
        Tasks.close(scope);
      }
    }
  }
}
