package io.flyball.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which classes count as the application's. */
class ApplicationFramesTest {
  private final ApplicationFrames frames = new ApplicationFrames();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.openai.services.blocking.chat.ChatCompletionServiceImpl",
        "com.anthropic.core.http.RetryingHttpClient",
        "dev.langchain4j.model.openai.OpenAiChatModel",
        "org.springframework.ai.openai.OpenAiChatModel",
        "okhttp3.internal.connection.RealCall",
        "jdk.internal.net.http.HttpClientImpl",
        "java.util.stream.ReferencePipeline",
        "kotlin.coroutines.jvm.internal.BaseContinuationImpl",
        "com.shop.Checkout$$EnhancerBySpringCGLIB$$1a2b",
        "com.shop.Checkout$$Lambda$14/0x0000000800c8",
        "com.shop.Checkout$ByteBuddy$xyz",
        "com.shop.$Proxy12",
        "io.flyball.engine.Engine",
        "io.flyball.javaagent.HookRouter"
      })
  void librariesAreSkipped(String name) {
    assertThat(frames.isApplication(name)).isFalse();
    assertThat(frames.isApplication(name)).as("asked again").isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.shop.Checkout",
        "com.shop.Checkout$1",
        "Main",
        "com.openaitools.Mine",
        "javafan.App"
      })
  void everythingElseIsTheApplication(String name) {
    assertThat(frames.isApplication(name)).isTrue();
  }
}
