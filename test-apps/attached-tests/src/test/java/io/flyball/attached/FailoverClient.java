package io.flyball.attached;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A client of the program that calls models that fail. */
enum FailoverClient {
  OPENAI_JAVA("failover", "com.example.failover.OpenAiJavaCaller", 8),
  HTTP_URL_CONNECTION("failover", "com.example.failover.HttpUrlConnectionCaller", 8),
  LANGCHAIN4J("failover-java-17", "com.example.failover.java17.LangChain4jCaller", 17),
  JAVA_HTTP("failover-java-17", "com.example.failover.java17.JavaHttpCaller", 17);

  private final String folder;
  private final String caller;
  private final int minimumJava;

  FailoverClient(String folder, String caller, int minimumJava) {
    this.folder = folder;
    this.caller = caller;
    this.minimumJava = minimumJava;
  }

  boolean runsOn(Jdk jdk) {
    return jdk.version() >= minimumJava;
  }

  /** The program with this client, a provider (without a path) and a key. */
  JavaProcess.Builder program(Jdk jdk, String url, String key, List<String> rounds) {
    List<String> arguments = new ArrayList<>(Arrays.asList(caller, url + "/v1", key));
    arguments.addAll(rounds);
    return JavaProcess.on(jdk)
        .classPath(
            Built.classPath(folder),
            "com.example.failover.Rounds",
            arguments.toArray(String[]::new));
  }
}
