package io.flyball.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class HeadersTest {

  /** Each name looked up in both. */
  private static Set<String> looked(Headers one, Headers other) {
    Set<String> differing = new TreeSet<>();
    for (Headers each : new Headers[] {one, other}) {
      for (int i = 0; i < each.size(); i++) {
        String name = each.name(i);
        if (!one.all(name).equals(other.all(name))) {
          differing.add(name.toLowerCase(Locale.ROOT));
        }
      }
    }
    return differing;
  }

  @Property(tries = 5000)
  void whatDiffersIsFoundAsByLookingEachUp(
      @ForAll("headers") Headers one, @ForAll("headers") Headers other) {
    assertThat(one.differing(other)).isEqualTo(looked(one, other));
    assertThat(other.differing(one)).isEqualTo(looked(one, other));
    assertThat(one.differing(one)).isEmpty();
  }

  @Property(tries = 2000)
  void whatIsAddedAndTakenAwayDiffers(@ForAll("headers") Headers one) {
    Headers more = one.toBuilder().set("x-cost", "1").add("x-model", "m").build();
    assertThat(one.differing(more)).isEqualTo(looked(one, more)).contains("x-cost", "x-model");
    Headers less = one.without("a");
    assertThat(one.differing(less)).isEqualTo(looked(one, less));
    assertThat(less.all("a")).isEmpty();
    assertThat(one.differing(less).contains("a")).isEqualTo(!one.all("a").isEmpty());
  }

  @Provide
  Arbitrary<Headers> headers() {
    Arbitrary<List<String>> parts =
        Arbitraries.of("a", "A", "b", "b-c", "B-C", "d").list().ofMaxSize(8);
    return parts.map(
        names -> {
          Headers.Builder builder = Headers.builder();
          for (int i = 0; i < names.size(); i++) {
            builder.add(names.get(i), i % 3 == 0 ? "1" : "2");
          }
          return builder.build();
        });
  }
}
