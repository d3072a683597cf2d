package io.flyball.benchmarks;

import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.TimeUnit;
import javax.servlet.ServletConfig;
import javax.servlet.ServletContext;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a task costs that is made and done, inside a servlet's request and outside, without a change
 * of threads, whose own price would hide it. To be run twice, without the agent and with {@code
 * -jvmArgsAppend -javaagent:...}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class HandOver {
  private static final int TASKS = 1_000;
  private static final int LEAVES = 1_024;

  /** Knows no servlets. */
  private static final ServletContext CONTEXT = object(ServletContext.class);

  @Param({"false", "true"})
  boolean served;

  private final Served servlet = new Served();
  private final HttpServletRequest request = object(HttpServletRequest.class);
  private final HttpServletResponse response = object(HttpServletResponse.class);
  private ForkJoinPool pool;

  @Setup
  public void start() throws Exception {
    servlet.init(object(ServletConfig.class));
    pool = new ForkJoinPool(1);
  }

  @TearDown
  public void stop() {
    pool.shutdown();
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void futureTask() throws Exception {
    run(
        () -> {
          for (int i = 0; i < TASKS; i++) {
            new FutureTask<>(() -> {}, i).run();
          }
        });
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void stage() throws Exception {
    run(
        () -> {
          for (int i = 0; i < TASKS; i++) {
            CompletableFuture<Integer> first = new CompletableFuture<>();
            first.thenAccept(number -> {});
            first.complete(i);
          }
        });
  }

  /** Per leaf; two tasks each. */
  @Benchmark
  @OperationsPerInvocation(LEAVES)
  public void fork() throws Exception {
    run(() -> pool.invoke(new Halves(LEAVES)));
  }

  private void run(Runnable work) throws Exception {
    if (served) {
      servlet.work = work;
      servlet.service(request, response);
    } else {
      work.run();
    }
  }

  private static <T> T object(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getMethod")) {
                return "GET";
              }
              if (method.getReturnType() == ServletContext.class) {
                return CONTEXT;
              }
              return method.getReturnType() == boolean.class ? Boolean.FALSE : null;
            }));
  }

  /** Serves by doing some work. */
  private static final class Served extends HttpServlet {
    private static final long serialVersionUID = 1;

    private transient Runnable work;

    @Override
    protected void doGet(HttpServletRequest in, HttpServletResponse out) {
      work.run();
    }
  }

  /** Divides itself until there is nothing left to divide. */
  private static final class Halves extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private final int leaves;

    Halves(int leaves) {
      this.leaves = leaves;
    }

    @Override
    protected void compute() {
      if (leaves > 1) {
        invokeAll(new Halves(leaves / 2), new Halves(leaves / 2));
      }
    }
  }
}
