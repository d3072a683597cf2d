package io.flyball.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSyntaxTest {

  private static boolean isOneValue(String text) {
    byte[] padded = ("x" + text + "y").getBytes(StandardCharsets.UTF_8);
    return JsonSyntax.isOneValue(padded, 1, padded.length - 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        " { } ",
        "[1,-0,2.5e-3,1E+9,0.0]",
        "\"\"",
        "\"a\\u00fc\\n\\\"ü💡\"",
        "true",
        "false",
        "null",
        "{\"a\":{\"b\":[{},[],null]},\"c\":\"d\"}",
        "5\n"
      })
  void json(String text) {
    assertThat(isOneValue(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{}{}",
        "{},",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{a:1}",
        "[1 2]",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "tru",
        "True",
        "nul",
        "NaN",
        "[}",
        "{]",
        "'a'",
        "{\"a\":1 \"b\":2}",
        "//x",
        "null null"
      })
  void notJson(String text) {
    assertThat(isOneValue(text)).isFalse();
  }

  @Test
  void nestingHasAnEnd() {
    assertThat(isOneValue(nested(1000))).isTrue();
    assertThat(isOneValue(nested(1001))).isFalse();
    assertThat(isOneValue(nested(1_000_000))).isFalse();
  }

  private static String nested(int depth) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      out.append('[');
    }
    for (int i = 0; i < depth; i++) {
      out.append(']');
    }
    return out.toString();
  }

  /** A parser that is known to be right has the same opinion. */
  @Property(tries = 20_000)
  void agreesWithTheParser(@ForAll("texts") String text) {
    assertThat(isOneValue(text)).as(text).isEqualTo(parses(text));
  }

  private static boolean parses(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (JsonParser parser = Json.FACTORY.createParser(bytes)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      if (parser.currentToken().isStructStart()) {
        return false;
      }
      parser.finishToken();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "1", "0", "-", ".5", "e1", "true", "null",
            " ", "\\", "\n", "\\u12", "{\"a\":", "[1,", "1.5", "\"b\":2")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }
}
