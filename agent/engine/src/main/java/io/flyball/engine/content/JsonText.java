package io.flyball.engine.content;

import java.util.Arrays;
import java.util.List;

/**
 * Where the strings of a text of JSON are, so that what comes in the place of a find leaves it
 * JSON: a find goes no further than the string it is in, and of the next one begins anew. Asked
 * from the beginning of the text to its end.
 */
final class JsonText {
  private static final List<String> WORDS = Arrays.asList("true", "false", "null");

  /** Where each string begins, behind its quote, and where its other quote is, by turns. */
  private final int[] strings;

  private final int count;
  private int asked;

  private JsonText(int[] strings, int count) {
    this.strings = strings;
    this.count = count;
  }

  /**
   * Null when the text is not JSON. Only what is needed to know its strings is looked at: that they
   * end, that there is nothing else between them than JSON has there, and that brackets match.
   */
  static JsonText of(String text) {
    int size = text.length();
    int first = behindBlanks(text, 0);
    if (first == size || "{[\"".indexOf(text.charAt(first)) < 0) {
      return null;
    }
    int[] strings = new int[64];
    int count = 0;
    long depth = 0;
    boolean behindValue = false;
    int at = first;
    do {
      char c = text.charAt(at);
      int end = at + 1;
      boolean value = c != ',' && c != ':' && c != '{' && c != '[';
      boolean begins = value && c != '}' && c != ']';
      if (c == '"') {
        end = stringEnd(text, at + 1) + 1;
        if (count == strings.length) {
          strings = Arrays.copyOf(strings, count * 2);
        }
        strings[count++] = at + 1;
        strings[count++] = end - 1;
      } else if (begins) {
        end = valueEnd(text, at);
      } else if (c == '{' || c == '[') {
        depth++;
        begins = true;
      } else if (value) {
        depth--;
      }
      if (end <= at || depth < 0 || (begins && behindValue)) {
        return null;
      }
      behindValue = value;
      at = behindBlanks(text, end);
    } while (depth > 0 && at < size);
    return depth == 0 && at == size ? new JsonText(strings, count) : null;
  }

  private static int behindBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  /** Where its other quote is; -1 when there is none. */
  private static int stringEnd(String text, int from) {
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        return at;
      }
      if (c < ' ') {
        return -1;
      }
      at = c == '\\' ? at + 1 : at;
    }
    return -1;
  }

  /** Behind a number, or one of the words of JSON; {@code from} when there is none. */
  private static int valueEnd(String text, int from) {
    int at = from;
    while (at < text.length() && isOfValue(text.charAt(at))) {
      at++;
    }
    char first = text.charAt(from);
    boolean number = first == '-' || Characters.isDigit(first);
    return number || WORDS.contains(text.substring(from, at)) ? at : from;
  }

  /** Of a number, or of {@code true}, {@code false} and {@code null}. */
  private static boolean isOfValue(char c) {
    return c == '-' || c == '+' || c == '.' || (c < 128 && Characters.isLetterOrDigit(c));
  }

  /**
   * Puts {@code replacement} in the place of what is between these places: once into each string
   * that it is in, and for each number.
   *
   * @param copied up to where the text is in {@code out}
   * @param from no smaller than before
   * @return up to where it is now
   */
  int replace(String text, StringBuilder out, int copied, int from, int to, String replacement) {
    int done = copied;
    int at = Math.max(copied, from);
    while (at < to) {
      while (asked < count && strings[asked + 1] <= at) {
        asked += 2;
      }
      int end;
      boolean inString = asked < count && strings[asked] <= at;
      if (inString) {
        end = Math.min(to, strings[asked + 1]);
        out.append(text, done, at).append(replacement);
        done = end;
      } else if (Characters.isDigit(text.charAt(at)) || text.charAt(at) == '-') {
        int start = at;
        while (start > done && isOfValue(text.charAt(start - 1))) {
          start--;
        }
        end = at;
        while (end < text.length() && isOfValue(text.charAt(end))) {
          end++;
        }
        out.append(text, done, start).append('"').append(replacement).append('"');
        done = end;
      } else {
        end = at + 1;
      }
      at = end;
    }
    return done;
  }
}
