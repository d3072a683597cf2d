package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Executors, futures and virtual threads of the JDK, 8 and later. No client: work that a thread
 * hands to another is done for the inbound request that the first one works for, and for whom
 * frameworks say that it works.
 *
 * <p>What an executor was given must stay what it is: it may be compared, counted, removed and
 * looked at. So a task is replaced only where it vanishes in a private field of the JDK (those of
 * futures, of stages, of virtual threads); for one that is kept as it is, what it is done for is
 * remembered beside it.
 */
public final class JavaUtilConcurrentInstrumentation implements ClientInstrumentation {
  private static final String PACKAGE = "java.util.concurrent.";
  private static final String STAGES = PACKAGE + "CompletableFuture";
  private static final String FORK_JOIN = PACKAGE + "ForkJoinTask";
  private static final String FORK_JOIN_POOL = PACKAGE + "ForkJoinPool";
  private static final String POOL = PACKAGE + "ThreadPoolExecutor";
  private static final String SCHEDULED = PACKAGE + "ScheduledThreadPoolExecutor";
  private static final String FUTURE = PACKAGE + "FutureTask";

  private static final String RUNNABLE = "java.lang.Runnable";
  private static final String CALLABLE = PACKAGE + "Callable";
  private static final String UNIT = PACKAGE + "TimeUnit";
  private static final String EXECUTOR = PACKAGE + "Executor";
  private static final String STAGE = PACKAGE + "CompletionStage";
  private static final String FUNCTION = "java.util.function.Function";
  private static final String BI_FUNCTION = "java.util.function.BiFunction";
  private static final String CONSUMER = "java.util.function.Consumer";
  private static final String BI_CONSUMER = "java.util.function.BiConsumer";

  @Override
  public String name() {
    return "java-util-concurrent";
  }

  @Override
  public Set<String> follows() {
    return new HashSet<>(
        Arrays.asList(
            "servlet-3",
            "servlet-5",
            "logging-context",
            "langchain4j-1-ai-services",
            "spring-ai-1-chat-client"));
  }

  @Override
  public List<Hook> hooks() {
    List<Hook> hooks = new ArrayList<>();
    addExecutors(hooks);
    addForkJoin(hooks);
    addStages(hooks);
    hooks.add(
        hook(
                "java.lang.ThreadBuilders",
                "newVirtualThread",
                CarryFourthAdvice.class,
                EXECUTOR,
                "java.lang.String",
                "int",
                RUNNABLE)
            .whereItExists());
    hooks.add(replacedByOpenTelemetry());
    return hooks;
  }

  /**
   * The OpenTelemetry agent puts a task of its own in the place of a lambda that an executor is
   * given, after we have seen that.
   */
  private static Hook replacedByOpenTelemetry() {
    String agent = "io.opentelemetry.javaagent.";
    return hook(
            agent + "bootstrap.executors.ContextPropagatingRunnable",
            "<init>",
            CarryFirstAdvice.class,
            RUNNABLE,
            agent + "shaded.io.opentelemetry.context.Context")
        .whereItExists();
  }

  /** A periodic task outlives every request, also the one that happened to start it. */
  private static void addExecutors(List<Hook> hooks) {
    hooks.add(hook(FUTURE, "<init>", CarryFirstAdvice.class, CALLABLE));
    hooks.add(hook(FUTURE, "<init>", CarryFirstAdvice.class, RUNNABLE, "java.lang.Object"));
    hooks.add(hook(POOL, "execute", ExecuteAdvice.class, RUNNABLE));
    hooks.add(hook(POOL, "runWorker", Tasks.class, POOL + "$Worker").whereItRuns());
    for (String periodic : new String[] {"scheduleAtFixedRate", "scheduleWithFixedDelay"}) {
      hooks.add(hook(SCHEDULED, periodic, LeaveAdvice.class, RUNNABLE, "long", "long", UNIT));
    }
  }

  private static void addForkJoin(List<Hook> hooks) {
    hooks.add(hook(FORK_JOIN, "fork", HandOverAdvice.class));
    hooks.add(hook(FORK_JOIN, "invoke", HandOverAdvice.class));
    hooks.add(hook(FORK_JOIN, "quietlyInvoke", HandOverAdvice.class));
    hooks.add(hook(FORK_JOIN, "invokeAll", HandOverFirstAdvice.class, FORK_JOIN, FORK_JOIN));
    hooks.add(hook(FORK_JOIN, "invokeAll", InvokeAllAdvice.class, "[L" + FORK_JOIN + ';'));
    hooks.add(hook(FORK_JOIN, "invokeAll", InvokeAllOfAdvice.class, "java.util.Collection"));
    hooks.add(hook(FORK_JOIN, "doExec", BeginAdvice.class));
    for (String given : new String[] {"execute", "submit", "invoke"}) {
      hooks.add(hook(FORK_JOIN_POOL, given, HandOverFirstAdvice.class, FORK_JOIN));
    }
    for (String given : new String[] {"execute", "submit"}) {
      hooks.add(hook(FORK_JOIN_POOL, given, ForkJoinExecuteAdvice.class, RUNNABLE));
    }
    for (String task : new String[] {RUNNABLE, CALLABLE}) {
      hooks.add(
          hook(FORK_JOIN_POOL, "schedule", CarryFirstAdvice.class, task, "long", UNIT)
              .whereItExists());
    }
    String result = "java.lang.Object";
    hooks.add(adapting("AdaptedRunnable", RUNNABLE, result));
    hooks.add(adapting("AdaptedRunnableAction", RUNNABLE));
    hooks.add(adapting("RunnableExecuteAction", RUNNABLE));
    hooks.add(adapting("AdaptedCallable", CALLABLE));
    hooks.add(adapting("AdaptedInterruptibleCallable", CALLABLE));
    hooks.add(adapting("AdaptedInterruptibleRunnable", RUNNABLE, result));
  }

  private static Hook adapting(String type, String... parameterTypes) {
    return hook(FORK_JOIN + '$' + type, "<init>", CarryFirstAdvice.class, parameterTypes)
        .whereItExists();
  }

  /** The private methods that the many public ones come down to, and the one that runs stages. */
  private static void addStages(List<Hook> hooks) {
    hooks.add(
        hook(
            STAGES,
            "asyncSupplyStage",
            SecondStageAdvice.class,
            EXECUTOR,
            "java.util.function.Supplier"));
    hooks.add(hook(STAGES, "asyncRunStage", SecondStageAdvice.class, EXECUTOR, RUNNABLE));
    addStage(hooks, "Apply", FUNCTION, BI_FUNCTION);
    addStage(hooks, "Accept", CONSUMER, BI_CONSUMER);
    addStage(hooks, "Run", RUNNABLE, RUNNABLE);
    hooks.add(hook(STAGES, "uniWhenCompleteStage", SecondStageAdvice.class, EXECUTOR, BI_CONSUMER));
    hooks.add(hook(STAGES, "uniHandleStage", SecondStageAdvice.class, EXECUTOR, BI_FUNCTION));
    hooks.add(hook(STAGES, "uniComposeStage", SecondStageAdvice.class, EXECUTOR, FUNCTION));
    hooks.add(
        hook(STAGES, "uniExceptionallyStage", FirstStageAdvice.class, FUNCTION).whereItExists());
    for (String late : new String[] {"uniExceptionallyStage", "uniComposeExceptionallyStage"}) {
      hooks.add(hook(STAGES, late, SecondStageAdvice.class, EXECUTOR, FUNCTION).whereItExists());
    }
    hooks.add(hook(STAGES, "postComplete", LeaveAdvice.class));
  }

  /** A stage after one other, after both of two and after either of two. */
  private static void addStage(List<Hook> hooks, String kind, String uni, String bi) {
    hooks.add(hook(STAGES, "uni" + kind + "Stage", SecondStageAdvice.class, EXECUTOR, uni));
    hooks.add(hook(STAGES, "bi" + kind + "Stage", ThirdStageAdvice.class, EXECUTOR, STAGE, bi));
    hooks.add(hook(STAGES, "or" + kind + "Stage", ThirdStageAdvice.class, EXECUTOR, STAGE, uni));
  }

  private static Hook hook(String type, String method, Class<?> advice, String... parameterTypes) {
    return new Hook(type, method, advice.getName(), parameterTypes);
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.emptyList();
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.concurrent.TaskPlugin";
  }
}
