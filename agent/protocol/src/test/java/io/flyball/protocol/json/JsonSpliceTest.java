package io.flyball.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSpliceTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static String set(String document, String json, String... path) {
    byte[] result = JsonSplice.set(document.getBytes(StandardCharsets.UTF_8), json, path);
    return result == null ? null : new String(result, StandardCharsets.UTF_8);
  }

  @Test
  void replacesAValueInItsPlace() {
    assertThat(set("{ \"a\": [1, 2], \"model\" : \"gpt-4\" , \"z\":{} }", "\"m\"", "model"))
        .isEqualTo("{ \"a\": [1, 2], \"model\" : \"m\" , \"z\":{} }");
  }

  @Test
  void replacesEveryKindOfValue() {
    for (String value :
        new String[] {"1", "-1.5e3", "true", "null", "\"x\\\"y\"", "{\"a\":{}}", "[[],{}]"}) {
      assertThat(set("{\"a\":" + value + ",\"b\":1}", "2", "a"))
          .as(value)
          .isEqualTo("{\"a\":2,\"b\":1}");
      assertThat(set("{\"b\":1,\"a\":" + value + " }", "2", "a"))
          .as(value)
          .isEqualTo("{\"b\":1,\"a\":2 }");
    }
  }

  @Test
  void addsAFieldThatIsMissing() {
    assertThat(set("{\"a\":1}", "true", "stream")).isEqualTo("{\"stream\":true,\"a\":1}");
    assertThat(set(" { } ", "true", "stream")).isEqualTo(" {\"stream\":true } ");
  }

  @Test
  void addsInsideAndAroundWhatIsThere() {
    assertThat(set("{\"o\":{\"x\":1}}", "true", "o", "y"))
        .isEqualTo("{\"o\":{\"y\":true,\"x\":1}}");
    assertThat(set("{\"o\":null}", "true", "o", "y")).isEqualTo("{\"o\":{\"y\":true}}");
    assertThat(set("{}", "true", "o", "y")).isEqualTo("{\"o\":{\"y\":true}}");
  }

  @Test
  void ofAKeyThatStandsTwiceTheLastCounts() {
    assertThat(set("{\"a\":1,\"a\":2}", "3", "a")).isEqualTo("{\"a\":1,\"a\":3}");
  }

  @Test
  void whatStandsTwiceIsNotSetWhereItsServerMayReadEither() {
    for (String once : new String[] {"{}", "{\"a\":1}", "{\"b\":{\"a\":1,\"a\":2}}"}) {
      byte[] document = once.getBytes(StandardCharsets.UTF_8);
      assertThat(JsonSplice.setOnly(document, "3", "a"))
          .isEqualTo(JsonSplice.set(document, "3", "a"));
    }
    for (String twice : new String[] {"{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":0,\"\\u0061\":2}"}) {
      assertThat(JsonSplice.setOnly(twice.getBytes(StandardCharsets.UTF_8), "3", "a")).isNull();
    }
  }

  @Test
  void findsAKeyWrittenWithEscapes() {
    assertThat(set("{\"str\\u0065am\":false}", "true", "stream"))
        .isEqualTo("{\"str\\u0065am\":true}");
  }

  @Test
  void aFieldOfTheSameNameElsewhereIsNotMeant() {
    assertThat(set("{\"o\":{\"a\":1},\"l\":[{\"a\":2}],\"a\":3}", "4", "a"))
        .isEqualTo("{\"o\":{\"a\":1},\"l\":[{\"a\":2}],\"a\":4}");
  }

  @Test
  void keepsTheByteOrderMarkAndTextOfAnyLanguage() {
    assertThat(set("\uFEFF{\"ключ\":\"💡\",\"a\":1}", "2", "a"))
        .isEqualTo("\uFEFF{\"ключ\":\"💡\",\"a\":2}");
    assertThat(set("\uFEFF{\"ключ\":\"💡\"}", "2", "a"))
        .isEqualTo("\uFEFF{\"a\":2,\"ключ\":\"💡\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "[]", "1", "{", "{\"a\":1", "{\"a\":1}}", "{\"a\":1}{}", "{a:1}"})
  void whatIsNoObjectIsLeftAlone(String document) {
    assertThat(set(document, "1", "a")).isNull();
  }

  @Test
  void otherEncodingsAreLeftAlone() {
    byte[] utf16 = "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE);

    assertThat(JsonSplice.set(utf16, "2", "a")).isNull();
  }

  @Test
  void largeDocumentsKeepTheirOffsets() {
    char[] prompt = new char[3 << 20];
    Arrays.fill(prompt, 'é');

    assertThat(set("{\"p\":\"" + new String(prompt) + "\",\"a\":1}", "2", "a"))
        .isEqualTo("{\"p\":\"" + new String(prompt) + "\",\"a\":2}");
  }

  @Property(tries = 1000)
  void replacingTouchesNothingElse(
      @ForAll("fields") List<String> before,
      @ForAll("values") String old,
      @ForAll("spaces") String space,
      @ForAll("fields") List<String> after) {
    String head = "{" + space + join(before, ",") + "\"max_tokens\":" + space;
    String tail = space + (after.isEmpty() ? "" : ",") + String.join(",", after) + "}";

    assertThat(set(head + old + tail, "7", "max_tokens")).isEqualTo(head + "7" + tail);
  }

  @Property(tries = 1000)
  void addingTouchesNothingElse(
      @ForAll("fields") List<String> fields, @ForAll("spaces") String space) throws IOException {
    String inside = space + String.join("," + space, fields) + space + "}" + space;

    String spliced = set(space + "{" + inside, "{\"a\":7}", "max_tokens");

    String comma = fields.isEmpty() ? "" : ",";
    assertThat(spliced).isEqualTo(space + "{" + "\"max_tokens\":{\"a\":7}" + comma + inside);
    assertThat(MAPPER.readTree(spliced).at("/max_tokens/a").asInt()).isEqualTo(7);
  }

  @Property(tries = 2000)
  void neverThrows(@ForAll byte[] garbage) {
    byte[] result = JsonSplice.set(garbage, "1", "a", "b");

    assertThat(result == null || result.length > garbage.length - 2).isTrue();
  }

  private static String join(List<String> fields, String separator) {
    return fields.isEmpty() ? "" : String.join(separator, fields) + separator;
  }

  @Provide
  Arbitrary<String> spaces() {
    return Arbitraries.of("", " ", "\n\t");
  }

  @Provide
  Arbitrary<String> values() {
    Arbitrary<String> scalar =
        Arbitraries.of("1", "-0.5e9", "true", "null", "\"\"", "\"a\\\"}{,\\\\\"", "\"💡ключ\"");
    return Arbitraries.oneOf(
        scalar,
        scalar.list().ofMaxSize(3).map(list -> "[" + String.join(", ", list) + "]"),
        scalar.map(inner -> "{\"max_tokens\":" + inner + "}"));
  }

  @Provide
  Arbitrary<List<String>> fields() {
    return Combinators.combine(
            Arbitraries.of("a", "k\\u0065y", "ключ"), spaces(), values(), spaces())
        .as((key, before, value, after) -> "\"" + key + "\":" + before + value + after)
        .list()
        .ofMaxSize(4);
  }
}
