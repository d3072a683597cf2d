package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flyball.engine.Mode;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.params.ParameterizedTest;
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
