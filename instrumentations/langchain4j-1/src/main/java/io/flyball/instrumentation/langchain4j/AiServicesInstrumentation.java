package io.flyball.instrumentation.langchain4j;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The AI services of LangChain4j from 1.0. No client: only there to know for which service's method
 * a call is made, also where a stream is started, or goes on after its tools, on another thread.
 */
public final class AiServicesInstrumentation implements ClientInstrumentation {
  private static final String SERVICE = "dev.langchain4j.service.DefaultAiServices$1";
  private static final String STREAM = "dev.langchain4j.service.AiServiceTokenStream";
  private static final String STREAM_HANDLER =
      "dev.langchain4j.service.AiServiceStreamingResponseHandler";

  @Override
  public String name() {
    return "langchain4j-1-ai-services";
  }

  @Override
  public List<Hook> hooks() {
    return Arrays.asList(
        new Hook(
            SERVICE,
            "invoke",
            InvokeAdvice.class.getName(),
            "java.lang.Object",
            "java.lang.reflect.Method",
            "[Ljava.lang.Object;"),
        new Hook(STREAM, "<init>", StreamMadeAdvice.class.getName()).withAnyParameters(),
        new Hook(STREAM, "start", StreamWorkAdvice.class.getName()),
        new Hook(STREAM_HANDLER, "<init>", StreamMadeAdvice.class.getName()).withAnyParameters(),
        new Hook(
            STREAM_HANDLER,
            "onCompleteResponse",
            StreamWorkAdvice.class.getName(),
            "dev.langchain4j.model.chat.response.ChatResponse"),
        // Where tools begin before the whole answer is there.
        new Hook(
                STREAM_HANDLER,
                "onCompleteToolCall",
                StreamWorkAdvice.class.getName(),
                "dev.langchain4j.model.chat.response.CompleteToolCall")
            .whereItExists());
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.singletonList(Witness.type(STREAM));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.langchain4j.AiServicesPlugin";
  }
}
