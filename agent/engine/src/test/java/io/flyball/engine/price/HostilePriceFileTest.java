package io.flyball.engine.price;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.file.Mutants;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a price file turns out to be, reading it ends, and says where it is wrong. */
@Timeout(60)
class HostilePriceFileTest {

  @Test
  void mutantsArePricesOrAreToldByTheFilesName() throws IOException {
    List<byte[]> seeds =
        Arrays.asList(
            firstLines(shipped(), 90),
            ("version: 1\ndate: 2026-08-21\nproviders:\n"
                    + "  - {id: a, names: [a], hosts: [\"*.a.com\"], multipliers: {fast: 2},"
                    + " models: [{name: m, match: [{prefix: m-}], input: 1.5, output: 2, tiers:"
                    + " [{above: 200000, input: 3}]}]}\n")
                .getBytes(StandardCharsets.UTF_8),
            "version: 1\nproviders: \n  - {id: b, models: &m [{name: n, input: 1}]}\n  - {id: c, models: *m}\n"
                .getBytes(StandardCharsets.UTF_8));
    seeds.forEach(whole -> PriceFile.read("whole", whole));
    long from = Long.getLong("flyball.fuzz.seed", 1);
    int read = 0;
    for (long seed = from; seed < from + Long.getLong("flyball.fuzz.count", 3_000); seed++) {
      byte[] mutant = Mutants.of(seeds, new Random(seed));
      try {
        PriceFile.read("p.yaml", mutant);
        read++;
      } catch (PriceFileException wrong) {
        assertThat(wrong.getMessage()).as("seed %s", seed).startsWith("p.yaml");
        assertThat(wrong.getMessage().length()).as("seed %s", seed).isLessThan(1_000);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(read).isPositive();
  }

  private static byte[] firstLines(byte[] bytes, int lines) {
    int end = 0;
    for (int left = lines; left > 0; end++) {
      left -= bytes[end] == '\n' ? 1 : 0;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static byte[] shipped() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (InputStream in = PriceFile.class.getResourceAsStream("prices.yaml")) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        all.write(b);
      }
    }
    return all.toByteArray();
  }
}
