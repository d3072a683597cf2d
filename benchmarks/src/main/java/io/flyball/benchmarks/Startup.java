package io.flyball.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From the start of the process to "hello" on its output, and to a Spring Boot application (the
 * test application with an OkHttp and a java.net.http client in it) that is ready; with and without
 * the agent in turn, the first round discarded.
 *
 * <p>Argument: {@code rounds=10}.
 */
public final class Startup {
  private static final String AGENT = "agent/javaagent/target/flyball-agent.jar";

  private Startup() {}

  public static void main(String[] arguments) throws Exception {
    int rounds = 10;
    for (String argument : arguments) {
      if (!argument.startsWith("rounds=")) {
        System.err.println("unknown option '" + argument + "'; there is rounds=10");
        System.exit(2);
      }
      rounds = Integer.parseInt(argument.substring(7));
    }
    measure(
        "hello world",
        rounds,
        "hello",
        "-Xshare:auto",
        "-cp",
        System.getProperty("java.class.path"),
        HelloWorld.class.getName());
    File[] jars =
        new File("test-apps/spring-boot/target")
            .listFiles((folder, name) -> name.matches("flyball-app-spring-boot-.*\\.jar"));
    if (jars == null || jars.length == 0) {
      System.err.println("the Spring Boot application is not built: ./flyball build");
      System.exit(1);
    }
    measure("Spring Boot", rounds, "Started OrdersApplication", "-jar", jars[0].getPath());
  }

  private static void measure(String name, int rounds, String ready, String... program)
      throws IOException, InterruptedException {
    Map<String, List<String>> variants = new LinkedHashMap<>();
    variants.put("without", Collections.<String>emptyList());
    variants.put("control", Collections.<String>emptyList());
    variants.put("attached", Arrays.asList("-javaagent:" + AGENT));
    variants.put("disabled", Arrays.asList("-javaagent:" + AGENT, "-Dflyball.enabled=false"));
    Map<String, double[]> millis = new LinkedHashMap<>();
    variants.keySet().forEach(variant -> millis.put(variant, new double[rounds]));
    List<String> order = new ArrayList<>(variants.keySet());
    for (int round = -1; round < rounds; round++) {
      Collections.rotate(order, 1);
      for (String variant : order) {
        double took = start(variants.get(variant), ready, program);
        if (round >= 0) {
          millis.get(variant)[round] = took;
        }
      }
    }
    System.out.printf(Locale.ROOT, "%n%s, %d rounds, ms: median [min..max]%n", name, rounds);
    millis.forEach(
        (variant, values) -> {
          Arrays.sort(values);
          System.out.printf(
              Locale.ROOT,
              "%-10s %8.0f [%.0f..%.0f]%n",
              variant,
              values[values.length / 2],
              values[0],
              values[values.length - 1]);
        });
  }

  private static double start(List<String> jvmArguments, String ready, String... program)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(new File(System.getProperty("java.home"), "bin/java").getPath());
    command.addAll(jvmArguments);
    command.addAll(Arrays.asList(program));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OPENAI_BASE_URL", "http://127.0.0.1:9/v1");
    builder.environment().put("OPENAI_API_KEY", "sk-none");
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    long start = System.nanoTime();
    Process process = builder.start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.contains(ready)) {
          return (System.nanoTime() - start) / 1e6;
        }
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    throw new IllegalStateException("'" + ready + "' never came from " + command);
  }
}
