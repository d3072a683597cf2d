package io.flyball.twin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of answers: numbered words, so that a lost, doubled or foreign one is seen. {@code w7a}
 * is the eighth word of the answer that the letter stands for.
 */
final class Words {
  private static final Pattern WORD = Pattern.compile("w\\d+[a-z]~");
  private static final String[] FILLERS = {
    "", " the", " für", " \\n", " €", " \\\"x\\\"", " \\u00fc", " 😀"
  };

  private Words() {}

  /**
   * A word as it stands in a JSON string.
   *
   * @param letter tells answers with another text apart
   */
  static String word(int number, char letter) {
    return "w" + number + letter + "~" + FILLERS[number % FILLERS.length];
  }

  /** The words of an answer that the application would show, in their order. */
  static List<String> delivered(byte[] body) {
    List<String> words = new ArrayList<>();
    for (String line : new String(body, StandardCharsets.UTF_8).split("[\r\n]")) {
      // What OpenAI says again at the end of a part and of the whole.
      boolean again =
          line.contains("\"response.")
              && line.startsWith("data:")
              && !line.contains("_text.delta\"")
              && !line.contains("arguments.delta\"");
      if (!again) {
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
          words.add(matcher.group());
        }
      }
    }
    return words;
  }

  /** The numbered parts of words, as they are found in what was delivered. */
  static List<String> of(List<String> words) {
    List<String> numbered = new ArrayList<>();
    for (String word : words) {
      numbered.add(word.substring(0, word.indexOf('~') + 1));
    }
    return numbered;
  }

  /** Whether they are the first words of one answer. */
  static boolean areInOrder(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String first = words.get(0);
      char letter = first.charAt(first.length() - 2);
      if (!words.get(i).equals("w" + i + letter + "~")) {
        return false;
      }
    }
    return true;
  }
}
