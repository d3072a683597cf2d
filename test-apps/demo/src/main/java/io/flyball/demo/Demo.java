package io.flyball.demo;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Runs the support desk (a plain openai-java program) twice, bare and with the agent attached,
 * against a stand-in for the provider that now and then answers 503, and prints the two side by
 * side with what only the attached run can know: calls, tokens and money per feature.
 */
public final class Demo {
  private static final int TICKETS = 24;
  private static final File APPLICATION = new File("test-apps/openai-java/target");
  private static final File AGENT = new File("agent/javaagent/target/flyball-agent.jar");

  private final List<String> options;

  private Demo(List<String> options) {
    this.options = options;
  }

  public static void main(String[] arguments) throws Exception {
    for (String argument : arguments) {
      if (!Arrays.asList("--keep", "--real").contains(argument)) {
        System.err.println("demo: unknown option '" + argument + "' (there are --keep and --real)");
        System.exit(2);
      }
    }
    new Demo(Arrays.asList(arguments)).run();
  }

  private void run() throws Exception {
    boolean real = options.contains("--real");
    if (real && System.getenv("OPENAI_API_KEY") == null) {
      System.err.println("demo: --real needs OPENAI_API_KEY");
      System.exit(2);
    }
    int tickets = real ? 3 : TICKETS;
    System.out.println(
        "A support desk works on "
            + tickets
            + " tickets with openai-java"
            + (real
                ? " and the real provider."
                : "; the stand-in provider answers every 9th request with 503."));
    RunResult bare;
    RunResult governed;
    Path events = Files.createTempFile("flyball-demo", ".jsonl");
    Files.delete(events);
    try (FakeProvider provider = FakeProvider.start(0, new EveryNinthFails())) {
      bare = run(provider, real, tickets);
    }
    try (FakeProvider provider = FakeProvider.start(0, new EveryNinthFails())) {
      governed =
          run(
              provider,
              real,
              tickets,
              "-javaagent:" + AGENT.getPath(),
              "-Dflyball.service=support-desk",
              "-Dflyball.events.file=" + events);
    }
    Comparison comparison = new Comparison(bare, governed, CallEvents.read(events));
    Files.deleteIfExists(events);
    System.out.println();
    System.out.print(comparison.render());
    if (!comparison.isPlausible()) {
      System.err.println(governed.failureReport());
      System.exit(1);
    }
    if (options.contains("--keep")) {
      keepOpen(real);
    }
  }

  private static RunResult run(
      FakeProvider provider, boolean real, int tickets, String... jvmArguments) {
    try (JavaProcess process = start(provider, real, String.valueOf(tickets), jvmArguments)) {
      process.await(5, TimeUnit.MINUTES);
      return new RunResult(process, real ? -1 : provider.requests().size());
    }
  }

  private static JavaProcess start(
      FakeProvider provider, boolean real, String tickets, String... jvmArguments) {
    String classPath =
        new File(APPLICATION, "lib").getPath()
            + "/*"
            + File.pathSeparator
            + applicationJar().getPath();
    JavaProcess.Builder builder =
        JavaProcess.on(Jdk.running())
            .jvm(jvmArguments)
            .jvm("-Dsupportdesk.timings=true")
            .classPath(classPath, "com.example.supportdesk.SupportDesk", tickets);
    if (!real) {
      builder
          .environment("OPENAI_BASE_URL", provider.url() + "/v1")
          .environment("OPENAI_API_KEY", "sk-demo");
    }
    return builder.start();
  }

  private static File applicationJar() {
    File[] jars =
        APPLICATION.listFiles((folder, name) -> name.matches("flyball-app-openai-java-.*\\.jar"));
    if (jars == null || jars.length == 0 || !AGENT.exists()) {
      throw new IllegalStateException("nothing built yet: run ./flyball build");
    }
    return jars[0];
  }

  private static void keepOpen(boolean real) throws IOException {
    try (FakeProvider provider = FakeProvider.start(0, new EveryNinthFails());
        JavaProcess process =
            start(
                provider,
                real,
                "forever",
                "-javaagent:" + AGENT.getPath(),
                "-Dflyball.service=support-desk",
                "-Dflyball.console.port=0")) {
      String line =
          process.awaitLine(text -> text.contains("http://127.0.0.1:"), 30, TimeUnit.SECONDS);
      System.out.println();
      System.out.println(
          "The desk stays open; its console: " + line.substring(line.indexOf("http")));
      System.out.println("Ctrl-C ends it.");
      process.await(1, TimeUnit.DAYS);
    }
  }

  /** The same faults at the same requests in both runs. */
  private static final class EveryNinthFails implements Function<RecordedRequest, Answer> {
    private final StandInModels models = new StandInModels();
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public Answer apply(RecordedRequest request) {
      return count.incrementAndGet() % 9 == 0
          ? StandInModels.error(503, "server_is_overloaded")
          : models.apply(request);
    }
  }
}
