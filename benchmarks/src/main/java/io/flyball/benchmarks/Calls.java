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
 * Whole calls over loopback: each round runs every variant once in a JVM of its own, in another
 * order; what counts is the ratio to the same round's run without the agent. {@code control} is
 * that run again: how far it is from 1 is how far any other ratio may be by chance.
 *
 * <p>Arguments: {@code rounds=5 calls=6000 warmup=6000 clients=okhttp,java.net.http,...}, and
 * {@code before=other-agent.jar} to run that one in the same rounds.
 */
public final class Calls {
  private static final String AGENT = "agent/javaagent/target/flyball-agent.jar";

  private final Map<String, String> options = new LinkedHashMap<>();
  private final Map<String, List<String>> variants = new LinkedHashMap<>();

  private Calls(String[] arguments) {
    options.put("rounds", "5");
    options.put("calls", "6000");
    options.put("warmup", "6000");
    options.put("clients", "okhttp,java.net.http,http-url-connection");
    options.put("shapes", "plain,stream");
    options.put("before", "");
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (pair.length != 2 || !options.containsKey(pair[0])) {
        System.err.println("unknown option '" + argument + "'; there are " + options);
        System.exit(2);
      }
      options.put(pair[0], pair[1]);
    }
    variants.put("without", Collections.<String>emptyList());
    variants.put("control", Collections.<String>emptyList());
    variants.put("observe", Arrays.asList("-javaagent:" + AGENT, "-Dflyball.mode=observe"));
    variants.put("govern", Arrays.asList("-javaagent:" + AGENT));
    String before = options.get("before");
    if (!before.isEmpty()) {
      variants.put("before-o", Arrays.asList("-javaagent:" + before, "-Dflyball.mode=observe"));
      variants.put("before-g", Arrays.asList("-javaagent:" + before));
    }
  }

  public static void main(String[] arguments) throws Exception {
    new Calls(arguments).run();
  }

  private void run() throws Exception {
    Process upstream = java(Collections.emptyList(), Upstream.class.getName());
    try (BufferedReader out = reader(upstream)) {
      String url = "http://127.0.0.1:" + out.readLine() + "/v1/chat/completions";
      for (String client : options.get("clients").split(",")) {
        for (String shape : options.get("shapes").split(",")) {
          compare(client, shape, url);
        }
      }
    } finally {
      upstream.destroyForcibly();
    }
  }

  private void compare(String client, String shape, String url) throws Exception {
    int rounds = Integer.parseInt(options.get("rounds"));
    Map<String, List<double[]>> results = new LinkedHashMap<>();
    List<String> order = new ArrayList<>(variants.keySet());
    order.forEach(variant -> results.put(variant, new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      Collections.rotate(order, 1);
      for (String variant : order) {
        results.get(variant).add(measure(variant, client, shape, url));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%n%s, %s: %d rounds of %s calls after %s; medians over rounds, [min..max] of the ratio%n",
        client,
        shape,
        rounds,
        options.get("calls"),
        options.get("warmup"));
    System.out.printf(
        Locale.ROOT,
        "%-10s %10s %10s %12s %12s %8s   %s%n",
        "",
        "p50 us",
        "p99 us",
        "alloc B",
        "CPU us",
        "waits",
        "p50 ratio to without, in the same round");
    for (String variant : variants.keySet()) {
      List<double[]> own = results.get(variant);
      double[] ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        ratios[round] = own.get(round)[0] / results.get("without").get(round)[0];
      }
      Arrays.sort(ratios);
      System.out.printf(
          Locale.ROOT,
          "%-10s %10.1f %10.1f %12.0f %12.1f %8.2f   %.3f [%.3f..%.3f]%n",
          variant,
          median(own, 0),
          median(own, 1),
          median(own, 2),
          median(own, 3),
          median(own, 4),
          ratios[rounds / 2],
          ratios[0],
          ratios[rounds - 1]);
    }
  }

  private double[] measure(String variant, String client, String shape, String url)
      throws Exception {
    int share = shape.equals("stream") ? 4 : 1;
    Process worker =
        java(
            variants.get(variant),
            Worker.class.getName(),
            client,
            url,
            shape,
            String.valueOf(Integer.parseInt(options.get("warmup")) / share),
            String.valueOf(Integer.parseInt(options.get("calls")) / share));
    try (BufferedReader out = reader(worker)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("result ")) {
          return Arrays.stream(line.substring(7).split(" "))
              .mapToDouble(Double::parseDouble)
              .toArray();
        }
      }
    }
    throw new IllegalStateException(variant + " printed no result");
  }

  private static double median(List<double[]> rows, int column) {
    double[] values = rows.stream().mapToDouble(row -> row[column]).sorted().toArray();
    return values[values.length / 2];
  }

  private static Process java(List<String> jvmArguments, String... program) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(new File(System.getProperty("java.home"), "bin/java").getPath());
    command.addAll(Arrays.asList("-Xms256m", "-Xmx256m"));
    command.addAll(jvmArguments);
    command.addAll(Arrays.asList("-cp", System.getProperty("java.class.path")));
    command.addAll(Arrays.asList(program));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}
