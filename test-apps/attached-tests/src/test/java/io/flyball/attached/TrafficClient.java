package io.flyball.attached;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A client of the traffic programs. */
enum TrafficClient {
  OKHTTP("traffic", "okhttp", 8),
  HTTP_URL_CONNECTION("traffic", "http-url-connection", 8),
  JAVA_HTTP_CLIENT("traffic-java-http-client", "com.example.traffic.jdk.JavaHttpChat", 11);

  private final String folder;
  private final String argument;
  private final int minimumJava;

  TrafficClient(String folder, String argument, int minimumJava) {
    this.folder = folder;
    this.argument = argument;
    this.minimumJava = minimumJava;
  }

  /** The clients that run on that JDK. */
  static List<TrafficClient> on(Jdk jdk) {
    return Arrays.stream(values())
        .filter(client -> client.runsOn(jdk))
        .collect(Collectors.toList());
  }

  /** Each client with those JDKs, as {@link Jdk#enough} picks them for it. */
  static Stream<Arguments> onEnough(Integer... versions) {
    return Arrays.stream(values())
        .flatMap(
            client ->
                Jdk.enough(client::runsOn, versions).stream()
                    .map(jdk -> Arguments.of(client, jdk)));
  }

  boolean runsOn(Jdk jdk) {
    return jdk.version() >= minimumJava;
  }

  /** What the programs call it. */
  String argument() {
    return argument;
  }

  /** A program with this client, that URL and more arguments. */
  JavaProcess.Builder program(Jdk jdk, String mainClass, String url, String... arguments) {
    List<String> all = new ArrayList<>(List.of(argument, url));
    all.addAll(Arrays.asList(arguments));
    return JavaProcess.on(jdk)
        .classPath(
            Built.classPath(folder),
            "com.example.traffic." + mainClass,
            all.toArray(String[]::new));
  }

  /** What attaches the agent. */
  static String[] agent(String mode, Path events) {
    return new String[] {
      "-javaagent:" + Built.agentJar(),
      "-Dflyball.mode=" + mode,
      "-Dflyball.events.file=" + events,
      "-Dflyball.data.dir=none"
    };
  }
}
