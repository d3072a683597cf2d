package io.flyball.twin;

import io.flyball.instrumentation.testing.jvm.Jdk;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the same calls in two JVMs, of which one has the agent, to providers that do all kinds of
 * things, and tells where {@link Law} breaks, with the smallest case that it finds and the command
 * that repeats it.
 */
public final class Twin {
  private static final int TOLD_KINDS = 40;
  private static final int EXAMPLES = 3;

  /** How long it looks for smaller cases. */
  private static final int TELL_S = 120;

  private final Options options;
  private final File root;
  private final PrintStream out;
  private final Cases cases;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final Map<String, List<Trial.Result>> found = new ConcurrentHashMap<>();
  private final Map<String, String> reports = new TreeMap<>();
  private long begun;
  private volatile long took;
  private volatile long tellUntil;
  private final AtomicInteger unrepeated = new AtomicInteger();
  private long deadline;

  Twin(Options options, File root, PrintStream out) {
    this.options = options;
    this.root = root;
    this.out = out;
    this.cases = new Cases(options.forms, options.takesHintsForAnswers());
  }

  /** Exit code 0: no break; 1: breaks; 2: it could not be tried. */
  public static void main(String[] args) throws Exception {
    if (List.of(args).contains("--help")) {
      System.out.println(Options.USAGE);
      return;
    }
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println("twin: " + wrong.getMessage());
      System.err.println(Options.USAGE);
      System.exit(2);
      return;
    }
    File root = new File(System.getProperty("flyball.root", "."));
    System.exit(new Twin(options, root, System.out).run().isEmpty() ? 0 : 1);
  }

  /** The kinds of breaks that were found, with a report of each. */
  Map<String, String> run() throws IOException, InterruptedException {
    Jdk jdk = options.jdk == 0 ? Jdk.running() : Jdk.of(options.jdk);
    begun = System.nanoTime();
    deadline =
        options.minutes == Long.MAX_VALUE
            ? Long.MAX_VALUE
            : begun + TimeUnit.MINUTES.toNanos(options.minutes);
    List<String> common =
        List.of(
            "-Xmx512m",
            "-Djdk.internal.httpclient.disableHostnameVerification=true",
            "-Djdk.httpclient.allowRestrictedHeaders=host");
    List<String> agent = new ArrayList<>(common);
    agent.add("-javaagent:" + new File(root, "agent/javaagent/target/flyball-agent.jar"));
    agent.add("-Dflyball.data.dir=none");
    try (Provider bareProvider = new Provider();
        Provider governedProvider = new Provider();
        Program bare = Program.start(jdk, common, classPath());
        Program governed = Program.start(jdk, agent, classPath())) {
      Trial trial = new Trial(bare, governed, bareProvider, governedProvider);
      if (options.choices != null) {
        only(trial, Choices.parse(options.choices));
      } else if (options.onlyCase >= 0) {
        only(trial, Choices.random(options.seed, options.onlyCase));
      } else {
        all(trial);
      }
      if (!governed.isAlive()) {
        reports.put("died", "the program with the agent has died:\n" + governed.err());
      }
      summary(governed);
    }
    return reports;
  }

  private String classPath() {
    File target = new File(root, "test-apps/twin/target");
    return new File(target, "classes").getPath()
        + File.pathSeparator
        + new File(target, "clients/okhttp-" + options.okhttp).getPath()
        + File.separator
        + "*";
  }

  /** One case, with all that can be said of it. */
  private void only(Trial trial, Choices choices) throws InterruptedException {
    Trial.Result result = trial.run(cases.make(choices));
    done.incrementAndGet();
    if (result.breaks().isEmpty()) {
      out.println(describe(result));
    }
    for (Break one : result.breaks()) {
      report(one.kind(), result);
    }
  }

  private void all(Trial trial) throws InterruptedException {
    warmUp(trial);
    out.println("seed " + options.seed + ", " + options.cases + " cases, OkHttp " + options.okhttp);
    ExecutorService threads = Executors.newFixedThreadPool(options.inFlight);
    for (int i = 0; i < options.inFlight; i++) {
      threads.execute(() -> work(trial));
    }
    await(threads);
    took = System.nanoTime() - begun;
    tellUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(TELL_S);
    ExecutorService few = Executors.newFixedThreadPool(4);
    found.entrySet().stream()
        .limit(TOLD_KINDS)
        .forEach(kind -> few.execute(() -> tell(trial, kind.getKey(), kind.getValue())));
    await(few);
  }

  private static void await(ExecutorService threads) throws InterruptedException {
    threads.shutdown();
    threads.awaitTermination(1, TimeUnit.DAYS);
  }

  /**
   * The first calls of a JVM load classes for seconds, with the agent longer; that is not judged
   * here.
   */
  private void warmUp(Trial trial) throws InterruptedException {
    for (int form = 0; form < options.forms.size(); form++) {
      for (int stream : new int[] {0, 99}) {
        trial.run(cases.make(Choices.of(List.of(new int[] {0, form}, new int[] {stream}))));
      }
    }
    begun = System.nanoTime();
  }

  private void work(Trial trial) {
    try {
      for (int i = next.getAndIncrement();
          i < options.cases && System.nanoTime() < deadline;
          i = next.getAndIncrement()) {
        Trial.Result result = trial.run(cases.make(Choices.random(options.seed, i)));
        for (Break one : result.breaks()) {
          found(one, result);
        }
        int count = done.incrementAndGet();
        if (count % 5000 == 0) {
          out.println(
              count + " cases, " + rate() + " a second, " + found.size() + " kinds of breaks");
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error fault) {
      report(
          "the twin itself", fault.toString() + java.util.Arrays.toString(fault.getStackTrace()));
    }
  }

  private void found(Break one, Trial.Result result) {
    counts.computeIfAbsent(one.kind(), kind -> new AtomicInteger()).incrementAndGet();
    List<Trial.Result> examples = found.computeIfAbsent(one.kind(), kind -> new ArrayList<>());
    synchronized (examples) {
      if (examples.size() < EXAMPLES) {
        examples.add(result);
      }
    }
  }

  /** Each kind again, alone: what cannot be repeated is told as such, but for times. */
  private void tell(Trial trial, String kind, List<Trial.Result> examples) {
    try {
      for (Trial.Result example : examples) {
        int late = 0;
        for (int again = 0; again < 3; again++) {
          Trial.Result repeated = trial.run(cases.make(Choices.of(example.made().choices())));
          // A busy machine is late once, or twice.
          if (repeated.breaks(kind) && (!kind.startsWith("later") || ++late == 3)) {
            boolean timeIsUp = System.nanoTime() > tellUntil;
            report(kind, timeIsUp ? repeated : new Shrinker(trial, cases, repeated, kind).shrink());
            return;
          }
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    // How much is read before a connection is broken off, and who is late, is not the same each
    // time.
    boolean chance =
        kind.startsWith("later")
            || examples.stream()
                .allMatch(
                    example ->
                        example.made().calls().stream()
                            .flatMap(call -> call.replies().stream())
                            .anyMatch(reply -> !reply.isWhole()));
    if (chance) {
      unrepeated.incrementAndGet();
    } else {
      report("not repeated: " + kind, examples.get(0));
    }
  }

  private void report(String kind, Trial.Result result) {
    report(kind, describe(result) + "\n  repeat: " + options.repeat(result.made().choices()));
  }

  private void report(String kind, String text) {
    synchronized (reports) {
      if (reports.putIfAbsent(kind, text) == null) {
        out.println("BREAK " + kind + text);
      }
    }
  }

  private static String describe(Trial.Result result) {
    StringBuilder text = new StringBuilder(result.made().toString());
    for (Break one : result.breaks()) {
      text.append("\n  broken by call ").append(one.call()).append(": ").append(one.kind());
      text.append(", ").append(one.detail());
    }
    for (int i = 0; i < result.bare().size(); i++) {
      text.append("\n  call ").append(i).append(" bare:     ").append(result.bare().get(i));
      text.append("\n  call ").append(i).append(" governed: ").append(result.governed().get(i));
    }
    return text.toString();
  }

  private long rate() {
    long now = took == 0 ? System.nanoTime() - begun : took;
    return done.get() * 1_000_000_000L / Math.max(1, now);
  }

  private void summary(Program governed) {
    out.println(
        done.get()
            + " cases of seed "
            + options.seed
            + ", "
            + rate()
            + " a second; "
            + reports.size()
            + " kinds of breaks");
    if (unrepeated.get() > 0) {
      out.println(
          unrepeated
              + " kinds of differences were left out: each was seen in a case that breaks"
              + " connections off, or was a matter of time, and was not there when the same case was"
              + " made again three times, as on a busy machine");
    }
    reports
        .keySet()
        .forEach(
            kind ->
                out.println("  " + counts.getOrDefault(kind, new AtomicInteger(1)) + " x " + kind));
    if (!governed.err().isBlank()) {
      out.println("the program with the agent printed:\n" + governed.err());
    }
  }
}
