package io.flyball.bootstrap;

/**
 * What the agent does where work goes from one thread to another. Implementations never throw, and
 * run inside the JDK's own executors: they neither wait nor use any.
 */
public interface TaskHooks {

  /**
   * What this thread works for.
   *
   * @param task what is handed to another thread; null when it is the application's for sure
   * @return null for nothing, or when that task is not the application's
   */
  Object capture(Object task);

  /**
   * This thread works for what was captured until the scope is closed.
   *
   * @return null when it does so already
   */
  AutoCloseable resume(Object captured);

  /**
   * This thread works for nothing until the scope is closed.
   *
   * @return null when it does not anyway
   */
  AutoCloseable leave();

  /** Remembers what this thread works for until a thread begins that task. */
  void handOver(Object task);

  /** The same for a task that perhaps is not the application's, or carries it already. */
  void execute(Runnable task);

  /**
   * This thread begins a task: until the scope is closed it works for what was remembered, else for
   * nothing.
   *
   * @return null when it does so already
   */
  AutoCloseable begin(Object task);
}
