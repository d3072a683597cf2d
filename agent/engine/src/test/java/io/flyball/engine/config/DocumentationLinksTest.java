package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A link from one page to another leads somewhere, down to the heading. */
class DocumentationLinksTest {
  private static final Path ROOT = Paths.get("../..");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
  private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```");

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path folder : new Path[] {ROOT, ROOT.resolve("docs")}) {
      try (Stream<Path> files = Files.list(folder)) {
        pages.addAll(
            files.filter(file -> file.toString().endsWith(".md")).collect(Collectors.toList()));
      }
    }
    return pages;
  }

  private static String text(Path page) throws IOException {
    String text = new String(Files.readAllBytes(page), StandardCharsets.UTF_8);
    return CODE.matcher(text).replaceAll("");
  }

  /** As the usual renderers make them of headings. */
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new HashSet<>();
    Matcher heading = HEADING.matcher(text(page));
    while (heading.find()) {
      anchors.add(
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-'));
    }
    return anchors;
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      Matcher link = LINK.matcher(text(page));
      while (link.find()) {
        String target = link.group(1);
        if (target.contains("://") || target.startsWith("mailto:")) {
          continue;
        }
        links++;
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path there = file.isEmpty() ? page : page.resolveSibling(file);
        boolean found =
            Files.exists(there)
                && (hash < 0 || anchors(there).contains(target.substring(hash + 1)));
        if (!found) {
          broken.add(page.getFileName() + ": " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(20);
  }
}
