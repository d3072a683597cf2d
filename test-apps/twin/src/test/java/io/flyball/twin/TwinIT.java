package io.flyball.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.jvm.Jdk;
import java.io.File;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** A few hundred cases in every build; {@code ./flyball twin} runs any number of them. */
class TwinIT {
  private static final File ROOT = new File(System.getProperty("flyball.root", "../.."));

  /** One seed, so that a build tells of what it changed; other seeds are for the command line. */
  @Test
  void noCallEndsWorseThanWithoutTheAgent() throws Exception {
    everyCaseHolds("--seed", "489454", "--cases", "300");
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "FLYBALL_TEST_ALL", matches = "true")
  void noCallEndsWorseWithAnySeed() throws Exception {
    everyCaseHolds("--seed", String.valueOf(System.nanoTime() % 1_000_000), "--cases", "1000");
  }

  private static void everyCaseHolds(String... options) throws Exception {
    Jdk jdk = Jdk.of(17);
    assumeTrue(
        jdk.isPresent() && Jdk.wanted().stream().anyMatch(wanted -> wanted.version() == 17),
        jdk::missingMessage);
    Options parsed = Options.parse(options);
    parsed.jdk = 17;
    Map<String, String> breaks = new Twin(parsed, ROOT, System.out).run();
    assertThat(breaks.values()).as("seed " + parsed.seed).isEmpty();
  }
}
