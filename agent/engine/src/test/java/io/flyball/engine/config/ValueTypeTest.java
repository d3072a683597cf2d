package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flyball.engine.Mode;
import io.flyball.settings.InvalidValueException;
import io.flyball.settings.ValueType;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypeTest {
  private static final List<ValueType<?>> ALL =
      Arrays.asList(
          ValueType.bool(),
          ValueType.text(),
          ValueType.secret(),
          ValueType.oneOf(Mode.class),
          ValueType.oneOf(Arrays.asList("a", "b")),
          ValueType.port(),
          ValueType.percent(),
          ValueType.path(),
          ValueType.pathOrNone(),
          ValueType.baseUrl(),
          ValueType.secretHeader(),
          ValueType.wholeNumber(1, 10),
          ValueType.duration("1ms", "1h"),
          ValueType.orOff(ValueType.duration("1ms", "1h")),
          ValueType.tokens(),
          FallbackConfig.CHAIN.type(),
          FallbackConfig.ON.type(),
          AttributionConfig.USER.type());

  @Property
  void everyPortIsRead(@ForAll @IntRange(max = 65_535) int port) throws Exception {
    assertThat(ValueType.port().parse(Integer.toString(port))).hasValue(port);
  }

  @Property
  void noOtherNumberIsAPort(@ForAll int number) {
    if (number < 0 || number > 65_535) {
      assertThatThrownBy(() -> ValueType.port().parse(Integer.toString(number)))
          .isInstanceOf(InvalidValueException.class);
    }
  }

  @Property
  void everyPercentageIsReadAsAShare(@ForAll @IntRange(max = 100_000) int thousandths)
      throws Exception {
    String text = thousandths / 1000 + "." + String.format("%03d", thousandths % 1000) + "%";

    assertThat(ValueType.percent().parse(text)).isCloseTo(thousandths / 1e5, within(1e-12));
  }

  @Property
  void everyDurationOfAUnitIsRead(
      @ForAll @IntRange(min = 1, max = 999_999_999) int number,
      @ForAll boolean spaced,
      @ForAll @From("units") Map.Entry<String, Duration> unit)
      throws Exception {
    Duration expected = unit.getValue().multipliedBy(number);
    String text = number + (spaced ? " " : "") + unit.getKey();

    if (expected.compareTo(Duration.ofHours(1)) <= 0) {
      assertThat(ValueType.duration("1ms", "1h").parse(text)).isEqualTo(expected);
    } else {
      assertThatThrownBy(() -> ValueType.duration("1ms", "1h").parse(text))
          .isInstanceOf(InvalidValueException.class);
    }
  }

  @Provide
  Arbitrary<Map.Entry<String, Duration>> units() {
    Map<String, Duration> units = new HashMap<>();
    units.put("ms", Duration.ofMillis(1));
    units.put("s", Duration.ofSeconds(1));
    units.put("m", Duration.ofMinutes(1));
    units.put("h", Duration.ofHours(1));
    units.put("d", Duration.ofDays(1));
    return Arbitraries.of(units.entrySet());
  }

  @ParameterizedTest
  @CsvSource({
    "1.5s, PT1.5S",
    "0.001s, PT0.001S",
    "90s, PT1M30S",
    "500 ms, PT0.5S",
    "1h, PT1H",
    "60m, PT1H"
  })
  void durationsAreRead(String text, Duration duration) throws Exception {
    assertThat(ValueType.duration("1ms", "1h").parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "s", "-1s", "1 s 5 ms", "0s", "61m", "1e3ms", ".5s", "1w", "off"})
  void whatHasNoUnitOrIsOutOfRangeIsNoDuration(String text) {
    assertThatThrownBy(() -> ValueType.duration("1ms", "1h").parse(text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage("a duration from 1ms to 1h, such as 500ms, 30s, 2m or 1h");
  }

  @ParameterizedTest
  @CsvSource({
    "200000, 200000",
    "128k tokens, 128000",
    "128k, 128000",
    "4 k tokens, 4000",
    "2M tokens, 2000000",
    "1.5m, 1500000",
    "1 tokens, 1"
  })
  void numbersOfTokensAreRead(String text, long tokens) throws Exception {
    assertThat(ValueType.tokens().parse(text)).isEqualTo(tokens);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-1", "1.5", "1.0005k", "2G", "k", "tokens", "1,000", "9999999999999"})
  void whatIsNoWholePositiveNumberIsNoNumberOfTokens(String text) {
    assertThatThrownBy(() -> ValueType.tokens().parse(text))
        .isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "a\u0000", "k\u00e9y"})
  void aSecretThatNoHeaderCanHoldIsRefusedUnquoted(String text) {
    assertThatThrownBy(() -> ValueType.secretHeader().parse(text))
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.sensitive()).isTrue());
  }

  @Property
  void listsAreReadAsTheyAreWritten(
      @ForAll @NotEmpty List<@From("item") String> items, @ForAll boolean spaced) throws Exception {
    String text = String.join(spaced ? " , " : ",", items);

    assertThat(ValueType.listOf(ValueType.text()).parse(text)).isEqualTo(items);
  }

  @Provide
  Arbitrary<String> item() {
    return Arbitraries.strings().withCharRange('!', '~').excludeChars(',').ofMinLength(1);
  }

  @Property
  void noTextThrowsAnythingElseAndNoMessageRepeatsIt(@ForAll @From("odd") String text) {
    for (ValueType<?> type : ALL) {
      try {
        type.parse(text);
      } catch (InvalidValueException e) {
        assertThat(e.getMessage()).isNotEmpty();
        if (text.length() > 20) {
          assertThat(e.getMessage()).doesNotContain(text);
        }
      }
    }
  }

  @Provide
  Arbitrary<String> odd() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMinLength(1).ofMaxLength(60),
        Arbitraries.strings().withChars("http:/@%[].,01-~?#").ofMinLength(1).ofMaxLength(60));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost",
        "https://h.example:8443/v1/",
        "HTTP://127.0.0.1:1/x",
        "http://[::1]:80"
      })
  void baseUrlsAreRead(String url) throws Exception {
    assertThat(ValueType.baseUrl().parse(url)).isEqualTo(URI.create(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://u:p@h/", "https://token@h", "http://h/?key=s3cret", "http://h/#s3cret"})
  void urlsThatMayHoldCredentialsAreRefusedWithoutQuotingThem(String url) {
    assertThatThrownBy(() -> ValueType.baseUrl().parse(url))
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.sensitive()).isTrue());
  }
}
