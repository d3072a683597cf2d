package io.flyball.attached;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.util.Arrays;
import java.util.List;

/** A test application: how it is started, what it needs. */
enum AttachedApplication {
  SUPPORT_DESK("openai-java", "com.example.supportdesk.SupportDesk", 8, "6"),
  CONTRACT_REVIEW("anthropic-java", "com.example.contracts.ContractReview", 8),
  TRAVEL_ASSISTANT("langchain4j", "com.example.travel.TravelAssistant", 17),
  STATEMENT_BATCH("http-url-connection-java-8", "com.example.nightly.StatementBatch", 8);

  private final String folder;
  private final String mainClass;
  private final int minimumJava;
  private final List<String> arguments;

  AttachedApplication(String folder, String mainClass, int minimumJava, String... arguments) {
    this.folder = folder;
    this.mainClass = mainClass;
    this.minimumJava = minimumJava;
    this.arguments = Arrays.asList(arguments);
  }

  boolean runsOn(Jdk jdk) {
    return jdk.version() >= minimumJava;
  }

  /** Starts it against a provider at that URL (without a path). */
  JavaProcess start(Jdk jdk, String providerUrl, String... jvmArguments) {
    return JavaProcess.on(jdk)
        .jvm(jvmArguments)
        .environment("OPENAI_BASE_URL", providerUrl + "/v1")
        .environment("OPENAI_API_KEY", "sk-attached-test")
        .environment("ANTHROPIC_BASE_URL", anthropicUrl(providerUrl))
        .environment("ANTHROPIC_API_KEY", "sk-ant-attached-test")
        .environment("LLM_BASE_URL", providerUrl + "/v1")
        .environment("LLM_API_KEY", "sk-attached-test")
        .classPath(Built.classPath(folder), mainClass, arguments.toArray(new String[0]))
        .start();
  }

  /** anthropic-java wants the host, LangChain4j the versioned path. */
  private String anthropicUrl(String providerUrl) {
    return this == TRAVEL_ASSISTANT ? providerUrl + "/v1" : providerUrl;
  }
}
