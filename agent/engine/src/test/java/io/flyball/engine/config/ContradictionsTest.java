package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.settings.ConfigLoader;
import io.flyball.settings.LoadedConfig;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContradictionsTest {

  private static List<String> warnings(String arguments) {
    LoadedConfig loaded =
        ConfigLoader.load(
            Sections.SCHEMA, arguments, Collections.emptyMap(), Collections.emptyMap());
    assertThat(loaded.errors()).isEmpty();
    return loaded.warnings().stream().map(Object::toString).collect(Collectors.toList());
  }

  @ParameterizedTest
  @CsvSource({
    "timeout.first-token=60s, timeout.call=30s",
    "timeout.response=60s, timeout.call=30s",
    "timeout.idle=60s, timeout.call=30s",
    "retry.max-time=60s, timeout.call=30s",
    "limit.max-wait=60s, timeout.call=30s",
    "retry.base-delay=60s, retry.max-delay=30s",
    "hedge.min-delay=60s, hedge.max-delay=30s",
  })
  void aPartThatIsLongerThanTheWholeIsTold(String part, String whole) {
    String name = part.substring(0, part.indexOf('='));
    assertThat(warnings(part + ',' + whole))
        .singleElement()
        .asString()
        .startsWith("agent argument " + name + ": flyball." + name + " (60s) is longer than ")
        .contains("flyball." + whole.replace("=30s", " (30s)"));
    assertThat(warnings(part.replace("60s", "30s") + ',' + whole)).isEmpty();
    assertThat(warnings(part)).isEmpty();
    assertThat(warnings(whole)).isEmpty();
  }

  @Test
  void aTargetThatCannotBeNamedIsTold() {
    assertThat(warnings("target.cache.url=https://h/v1"))
        .singleElement()
        .asString()
        .contains("target.cache.url")
        .contains("the last good answer");
    assertThat(warnings("target.cached.url=https://h/v1")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic, https://api.anthropic.com/v1/messages, /v1/messages, https://api.anthropic.com",
    "anthropic, https://gw/a/v1/messages/, /v1/messages, https://gw/a",
    "anthropic, http://h:8080/messages, /messages, http://h:8080",
    "openai, https://h/v1/chat/completions, /chat/completions, https://h/v1",
    "openai, https://h/v1/completions, /completions, https://h/v1",
    "openai, https://h/v1/responses, /responses, https://h/v1",
    "openai-chat, https://h/v1/embeddings, /embeddings, https://h/v1",
    "openai, https://api.openai.com/chat/completions, /chat/completions, https://api.openai.com/v1",
    "azure, https://a.example/openai/deployments/d/chat/completions,"
        + " /openai/deployments/d/chat/completions, https://a.example",
    "gemini, https://g/v1beta/models/gemini-2.5-pro:generateContent,"
        + " /models/gemini-2.5-pro:generateContent, https://g/v1beta",
  })
  void aUrlOfOneApiIsToldWithTheBaseUrlThatIsMeant(
      String protocol, String url, String api, String base) {
    assertThat(warnings("target.a.url=" + url + ",target.a.protocol=" + protocol))
        .containsExactly(
            "agent argument target.a.url: flyball.target.a.url ends with "
                + api
                + ", which is put behind it once more; meant is probably the base URL "
                + base);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, https://api.openai.com, /v1",
    "openai-chat, https://API.openai.com/, /v1",
    "gemini, https://generativelanguage.googleapis.com, /v1beta",
  })
  void aHostWhoseApiHasAVersionIsToldWithoutIt(String protocol, String url, String version) {
    assertThat(warnings("target.a.url=" + url + ",target.a.protocol=" + protocol))
        .singleElement()
        .asString()
        .contains("flyball.target.a.url lacks " + version)
        .endsWith(version);
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic, https://api.anthropic.com",
    "anthropic, https://api.anthropic.com/v1",
    "openai, https://api.openai.com/v1",
    "openai, https://eu.api.openai.com",
    "openai, http://localhost:11434",
    "openai, https://h/messages-of-ours/v1",
    "openai, https://h/completions/v1",
    "anthropic, https://api.openai.com",
    "azure, https://a.openai.azure.com/openai",
    "gemini, https://generativelanguage.googleapis.com/v1beta",
  })
  void aBaseUrlIsNotDoubted(String protocol, String url) {
    assertThat(warnings("target.a.url=" + url + ",target.a.protocol=" + protocol)).isEmpty();
  }

  @Test
  void aUrlOfOneApiThatAReferenceYieldsIsToldWithoutIt() {
    LoadedConfig loaded =
        ConfigLoader.load(
            Sections.SCHEMA,
            "target.a.url=${env:U}",
            Collections.emptyMap(),
            Collections.singletonMap("U", "https://hidden.example/v1/responses"));
    assertThat(loaded.warnings())
        .singleElement()
        .asString()
        .contains("ends with /responses")
        .doesNotContain("hidden");
  }

  @Test
  void anInstrumentationThatIsNotThereIsTold() {
    assertThat(warnings("instrumentation.okhttp.enabled=false"))
        .singleElement()
        .asString()
        .contains("there is no instrumentation okhttp; there are ")
        .contains("okhttp-3");
    assertThat(warnings("instrumentation.okhttp-3.enabled=false")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hedge.enabled=true",
        "hedge.enabled=true,fallback.chain=cache",
        "breaker.slow-call=5s",
      })
  void whatDoesNothingIsTold(String settings) {
    assertThat(warnings(settings)).singleElement().asString().contains(" does nothing without ");
  }

  @Test
  void aTokenThatIsTooShortIsToldWithoutIt() {
    assertThat(warnings("console.token=0123456789abcde"))
        .singleElement()
        .asString()
        .contains("less than 16 characters")
        .doesNotContain("0123456789");
    assertThat(warnings("console.token=0123456789abcdef")).isEmpty();
  }

  @Test
  void defaultsContradictNothing() {
    assertThat(warnings("")).isEmpty();
    assertThat(warnings("timeout.call=1s,fallback.chain=cache,fallback.on=error")).isEmpty();
  }
}
