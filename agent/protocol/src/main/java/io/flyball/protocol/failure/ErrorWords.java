package io.flyball.protocol.failure;

import io.flyball.protocol.json.JsonTree;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Whether an error says anything: many servers send the empty field with every answer. */
public final class ErrorWords {
  private static final Set<String> NOTHING =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "",
                  "0",
                  "200",
                  "success",
                  "successful",
                  "ok",
                  "succeeded",
                  "none",
                  "null",
                  "nil",
                  "no error",
                  "no_error",
                  "noerror",
                  "false",
                  "undefined",
                  "n/a",
                  "-",
                  "{}",
                  "[]")));

  private static final int LONGEST_NOTHING = 16;

  private static final String[] PARTS = {"message", "type", "code", "status"};

  private ErrorWords() {}

  /**
   * Whether the message, type or code says that something went wrong.
   *
   * @param word null says nothing
   */
  public static boolean saySomething(String word) {
    return word != null
        && (word.length() > LONGEST_NOTHING
            || !NOTHING.contains(word.trim().toLowerCase(Locale.ROOT)));
  }

  /**
   * The same of what stands under {@code error}.
   *
   * @param error a string, or an object with a message, type, code or status; null says nothing
   */
  public static boolean saySomething(JsonTree error) {
    if (error == null) {
      return false;
    }
    if (!error.isObject()) {
      return saySomething(error.text());
    }
    for (String part : PARTS) {
      JsonTree value = error.get(part);
      if (value != null && (saySomething(value.text()) || saySomething(value.number()))) {
        return true;
      }
    }
    return false;
  }
}
