package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.settings.ConfigLoader;
import io.flyball.settings.LoadedConfig;
import io.flyball.settings.Settings;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ConfigLoaderPropertyTest {
  private static final Map<String, String> NOTHING = Collections.emptyMap();

  @Property(tries = 500)
  void noArgumentsThrow(@ForAll @From("texts") String arguments) {
    assertThat(ConfigLoader.load(Sections.SCHEMA, arguments, NOTHING, NOTHING).config().describe())
        .isNotEmpty();
  }

  @Property(tries = 500)
  void noPropertyThrows(@ForAll @From("texts") String name, @ForAll @From("texts") String value) {
    LoadedConfig loaded =
        ConfigLoader.load(
            Sections.SCHEMA, "", Collections.singletonMap("flyball." + name, value), NOTHING);

    assertThat(loaded.config().describe()).isNotEmpty();
  }

  @Property(tries = 500)
  void noVariableThrowsAndNoneThatIsUnknownIsAnError(
      @ForAll @From("texts") String name, @ForAll @From("texts") String value) {
    String variable = "FLYBALL_" + name.toUpperCase(java.util.Locale.ROOT);
    LoadedConfig loaded =
        ConfigLoader.load(Sections.SCHEMA, "", NOTHING, Collections.singletonMap(variable, value));

    if (Sections.SCHEMA.matchEnvironment(variable) == null) {
      assertThat(loaded.errors()).isEmpty();
    }
  }

  @Property
  void everyNameOfLettersDigitsAndDashesSurvivesItsVariable(@ForAll @From("names") String name) {
    String variable = io.flyball.settings.Property.environmentName("endpoint." + name + ".url");

    Settings config =
        ConfigLoader.load(
                Sections.SCHEMA, "", NOTHING, Collections.singletonMap(variable, "http://h"))
            .config();

    assertThat(config.get(EndpointConfig.SECTION).all())
        .singleElement()
        .extracting("name")
        .isEqualTo(name);
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<Character> first = Arbitraries.chars().range('a', 'z').range('0', '9');
    return first.flatMap(
        head ->
            Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withChars('-')
                .ofMaxLength(20)
                .map(tail -> head + tail));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(
                5,
                Arbitraries.of(
                    Arrays.asList(
                        "mode",
                        "=",
                        ",",
                        ".",
                        "_",
                        "-",
                        "console",
                        "port",
                        "endpoint",
                        "url",
                        "http://",
                        "@",
                        "${env:",
                        "${file:",
                        "}",
                        "none",
                        "~",
                        "otel.",
                        "flyball.",
                        " ",
                        "\u0000",
                        "%",
                        "100",
                        "data.dir",
                        "config.file"))),
            net.jqwik.api.Tuple.of(1, Arbitraries.strings().ofMaxLength(4)))
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }
}
