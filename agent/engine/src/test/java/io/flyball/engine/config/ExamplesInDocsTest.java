package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.base.file.FileReads;
import io.flyball.engine.price.OwnPrices;
import io.flyball.settings.ConfigLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who pastes an example as it stands has a good configuration. */
class ExamplesInDocsTest {
  private static final Path DOCS = Paths.get("../../docs");
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    try (Stream<Path> pages = Files.list(DOCS)) {
      for (Path page : pages.sorted().collect(Collectors.toList())) {
        Matcher yaml = YAML.matcher(new String(Files.readAllBytes(page), StandardCharsets.UTF_8));
        while (yaml.find()) {
          examples.add("# " + page.getFileName() + '\n' + yaml.group(1));
        }
      }
    }
    return examples;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isGood(String example, @TempDir Path dir) throws IOException {
    Path file = Files.write(dir.resolve("f.yaml"), example.getBytes(StandardCharsets.UTF_8));
    if (example.contains("scrape_configs:")) {
      return;
    }
    if (example.contains("providers:")) {
      assertThat(OwnPrices.read(file, new FileReads(FileReads.USUAL_MILLIS))).isNotNull();
      return;
    }
    assertThat(ConfigLoader.loadFile(Sections.SCHEMA, file, Collections.emptyMap(), true).explain())
        .isEmpty();
  }
}
