package io.flyball.bootstrap;

/** Where code woven into executors meets the agent, as others do at the {@link Bridge}. */
public final class Tasks {
  private static volatile TaskHooks hooks;
  private static volatile boolean loggedValues;

  private Tasks() {}

  /**
   * Connects the agent, or disconnects it with null.
   *
   * @return what was connected before, or null
   */
  public static synchronized TaskHooks connect(TaskHooks newHooks) {
    TaskHooks old = hooks;
    hooks = newHooks;
    return old;
  }

  /**
   * Whether values of logging contexts go along with tasks: then nobody need say that there are.
   */
  public static boolean carryLoggedValues() {
    return loggedValues;
  }

  /** They do from now on. */
  public static void beginToCarryLoggedValues() {
    loggedValues = true;
  }

  /**
   * Called by advice with a task that something is going to keep and to run.
   *
   * @param task of a type that {@link CarryingTask} has, or null
   * @return the task, or one that does it for what this thread works for
   */
  public static Object carrying(Object task) {
    TaskHooks connected = hooks;
    return connected == null || task == null || task instanceof CarryingTask
        ? task
        : CarryingTask.of(task, connected.capture(task));
  }

  /** The same with a function that is to follow when something has ended. */
  public static Object carryingStage(Object function) {
    TaskHooks connected = hooks;
    return connected == null || function == null || function instanceof CarryingTask
        ? function
        : CarryingTask.of(function, connected.capture(null));
  }

  /** Called by advice where a task is handed over as it is. */
  public static void handOver(Object task) {
    TaskHooks connected = hooks;
    if (connected != null && task != null) {
      connected.handOver(task);
    }
  }

  /** Called by advice where an executor is given a task as it is. */
  public static void execute(Runnable task) {
    TaskHooks connected = hooks;
    if (connected != null && task != null && !(task instanceof CarryingTask)) {
      connected.execute(task);
    }
  }

  /**
   * Called by advice before a task that was handed over.
   *
   * @return what to {@link #close} after it; may be null
   */
  public static AutoCloseable begin(Object task) {
    TaskHooks connected = hooks;
    return connected == null ? null : connected.begin(task);
  }

  /** Stands where a worker called {@code task.run()}. */
  public static void run(Runnable task) {
    AutoCloseable scope = begin(task);
    try {
      task.run();
    } finally {
      close(scope);
    }
  }

  /**
   * Called by advice before something that did not come from what this thread works for.
   *
   * @return what to {@link #close} after it; may be null
   */
  public static AutoCloseable leave() {
    TaskHooks connected = hooks;
    return connected == null ? null : connected.leave();
  }

  static AutoCloseable resume(Object captured) {
    TaskHooks connected = hooks;
    return connected == null ? null : connected.resume(captured);
  }

  /**
   * Closes what {@link #begin} or {@link #leave} gave.
   *
   * @param scope may be null
   */
  public static void close(AutoCloseable scope) {
    if (scope != null) {
      try {
        scope.close();
      } catch (Exception impossible) {
        // The agent's scopes do not throw.
      }
    }
  }
}
