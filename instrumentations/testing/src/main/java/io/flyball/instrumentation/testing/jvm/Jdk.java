package io.flyball.instrumentation.testing.jvm;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A JDK that attached tests run on, or the statement that it is not on this machine.
 *
 * <p>A version is looked for in {@code FLYBALL_JDK_<version>}, then among the JDKs that
 * scripts/fetch-jdks fetched, then in the usual folders, then it may be the running one. {@code
 * FLYBALL_TEST_JDKS} (for example {@code 8,25}) narrows the versions; {@code FLYBALL_TEST_ALL=true}
 * runs on all of them also what is otherwise run on {@linkplain #enough enough}.
 */
public final class Jdk {
  private static final List<Integer> SUPPORTED =
      Collections.unmodifiableList(Arrays.asList(8, 11, 17, 21, 25));

  private final int version;
  private final File home;

  private Jdk(int version, File home) {
    this.version = version;
    this.home = home;
  }

  /** The versions the tests were asked to run on, found or not. */
  public static List<Jdk> wanted() {
    String asked = System.getenv("FLYBALL_TEST_JDKS");
    List<Jdk> jdks = new ArrayList<>();
    for (int version : SUPPORTED) {
      if (asked == null
          || asked.trim().isEmpty()
          || Arrays.asList(asked.trim().split("\\s*,\\s*")).contains(String.valueOf(version))) {
        jdks.add(of(version));
      }
    }
    return jdks;
  }

  /** Whether breadth is asked for that most builds do without. */
  public static boolean isEveryOneAsked() {
    return Boolean.parseBoolean(System.getenv("FLYBALL_TEST_ALL"));
  }

  /**
   * Those of the wanted ones that are enough for a test of what depends little on the JDK.
   *
   * @param runs on which of them it runs
   * @param versions of those that are enough; when none of them is wanted, the newest one is
   * @return found or not; empty only when it runs on no wanted one
   */
  public static List<Jdk> enough(Predicate<Jdk> runs, Integer... versions) {
    List<Jdk> possible = wanted().stream().filter(runs).collect(Collectors.toList());
    if (isEveryOneAsked()) {
      return possible;
    }
    List<Jdk> enough =
        possible.stream()
            .filter(jdk -> Arrays.asList(versions).contains(jdk.version()))
            .collect(Collectors.toList());
    if (enough.isEmpty() && !possible.isEmpty()) {
      return Collections.singletonList(possible.get(possible.size() - 1));
    }
    return enough;
  }

  /** The same for a test that runs on every JDK. */
  public static List<Jdk> enough(Integer... versions) {
    return enough(jdk -> true, versions);
  }

  /** The JDK of that feature version, found or not. */
  public static Jdk of(int version) {
    for (File candidate : candidates(version)) {
      if (isJdk(candidate, version)) {
        return new Jdk(version, candidate);
      }
    }
    return new Jdk(version, null);
  }

  /** The JDK this test runs on. */
  public static Jdk running() {
    String specification = System.getProperty("java.specification.version");
    String feature = specification.startsWith("1.") ? specification.substring(2) : specification;
    return new Jdk(Integer.parseInt(feature), new File(System.getProperty("java.home")));
  }

  private static List<File> candidates(int version) {
    List<File> candidates = new ArrayList<>();
    String named = System.getenv("FLYBALL_JDK_" + version);
    if (named != null && !named.trim().isEmpty()) {
      candidates.add(new File(named.trim()));
    }
    String fetched = System.getenv("FLYBALL_JDKS_DIR");
    candidates.add(
        new File(
            fetched == null ? System.getProperty("user.home") + "/.cache/flyball/jdks" : fetched,
            "jdk" + version));
    for (String folder :
        new String[] {
          "/usr/lib/jvm",
          "/opt/java",
          "/Library/Java/JavaVirtualMachines",
          System.getProperty("user.home") + "/.sdkman/candidates/java"
        }) {
      File[] found = new File(folder).listFiles();
      if (found != null) {
        Arrays.sort(found);
        for (File home : found) {
          candidates.add(home);
          candidates.add(new File(home, "Contents/Home"));
        }
      }
    }
    candidates.add(new File(System.getProperty("java.home")));
    return candidates;
  }

  private static boolean isJdk(File home, int version) {
    if (!new File(home, "bin/java").canExecute()) {
      return false;
    }
    Properties release = new Properties();
    try (InputStream in = new FileInputStream(new File(home, "release"))) {
      release.load(in);
    } catch (IOException noReleaseFile) {
      return home.getName().equals("jdk" + version);
    }
    String found = release.getProperty("JAVA_VERSION", "").replace("\"", "");
    String feature = found.startsWith("1.") ? found.substring(2) : found;
    return feature.equals(String.valueOf(version))
        || feature.startsWith(version + ".")
        || feature.startsWith(version + "-");
  }

  /** The feature version: 8, 11, 17... */
  public int version() {
    return version;
  }

  public boolean isPresent() {
    return home != null;
  }

  /**
   * Its home.
   *
   * @throws IllegalStateException when it is not on this machine
   */
  public File home() {
    if (home == null) {
      throw new IllegalStateException(missingMessage());
    }
    return home;
  }

  /** What a skipped test says. */
  public String missingMessage() {
    return "no JDK "
        + version
        + " on this machine: set FLYBALL_JDK_"
        + version
        + " or run scripts/fetch-jdks "
        + version;
  }

  @Override
  public String toString() {
    return "JDK " + version;
  }
}
