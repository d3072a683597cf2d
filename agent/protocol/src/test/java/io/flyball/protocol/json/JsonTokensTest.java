package io.flyball.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTokensTest {

  /** What is told of the fields that are asked for. */
  private static final JsonShape<List<String>> SHAPE = shape();

  private static JsonShape<List<String>> shape() {
    JsonShape<List<String>> inner =
        JsonShape.<List<String>>builder()
            .begin(told -> told.add("begin"))
            .value("s", (told, v) -> told.add("in s " + v.text() + v.characters()))
            .end(told -> told.add("end"))
            .build();
    return JsonShape.<List<String>>builder()
        .value("s", JsonTokensTest::tell)
        .value("grüße", JsonTokensTest::tell)
        .kind("k", (told, kind) -> told.add("kind " + kind))
        .element("k", told -> told.add("element"))
        .value("n", (told, v) -> told.add(v.integer() + " " + v.count() + " " + v.decimal()))
        .inside("o", inner)
        .build();
  }

  private static void tell(List<String> told, JsonValue v) {
    told.add("s " + v.text() + " " + v.characters() + " " + v.is("x") + v.isTrue() + v.isFalse());
  }

  private static List<String> read(byte[] document, int piece) {
    List<String> told = new ArrayList<>();
    JsonFeed<List<String>> feed = new JsonFeed<>(SHAPE, told);
    for (int from = 0; from < document.length; from += piece) {
      feed.feed(document, from, Math.min(piece, document.length - from));
    }
    told.add("inside " + feed.isInside() + ", broken " + feed.isBroken() + " " + feed.unread());
    told.add("whole " + feed.endDocument());
    return told;
  }

  private static List<String> read(String document) {
    return read(bytes(document), Integer.MAX_VALUE / 2);
  }

  private static final Pattern MISSING_VALUE = Pattern.compile(":[^:,\"'\\[{\\w]*,");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isWhole(String document) {
    return read(document).contains("whole true");
  }

  private static boolean isReadable(String text) {
    byte[] padded = bytes("x" + text + "y");
    return JsonDocument.isReadable(padded, 1, padded.length - 2);
  }

  @Property(tries = 3000)
  void theCutMakesNoDifference(@ForAll("documents") String document, @ForAll("pieces") int piece) {
    byte[] bytes = bytes(document);
    assertThat(read(bytes, piece)).as(document).isEqualTo(read(document));
  }

  @Property(tries = 3000)
  void bytesOfAnyKindAreTaken(@ForAll byte[] garbage, @ForAll("pieces") int piece) {
    byte[] document = Arrays.copyOf(bytes("{\"s\":\"aa"), 8 + garbage.length);
    System.arraycopy(garbage, 0, document, 8, garbage.length);
    assertThat(read(document, piece)).isEqualTo(read(document, document.length));
  }

  /** What a parser takes that is known to be right or known to be lenient is readable here. */
  @Property(tries = 20_000)
  void takesWhatParsersTake(@ForAll("texts") String text) {
    boolean strict = parses(Json.FACTORY, text);
    // A field without its value is more likely half of one than a lenient writer's.
    boolean structure =
        !text.isEmpty() && "{[".indexOf(text.charAt(0)) >= 0 && !MISSING_VALUE.matcher(text).find();
    if (strict || (structure && parses(Json.LENIENT, text))) {
      assertThat(isReadable(text)).as(text).isTrue();
    }
    if (strict && text.trim().startsWith("{")) {
      assertThat(isWhole(text)).as(text).isTrue();
      String trimmed = text.trim();
      for (int cut = 0; cut < trimmed.length(); cut++) {
        assertThat(read(trimmed.substring(0, cut)))
            .as("%s to %s", trimmed, cut)
            .contains("inside true, broken false 0", "whole false");
      }
    }
  }

  /** As Gson 2.11 reads it when it is lenient, which its {@code JsonParser} always is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"x\"=1}",
        "{\"a\"=1}",
        "{\"a\"=>1;\"b\":2}",
        "{a=>'b'}",
        "[1;2;;]",
        "{\"a\" => [1;{\"b\"=null}]}"
      })
  void takesWhatOnlyGsonTakes(String text) {
    assertThat(isReadable(text)).isTrue();
    for (int piece = 1; piece <= text.length(); piece++) {
      assertThat(read(bytes(text), piece)).isEqualTo(read(text));
    }
  }

  @Test
  void anArrowStandsForAColonAndForNothingElse() {
    assertThat(isReadable("{\"a\"==1}")).isFalse();
    assertThat(isReadable("{\"a\":>1}")).isFalse();
    assertThat(isReadable("{\"a\"=>>1}")).isFalse();
    assertThat(isReadable("{=1}")).isFalse();
  }

  private static boolean parses(JsonFactory factory, String text) {
    try (JsonParser parser = factory.createParser(bytes(text))) {
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

  @Test
  void oddDocumentsAreReadToTheirEnd() {
    String end = "\"s\":\"last\"}";
    for (String odd :
        new String[] {
          "{\"s\":\"a\tb\u0000c\u001f\n\"," + end,
          "{\"x\":NaN,\"y\":[-Infinity,+Infinity,Infinity,undefined,None,True,.5,1.,0x1F,01],"
              + end,
          "{'x':'it\\'s \"',y:\"it's\"," + end,
          "{/* { */\"x\":1,// }\n# ]\r" + end,
          "{\"x\":[1,,2,],,\"y\":{\"a\":1,}," + end + "," + "}",
          "{\"x\":\"\\q\\u12g\"," + end + " and {more",
          "{\"" + repeat("k", 1 << 20) + "\":1," + end,
          "{\"x\":" + repeat("7", 1 << 20) + ",\"n\":" + repeat("7", 1 << 20) + "," + end,
          "{\"x\":" + repeat("[", 100_000) + repeat("]", 100_000) + "," + end,
          "{\"s\":" + repeat("{\"a\":", 100_000) + "1" + repeat("}", 100_000) + "," + end
        }) {
      List<String> told = read(odd);
      String shown = odd.substring(0, Math.min(60, odd.length()));
      assertThat(told).as(shown).contains("s last 4 falsefalsefalse", "whole true");
      assertThat(read(bytes(odd), 1000)).as(shown).isEqualTo(told);
      // Of what is cut short it is known that it is, also behind what is odd.
      assertThat(read(odd.substring(0, odd.indexOf("\"last") + 2)))
          .as(shown)
          .contains("inside true, broken false 0");
    }
  }

  @Test
  void bytesThatAreNoUtf8StandInStrings() {
    byte[] document = bytes("{\"x\":\"aaaa\",\"s\":\"aaaa\",\"n\":5}");
    for (int b = 0x80; b < 0x100; b++) {
      byte[] odd = document.clone();
      odd[8] = (byte) b;
      odd[19] = (byte) b;
      assertThat(read(odd, 1000)).contains("5 5 5.0", "whole true");
      assertThat(read(odd, 3)).isEqualTo(read(odd, 1000));
    }
  }

  @Test
  void behindAMistakeNothingIsRead() {
    for (String mistaken :
        new String[] {
          "{\"x\":\"say \"hi\"\",\"n\":5}",
          "{\"x\" 1,\"n\":5}",
          "{\"x\":1 \"n\":5}",
          "{\"x\":[1},\"n\":5}",
          "{\"x\":oops,\"n\":5}",
          "{\"x\":1|\"n\":5}",
          "{\"x\":},\"n\":5}",
          "{:1,\"n\":5}",
          "{\"x\":/1,\"n\":5}"
        }) {
      assertThat(read(mistaken)).as(mistaken).doesNotContain("5 5 5.0").contains("whole false");
      assertThat(read(mistaken).get(0)).as(mistaken).startsWith("inside false, broken true");
    }
  }

  @Test
  void longStringsAreCutAndCounted() {
    String text = repeat("aé€😀\\n\\u00e9", 100_000);
    List<String> told = read("{\"s\":\"" + text + "\",\"n\":1}");
    assertThat(told.get(0)).endsWith(" 700000 falsefalsefalse");
    for (int piece : new int[] {4096, 300_001}) {
      assertThat(read(bytes("{\"s\":\"" + text + "\",\"n\":1}"), piece)).isEqualTo(told);
    }
  }

  @Test
  void otherEncodingsAreReadAsUtf8() {
    String document = "{\"s\":\"é€😀\"}";
    for (String name :
        new String[] {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "x-UTF-16LE-BOM"}) {
      byte[] bytes = document.getBytes(Charset.forName(name));
      assertThat(UnicodeText.isWide(bytes, 0, bytes.length)).as(name).isTrue();
      String utf8 = new String(UnicodeText.toUtf8(bytes), StandardCharsets.UTF_8);
      assertThat(utf8.replace("\uFEFF", "")).as(name).isEqualTo(document);
    }
    assertThat(UnicodeText.isWide(bytes(document), 0, 4)).isFalse();
  }

  private static String repeat(String part, int times) {
    StringBuilder out = new StringBuilder(part.length() * times);
    for (int i = 0; i < times; i++) {
      out.append(part);
    }
    return out.toString();
  }

  @Provide
  Arbitrary<Integer> pieces() {
    return Arbitraries.integers().between(1, 9);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "1", "0", "-", ".5", "e1", "true", "null",
            " ", "\\", "\n", "\\u12", "{\"a\":", "[1,", "1.5", "\"b\":2", "'", "/*", "*/", "NaN",
            "#", "a", "é", "@")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> documents() {
    Arbitrary<String> scalar =
        Arbitraries.of(
            "1",
            "-0.5e9",
            "12345678901234567890",
            "true",
            "null",
            "\"\"",
            "\"a\\\"}{,\\\\\"",
            "'a\"'",
            "\"💡ключ\\ud83d\\ude00\"",
            "\"x\"",
            "NaN",
            "\"a\tb\"",
            "oops");
    Arbitrary<String> value =
        Arbitraries.oneOf(
            scalar,
            scalar.list().ofMaxSize(3).map(list -> "[" + String.join(", ", list) + "]"),
            scalar.map(inner -> "{\"s\":" + inner + ",}"),
            scalar.map(inner -> "[{\"s\":" + inner + "},[[1]],7]"));
    Arbitrary<String> name =
        Arbitraries.of(
            "\"s\"", "\"k\"", "\"n\"", "\"o\"", "'s'", "s", "\"\\u0073\"", "\"grüße\"", "\"x\"");
    Arbitrary<String> between = Arbitraries.of("", " ", "\n", "/* } */", "// \"\n");
    Arbitrary<String> field =
        Combinators.combine(name, between, value, between).as((n, a, v, b) -> n + a + ":" + v + b);
    return Combinators.combine(field.list().ofMaxSize(5), Arbitraries.of("", ",", "}", " x", "{}"))
        .as((fields, tail) -> "{" + String.join(",", fields) + "}" + tail);
  }
}
