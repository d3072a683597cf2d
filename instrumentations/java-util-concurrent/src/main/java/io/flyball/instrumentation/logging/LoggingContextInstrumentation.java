package io.flyball.instrumentation.logging;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * SLF4J's and Log4j 2's logging contexts. No client: when the application sets a value there that
 * calls are charged by, that value is to go along with work that is handed to other threads.
 */
public final class LoggingContextInstrumentation implements ClientInstrumentation {
  private static final String SLF4J = "org.slf4j.MDC";
  private static final String LOG4J = "org.apache.logging.log4j.ThreadContext";
  private static final String STRING = "java.lang.String";
  private static final String MAP = "java.util.Map";

  @Override
  public String name() {
    return "logging-context";
  }

  @Override
  public List<Hook> hooks() {
    return Arrays.asList(
        new Hook(SLF4J, "put", PutAdvice.class.getName(), STRING, STRING),
        new Hook(SLF4J, "setContextMap", PutAdvice.class.getName(), MAP),
        new Hook(LOG4J, "put", PutAdvice.class.getName(), STRING, STRING),
        new Hook(LOG4J, "putIfNull", PutAdvice.class.getName(), STRING, STRING).whereItExists(),
        new Hook(LOG4J, "putAll", PutAdvice.class.getName(), MAP).whereItExists());
  }

  /** Most applications have such a class; few set a value in it that somebody asks for. */
  @Override
  public boolean leadsWhenWoven() {
    return false;
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.emptyList();
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.logging.LoggingContextPlugin";
  }
}
