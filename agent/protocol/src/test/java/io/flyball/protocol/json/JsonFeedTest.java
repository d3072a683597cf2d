package io.flyball.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFeedTest {
  private static final JsonShape<Object> ANYTHING = JsonShape.<Object>builder().build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{'a':1,} | true",
        "{'a': } | false",
        "{'a':1, 'b':[1,]} | true",
        "{'a':1}, | true",
        "{'a': , 'b':1} | false",
        "{'a'::1} | false",
        "{'a':: | false",
        "{'a' : 1 , 'b' : ', :' } | true",
        "{'a':{'b' :\t[ 1 , 2 ]}} | true",
      })
  void whereItsPiecesEndMakesNoDifference(String json, boolean whole) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    Set<Boolean> inside = new HashSet<>();
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        JsonFeed<Object> feed = new JsonFeed<>(ANYTHING, this);
        feed.feed(bytes, 0, first);
        feed.feed(bytes, first, second - first);
        feed.feed(bytes, second, bytes.length - second);

        inside.add(feed.isInside());
        assertThat(feed.endDocument()).as(first + ", " + second).isEqualTo(whole);
      }
    }
    assertThat(inside).hasSize(1);
  }
}
