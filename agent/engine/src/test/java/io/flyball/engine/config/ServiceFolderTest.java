package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ServiceFolderTest {

  @Property(tries = 2_000)
  void twoServicesNeverShareOne(
      @ForAll @From("names") String one, @ForAll @From("names") String other) {
    assertThat(folder(one).equals(folder(other))).isEqualTo(one.equals(other));
  }

  @Property(tries = 2_000)
  void everyOneIsAFolderBelow(@ForAll @From("names") String name) {
    assertThat(Paths.get("/home/.flyball", folder(name)).normalize().getParent())
        .isEqualTo(Paths.get("/home/.flyball"));
    assertThat(folder(name)).matches("[A-Za-z0-9._~-]+");
    assertThat(folder(name).getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 255);
  }

  @Test
  void namesThatLookAlikeToAFileSystemDoNotShareOne() {
    char[] many = new char[300];
    Arrays.fill(many, 'x');
    String longer = new String(many);
    List<String> names =
        Arrays.asList(
            "日本",
            "中国",
            "__",
            "a/b",
            "a_b",
            "a\\b",
            "a b",
            "..",
            ".",
            "...",
            "unknown",
            "../x",
            ".._x",
            "\ud800",
            "\ud801",
            "?",
            longer,
            longer + "x",
            longer.substring(0, 255));
    Set<String> folders = new HashSet<>();
    names.forEach(each -> folders.add(folder(each)));
    assertThat(folders).hasSameSizeAs(names);
  }

  /** Accounts outlive versions. */
  @Test
  void whatMayBeANameIsTheFolder() {
    for (String plain : Arrays.asList("shop", "shop-2", "com.example.Shop", "a_b", "..a", "-")) {
      assertThat(folder(plain)).isEqualTo(plain);
    }
    assertThat(folder("日本")).isEqualTo("__~4dde783c1b1e66fe");
  }

  private static String folder(String service) {
    return ServiceFolder.name(service);
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> few =
        Arbitraries.strings().withChars("a_/.~日中 ").ofMinLength(1).ofMaxLength(3);
    Arbitrary<String> any = Arbitraries.strings().ofMinLength(1).ofMaxLength(300);
    return Arbitraries.oneOf(few, any);
  }
}
