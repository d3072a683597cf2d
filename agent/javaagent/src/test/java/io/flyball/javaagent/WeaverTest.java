package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.api.ClientInstrumentation;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of libraries that are there, and of those that are not. */
class WeaverTest {
  private final List<String> log = new ArrayList<>();
  private final List<ClientInstrumentation> found = new ArrayList<>();
  private final Weaver weaver =
      new Weaver(
          Instrumentations.in(WeaverTest.class.getClassLoader()),
          WeaverTest.class.getClassLoader(),
          loader -> true,
          found::add,
          (instrumentation, type, domain) -> {},
          log::add);

  /** A class of that name and nothing else, in a loader that sees none of the libraries. */
  private byte[] weave(String typeName) {
    byte[] bytes = new ByteBuddy().subclass(Object.class).name(typeName).make().getBytes();
    return weaver.transform(
        ClassLoader.getSystemClassLoader().getParent(),
        typeName.replace('.', '/'),
        null,
        null,
        bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.springframework.retry.support.RetryTemplate",
        "org.springframework.web.reactive.function.client.ExchangeFunctions$DefaultExchangeFunction"
      })
  void ofALibraryThatIsNotThereNothingIsToldThoughAHookedClassIs(String typeName) {
    assertThat(weave(typeName)).isNull();

    assertThat(log).isEmpty();
    assertThat(found).isEmpty();
  }

  @Test
  void aLibraryThatIsThereAndDoesNotFitIsToldOf() {
    assertThat(weave("dev.langchain4j.internal.RetryUtils$RetryPolicy")).isNull();

    assertThat(log).hasSize(1);
    assertThat(log.get(0)).startsWith("langchain4j-1 is off for ");
  }
}
