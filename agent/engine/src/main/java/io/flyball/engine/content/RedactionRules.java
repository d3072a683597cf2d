package io.flyball.engine.content;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** All rules, ready to look for what they know in one pass over a text. Immutable. */
final class RedactionRules {
  private static final String FILE = "redaction-rules.txt";
  private static final String DIGITS = "digits";

  private final List<RedactionRule> rules;
  private final Recogniser[] recognisers;
  private final Words words = new Words();

  /** Of each word, how long it is and whose. */
  private final int[] lengths;

  private final int[] ofWords;
  private final int[] ofDigits;

  RedactionRules(List<RedactionRule> rules) {
    this.rules = rules;
    List<Recogniser> all = new ArrayList<>();
    List<String> known = new ArrayList<>();
    List<Integer> whose = new ArrayList<>();
    List<Integer> digits = new ArrayList<>();
    for (RedactionRule rule : rules) {
      for (Shape shape : rule.shapes()) {
        known.add(shape.word());
        whose.add(all.size());
        all.add(Recognisers.of(rule, shape));
      }
      if (rule.recogniser() == null) {
        continue;
      }
      for (String word : rule.words()) {
        if (word.equals(DIGITS)) {
          digits.add(all.size());
        } else {
          known.add(word);
          whose.add(all.size());
        }
      }
      all.add(Recognisers.of(rule));
    }
    for (int i = 0; i < known.size(); i++) {
      words.add(known.get(i), i);
    }
    words.built();
    recognisers = all.toArray(new Recogniser[0]);
    lengths = known.stream().mapToInt(String::length).toArray();
    ofWords = whose.stream().mapToInt(each -> each).toArray();
    ofDigits = digits.stream().mapToInt(each -> each).toArray();
  }

  /** Those that ship. */
  static RedactionRules builtIn() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                RedactionRules.class.getResourceAsStream(FILE), StandardCharsets.UTF_8))) {
      List<RedactionRule> rules = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() || line.charAt(0) == '#') {
          continue;
        }
        String[] parts = line.split(" ", 2);
        if (parts[0].equals("rule")) {
          String[] nameAndReplacement = parts[1].split(" ", 2);
          rules.add(new RedactionRule(nameAndReplacement[0], nameAndReplacement[1], rules.size()));
        } else {
          rules.get(rules.size() - 1).line(parts[0], parts.length == 1 ? "" : parts[1]);
        }
      }
      return new RedactionRules(rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In their order. */
  List<RedactionRule> all() {
    return rules;
  }

  /** Adds what is in the text to what was found. */
  void look(CharSequence text, Found found) {
    int[] goesOn = new int[recognisers.length];
    int state = 0;
    boolean behindDigit = false;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      state = words.step(state, c);
      for (int word : words.endsAt(state)) {
        int from = i + 1 - lengths[word];
        look(ofWords[word], text, from, i + 1, found, goesOn);
      }
      boolean digit = Characters.isDigit(c);
      if (digit && !behindDigit) {
        for (int each : ofDigits) {
          look(each, text, i, i + 1, found, goesOn);
        }
      }
      behindDigit = digit;
    }
  }

  private void look(int each, CharSequence text, int from, int to, Found found, int[] goesOn) {
    if (from >= goesOn[each]) {
      int next = recognisers[each].look(text, from, to, found);
      // Longer words may begin before one that came to nothing.
      goesOn[each] = next > from ? next : goesOn[each];
    }
  }
}
