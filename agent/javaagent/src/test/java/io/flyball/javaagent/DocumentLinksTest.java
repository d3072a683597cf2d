package io.flyball.javaagent;

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

/** What the documents link to is there: the file, and the heading in it. */
class DocumentLinksTest {
  private static final Path ROOT = Paths.get("../..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *#* *$");
  private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```");

  /** Documents, and what a page of the project's host shows of itself. */
  private static final String[] FOLDERS = {"", "docs", ".github", ".github/ISSUE_TEMPLATE"};

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String folder : FOLDERS) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
      }
    }
    return documents;
  }

  private static String text(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return CODE.matcher(text).replaceAll("");
  }

  /** As hosts make an anchor of a heading. */
  static String anchor(String heading) {
    return heading
        .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  private static Set<String> anchors(Path file) throws IOException {
    Set<String> anchors = new HashSet<>();
    Matcher heading = HEADING.matcher(text(file));
    while (heading.find()) {
      String anchor = anchor(heading.group(1));
      for (int again = 1; !anchors.add(anchor); again++) {
        anchor = anchor(heading.group(1)) + '-' + again;
      }
    }
    return anchors;
  }

  /** Null when it leads somewhere, or out of the project. */
  private static String broken(Path document, String link) throws IOException {
    if (link.matches("[a-z]+:.*")) {
      return null;
    }
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
    String where = ROOT.relativize(document) + ": " + link;
    if (!target.startsWith(ROOT) || !Files.exists(target)) {
      return where + " (no such file)";
    }
    return parts.length == 1 || anchors(target).contains(parts[1])
        ? null
        : where + " (no such heading)";
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents()) {
      Matcher link = LINK.matcher(text(document));
      while (link.find()) {
        links++;
        String why = broken(document, link.group(1));
        if (why != null) {
          broken.add(why);
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(100);
  }

  /** A page that nothing leads to is not found. */
  @Test
  void everyPageIsLinkedTo() throws IOException {
    Set<Path> reached = new HashSet<>();
    for (Path document : documents()) {
      Matcher link = LINK.matcher(text(document));
      while (link.find()) {
        String file = link.group(1).split("#", 2)[0];
        if (!file.matches("[a-z]+:.*") && !file.isEmpty()) {
          reached.add(document.resolveSibling(file).normalize());
        }
      }
    }
    List<Path> pages =
        documents().stream()
            .filter(page -> !page.startsWith(ROOT.resolve(".github")))
            .filter(page -> !page.equals(ROOT.resolve("README.md")))
            .collect(Collectors.toList());

    assertThat(reached).containsAll(pages);
  }

  @Test
  void anchorsAreMadeAsHostsMakeThem() {
    assertThat(anchor("What an answer says")).isEqualTo("what-an-answer-says");
    assertThat(anchor("2. One jar, two doors")).isEqualTo("2-one-jar-two-doors");
    assertThat(anchor("Caches, tiers, `and` what's [said](x.md)"))
        .isEqualTo("caches-tiers-and-whats-said");
  }
}
