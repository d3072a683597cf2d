package io.flyball.engine.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** In a small heap nobody counts, and what is told is the most it may be, never less. */
class TokenBoundTest {
  private static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();
  private static final Encoding[] USUAL = {
    REGISTRY.getEncoding(EncodingType.O200K_BASE), REGISTRY.getEncoding(EncodingType.CL100K_BASE)
  };
  private static final TokenCounter SMALL = new TokenCounter(64L << 20);
  private static final TokenCounter LARGE = new TokenCounter(Long.MAX_VALUE);

  /** A model of each row of the table, and one of none. */
  private static final String[] MODELS = {
    "gpt-4o",
    "gpt-4",
    "claude-3",
    "claude-opus-5",
    "gemini-3",
    "llama-4",
    "davinci",
    "other",
    "text-davinci-003"
  };

  /** From where to where: scripts, signs, planes, and the words that are none. */
  private static final int[][] SCRIPTS = {
    {'a', 'z'},
    {'A', 'Z'},
    {'0', '9'},
    {'!', '~'},
    {0, 0x1f},
    {0x80, 0x17f},
    {0x300, 0x36f},
    {0x370, 0x5ff},
    {0x600, 0x8ff},
    {0x900, 0xdff},
    {0xe00, 0x11ff},
    {0x1200, 0x1fff},
    {0x2000, 0x2bff},
    {0x3000, 0x30ff},
    {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},
    {0xa000, 0xabff},
    {0xac00, 0xd7a3},
    {0xd800, 0xdfff},
    {0xe000, 0xf8ff},
    {0xf900, 0xffff},
    {0x10000, 0x10fff},
    {0x1d400, 0x1d7ff},
    {0x1f300, 0x1f9ff},
    {0x20000, 0x2a6df},
    {' ', ' '},
    {'\'', '\''}
  };

  private static final String[] JOINED = {
    "", " ", "  ", "   ", ".", "'", "\n", " \n ", "\t", "_", "\"", "\u00a0", "'s", "'LL", "\u201c",
    "1", "\r\n/"
  };

  @Property(tries = 3_000)
  void noTextIsMoreThanItsBound(@ForAll @From("texts") String text) {
    for (String model : MODELS) {
      assertThat(SMALL.atMost(model, text))
          .as(model)
          .isGreaterThanOrEqualTo(LARGE.atMost(model, text));
    }
  }

  /** Words of one script or of several, of one length or of all, with whatever between them. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.randomValue(TokenBoundTest::text);
  }

  private static String text(Random random) {
    List<String> words = new ArrayList<>();
    List<String> known = KNOWN;
    int scripts = 1 + random.nextInt(3);
    int[][] chosen = new int[scripts][];
    for (int i = 0; i < scripts; i++) {
      chosen[i] = SCRIPTS[random.nextInt(SCRIPTS.length)];
    }
    int longest = 1 + random.nextInt(random.nextBoolean() ? 4 : 14);
    int length = random.nextBoolean() ? longest : 0;
    String between = JOINED[random.nextInt(JOINED.length)];
    // Few letters make rare pairs often.
    int few = random.nextBoolean() ? 5 : Integer.MAX_VALUE;
    int shift = random.nextInt(1 << 16);
    StringBuilder text = new StringBuilder();
    for (int word = random.nextInt(60); word >= 0; word--) {
      if (random.nextInt(3) == 0) {
        text.append(known.get(random.nextInt(known.size())));
      } else {
        for (int i = length > 0 ? length : 1 + random.nextInt(longest); i > 0; i--) {
          int[] script = chosen[random.nextInt(scripts)];
          int size = script[1] - script[0] + 1;
          text.appendCodePoint(
              script[0] + (shift + random.nextInt(Math.min(few, size)) * 7) % size);
        }
      }
      text.append(random.nextInt(4) == 0 ? JOINED[random.nextInt(JOINED.length)] : between);
    }
    return text.toString();
  }

  private static final List<String> KNOWN = table("words", "spaced");

  @Test
  void whatIsToldOfWordsHolds() {
    for (Encoding encoding : USUAL) {
      for (String word : KNOWN) {
        assertThat(encoding.countTokensOrdinary(' ' + word)).as(word).isEqualTo(1);
      }
      for (String word : table("words")) {
        assertThat(encoding.countTokensOrdinary(word)).as(word).isEqualTo(1);
        for (char sign = 0; sign < 128; sign++) {
          if (!Character.isLetter(sign) && sign != '\'') {
            assertThat(encoding.countTokensOrdinary(sign + word))
                .as(sign + word)
                .isLessThanOrEqualTo(2);
          }
        }
      }
    }
  }

  @Test
  void whatIsToldOfPairsHolds() throws IOException {
    for (Encoding encoding : USUAL) {
      for (char letter = 'A'; letter <= 'z'; letter += letter == 'Z' ? 'a' - 'Z' : 1) {
        assertThat(encoding.countTokensOrdinary(" " + letter)).isEqualTo(1);
      }
      assertThat(encoding.countTokensOrdinary("  ")).isEqualTo(1);
      for (String[] line : lines("pairs")) {
        for (char second : line.length < 3 ? new char[0] : line[2].toCharArray()) {
          assertThat(encoding.countTokensOrdinary(line[1] + second)).isEqualTo(1);
        }
      }
      for (String[] line : lines("blocks")) {
        for (int i = 1; i < line.length; i++) {
          // No more than two each, or the first two bytes would be two tokens.
          String first = new String(Character.toChars(Integer.parseInt(line[i], 16) << 6));
          assertThat(encoding.countTokensOrdinary(first)).as(line[i]).isLessThanOrEqualTo(2);
        }
      }
    }
  }

  /** What the bound is worth where it matters: prose is not refused for what it could never be. */
  @Test
  void theBoundOfProseIsNear() {
    String prose =
        "It was a bright cold day in April, and the clocks were striking thirteen. The people who"
            + " lived there had become used to it, and nobody asked any more why the hours were"
            + " counted in that way. You are a helpful assistant. Answer the question of the user"
            + " in a few sentences, and say so if you do not know the answer. Summarize the"
            + " following document, list the most important facts, and give the source of each.";

    assertThat((double) SMALL.atMost("gpt-4o", prose) / LARGE.atMost("gpt-4o", prose))
        .isBetween(1.0, 1.6);
  }

  private static List<String> table(String... kinds) {
    List<String> found = new ArrayList<>();
    try {
      for (String kind : kinds) {
        for (String[] line : lines(kind)) {
          for (int i = 1; i < line.length; i++) {
            found.add(line[i]);
          }
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return found;
  }

  private static List<String[]> lines(String kind) throws IOException {
    List<String[]> found = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                TokenBound.class.getResourceAsStream("token-bounds.txt"),
                StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(kind + ' ')) {
          found.add(line.split(" "));
        }
      }
    }
    return found;
  }
}
