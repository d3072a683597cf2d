package io.flyball.engine.content;

import java.util.function.UnaryOperator;

/**
 * Takes personal data and secrets out of text before it leaves the process. What is taken out, and
 * what comes in its place, is in {@code redaction-rules.txt}.
 *
 * <p>Text is looked at as it stands and without its JSON escapes, up to {@value #LAYERS} layers of
 * them, so that a secret is found wherever a reader would see it. The result is still JSON when the
 * text was. The time is linear in the text. Stateless.
 */
public final class Redactor {
  private static final int LAYERS = 4;

  /** Read when the first text comes: most programs capture nothing. */
  private static final class BuiltIn {
    static final RedactionRules RULES = RedactionRules.builtIn();
  }

  private final UnaryOperator<CharSequence> watch;

  public Redactor() {
    this(text -> text);
  }

  /**
   * @param watch what each layer of a text is read through
   */
  Redactor(UnaryOperator<CharSequence> watch) {
    this.watch = watch;
  }

  /** The text with everything found replaced; the same object when nothing was found. */
  public String redact(String text) {
    return redact(text, text.length());
  }

  /**
   * The text up to that place with everything found replaced. What stands behind it is looked at,
   * so that what goes on there is found.
   */
  public String redact(String text, int end) {
    Found found = new Found();
    BuiltIn.RULES.look(watch.apply(text), found);
    Unescaped deepest = null;
    for (int layer = 0; layer < LAYERS; layer++) {
      Unescaped view =
          deepest == null
              ? Unescaped.of(watch.apply(text), null)
              : Unescaped.of(watch.apply(deepest), deepest);
      if (view == null) {
        break;
      }
      deepest = view;
      found.in(view);
      BuiltIn.RULES.look(watch.apply(view), found);
    }
    return found.isEmpty() ? text.substring(0, end) : found.replacedIn(text, deepest, end);
  }
}
