package io.flyball.engine.config;

import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code flyball.instrumentation.<name>.*}. */
public final class InstrumentationConfig {
  /** Of all that ship; others can only come with another jar. */
  static final List<String> NAMES =
      Collections.unmodifiableList(
          Arrays.asList(
              "anthropic-java",
              "azure-core-1",
              "google-genai-1",
              "http-url-connection",
              "java-http-client-11",
              "java-util-concurrent",
              "langchain4j-1",
              "langchain4j-1-ai-services",
              "logging-context",
              "netty-4",
              "okhttp-3",
              "openai-java",
              "reactor-3",
              "servlet-3",
              "servlet-5",
              "servlet-async",
              "simple-openai-3",
              "spring-ai-1",
              "spring-ai-1-chat-client",
              "ungoverned-clients"));

  static final Property<Boolean> ENABLED =
      Property.of(
              "instrumentation.<name>.enabled",
              ValueType.bool(),
              "Whether calls through that client are governed, that SDK's own retries ended, or it"
                  + " is known which request a servlet serves, that work on other threads is done for"
                  + " it, and which AI service or chat client a call is made for. The name is the"
                  + " instrumentation's:"
                  + " `okhttp-3`, `java-http-client-11`, `http-url-connection`, `langchain4j-1`,"
                  + " `google-genai-1`, `spring-ai-1`, `azure-core-1`, `simple-openai-3`,"
                  + " `openai-java`, `anthropic-java`,"
                  + " `ungoverned-clients` (which clients are there that are not governed, and where"
                  + " they connect to; `netty-4` for those on Netty),"
                  + " `servlet-3` (javax.servlet), `servlet-5` (jakarta.servlet),"
                  + " `servlet-async` (AsyncContext.start),"
                  + " `logging-context` (values of SLF4J's and Log4j's contexts go along),"
                  + " `java-util-concurrent` (executors, futures, virtual threads), `reactor-3`,"
                  + " `langchain4j-1-ai-services`, `spring-ai-1-chat-client`.")
          .defaultsTo("true")
          .example("false")
          .needingRestart();
  public static final Section<InstrumentationConfig> SECTION =
      Section.of("Instrumentations", "", InstrumentationConfig::new, ENABLED);

  private final Map<String, Boolean> enabled;

  InstrumentationConfig(Values values) {
    Map<String, Boolean> byName = new TreeMap<>();
    for (String name : values.names(ENABLED)) {
      byName.put(name, values.get(ENABLED, name));
    }
    this.enabled = Collections.unmodifiableMap(byName);
  }

  /** The names of all instrumentations that ship, sorted. */
  public static List<String> names() {
    return NAMES;
  }

  public boolean isEnabled(String name) {
    return enabled.getOrDefault(name, true);
  }

  /** What the user set, by name, sorted; also names that no instrumentation has. */
  public Map<String, Boolean> named() {
    return enabled;
  }
}
