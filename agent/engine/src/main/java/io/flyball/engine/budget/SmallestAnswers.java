package io.flyball.engine.budget;

import io.flyball.engine.call.ModelCall;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The shortest answers that are worth their prompt, by model: one that thinks first spends a short
 * limit on thinking, and answers nothing. A table of facts. Immutable.
 */
public final class SmallestAnswers {
  private static final String TABLE = "smallest-answers.txt";

  /** Of a model that answers at once. */
  private static final long OF_ANY = 64;

  /** What is said where a model is told not to think. */
  private static final List<String> NO_EFFORT = Arrays.asList("none", "minimal", "disabled", "0");

  private static final List<String> EFFORT_FIELDS =
      Arrays.asList(
          "reasoning_effort", "effort", "thinkingBudget", "thinking_budget", "enable_thinking");

  private static volatile SmallestAnswers table;

  private final List<Row> rows = new ArrayList<>();

  private SmallestAnswers() {}

  /** The table that comes with Flyball. */
  public static SmallestAnswers table() {
    SmallestAnswers read = table;
    if (read == null) {
      read = read();
      table = read;
    }
    return read;
  }

  private static SmallestAnswers read() {
    SmallestAnswers answers = new SmallestAnswers();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                SmallestAnswers.class.getResourceAsStream(TABLE), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && line.charAt(0) != '#') {
          answers.rows.add(new Row(line.split(" ")));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answers;
  }

  /** Tokens of the shortest answer, thinking included, that this call is worth sending for. */
  public long of(ModelCall call) {
    return of(call.facts().model(), call.request().body());
  }

  long of(String model, byte[] body) {
    if (model == null) {
      return OF_ANY;
    }
    String name = model.toLowerCase(Locale.ROOT);
    for (Row row : rows) {
      if (row.isFor(name, body)) {
        return isToldNotToThink(body) ? OF_ANY : row.tokens;
      }
    }
    return OF_ANY;
  }

  private static boolean isToldNotToThink(byte[] body) {
    for (String field : EFFORT_FIELDS) {
      String value = scalarAfter(body, '"' + field + '"');
      if (value != null && (NO_EFFORT.contains(value) || value.equals("false"))) {
        return true;
      }
    }
    int thinking = indexOf(body, "\"thinking\"");
    return thinking >= 0 && "disabled".equals(scalarAfter(body, "\"type\"", thinking));
  }

  private static String scalarAfter(byte[] body, String field) {
    return scalarAfter(body, field, 0);
  }

  /** What stands behind a field, up to some characters; null where it is not there. */
  private static String scalarAfter(byte[] body, String field, int from) {
    final int longest = 12;
    int at = Ascii.indexOf(body, field, from);
    if (at < 0) {
      return null;
    }
    at += field.length();
    while (at < body.length && (body[at] == ':' || body[at] <= ' ')) {
      at++;
    }
    if (at < body.length && body[at] == '"') {
      at++;
    }
    StringBuilder value = new StringBuilder();
    while (at < body.length && value.length() < longest && isWord(body[at])) {
      value.append((char) body[at++]);
    }
    return value.toString();
  }

  private static int indexOf(byte[] body, String ascii) {
    return Ascii.indexOf(body, ascii, 0);
  }

  private static boolean isWord(int character) {
    return character >= 'a' && character <= 'z'
        || character >= 'A' && character <= 'Z'
        || character >= '0' && character <= '9';
  }

  /** Immutable. */
  private static final class Row {
    private final long tokens;
    private final String part;
    private final boolean open;
    private final String inBody;

    Row(String[] words) {
      this.tokens = Long.parseLong(words[0]);
      this.open = words[1].endsWith("*");
      this.part = open ? words[1].substring(0, words[1].length() - 1) : words[1];
      this.inBody = words.length > 2 ? words[2] : null;
    }

    boolean isFor(String name, byte[] body) {
      for (int at = name.indexOf(part); at >= 0; at = name.indexOf(part, at + 1)) {
        int end = at + part.length();
        boolean begins = at == 0 || !isWord(name.charAt(at - 1));
        boolean ends = open || end == name.length() || !isWord(name.charAt(end));
        if (begins && ends) {
          return inBody == null || indexOf(body, inBody) >= 0;
        }
      }
      return false;
    }
  }
}
