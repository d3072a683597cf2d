package io.flyball.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class LongStringsTest {

  @Provide
  Arbitrary<String> documents() {
    Arbitrary<String> part =
        Arbitraries.of(
            "a", "é", "€", "😀", "\\\"", "\\\\", "\\n", "\\u20ac", "\\ud83d\\ude00", "0", "}");
    Arbitrary<String> text = part.list().ofMaxSize(30).map(parts -> String.join("", parts));
    return text.list()
        .ofMaxSize(6)
        .map(
            texts -> {
              StringBuilder json = new StringBuilder("{\"n\":[1,2.5,true,null]");
              for (int i = 0; i < texts.size(); i++) {
                json.append(", \"k").append(i).append("\" : \"").append(texts.get(i)).append('"');
              }
              return json.append("}").toString();
            });
  }

  @Property(tries = 1000)
  void allTokensAreThereAndStringsAreBeginningsOfTheirs(
      @ForAll("documents") String document,
      @ForAll @IntRange(min = 4, max = 60) int longest,
      @ForAll @IntRange(min = 1, max = 20) int chunk)
      throws IOException {
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream left = new ByteArrayOutputStream();
    LongStrings strings = new LongStrings(longest, left::write);
    for (int from = 0; from < bytes.length; from += chunk) {
      strings.feed(bytes, from, Math.min(chunk, bytes.length - from));
    }
    List<String> whole = tokens(bytes);
    List<String> cut = tokens(left.toByteArray());
    assertThat(cut).hasSameSizeAs(whole);
    for (int i = 0; i < whole.size(); i++) {
      assertThat(whole.get(i)).startsWith(cut.get(i));
      boolean isShort = whole.get(i).length() * 12 < longest || !whole.get(i).startsWith("S");
      assertThat(isShort && !whole.get(i).equals(cut.get(i))).isFalse();
    }
    assertThat(left.size()).isLessThanOrEqualTo(bytes.length);
  }

  private static List<String> tokens(byte[] json) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = Json.FACTORY.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        tokens.add((token == JsonToken.VALUE_STRING ? "S" : "-" + token + " ") + parser.getText());
      }
    }
    return tokens;
  }
}
