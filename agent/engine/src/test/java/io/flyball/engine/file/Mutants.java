package io.flyball.engine.file;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

/** What editors, half-made copies and attackers do to files. */
public final class Mutants {
  private Mutants() {}

  /**
   * @param seeds whole files, one of which is damaged with pieces of the others
   */
  public static byte[] of(List<byte[]> seeds, Random random) {
    byte[] mutant = seeds.get(random.nextInt(seeds.size())).clone();
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(mutant.length);
      int end = at + random.nextInt(Math.min(60, mutant.length - at) + 1);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(mutant, 0, at);
      switch (random.nextInt(5)) {
        case 0:
          out.write(random.nextInt(256));
          out.write(mutant, at, mutant.length - at);
          break;
        case 1:
          out.write(mutant, end, mutant.length - end);
          break;
        case 2:
          byte[] other = seeds.get(random.nextInt(seeds.size()));
          int from = random.nextInt(other.length);
          out.write(other, from, random.nextInt(other.length - from));
          out.write(mutant, end, mutant.length - end);
          break;
        case 3:
          for (int i = random.nextInt(200); i >= 0; i--) {
            out.write(mutant, at, end - at);
          }
          out.write(mutant, end, mutant.length - end);
          break;
        default:
          out.write("[]{}:,&*!|>'\"%@`?-<~\t\n\u0000".charAt(random.nextInt(23)));
          out.write(mutant, end, mutant.length - end);
          break;
      }
      mutant = out.size() == 0 ? new byte[] {'-'} : out.toByteArray();
    }
    return mutant;
  }
}
