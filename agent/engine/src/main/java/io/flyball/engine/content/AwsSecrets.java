package io.flyball.engine.content;

/** The secret keys of AWS, which have no mark of their own: forty characters near a key's id. */
final class AwsSecrets implements Recogniser {
  private static final int ID = 20;
  private static final int SECRET = 40;
  private static final int BEFORE = 160;
  private static final int BEHIND = 320;

  private final RedactionRule rule;

  AwsSecrets(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    if (!Characters.isWordStart(text, start) || !isId(text, start)) {
      return start;
    }
    int from = Math.max(0, start - BEFORE);
    int to = Math.min(text.length(), start + ID + BEHIND);
    int run = 0;
    for (int i = from; i <= to; i++) {
      if (i < text.length() && isOfSecret(text.charAt(i))) {
        run++;
        continue;
      }
      boolean begins = i - run == 0 || !isOfSecret(text.charAt(i - run - 1));
      if (run == SECRET && begins && isMixed(text, i - run, i)) {
        found.add(i - run, i, rule);
      }
      run = 0;
    }
    // What is behind is looked at once, however many ids stand in a row.
    return start + ID;
  }

  private static boolean isId(CharSequence text, int start) {
    for (int i = start; i < start + ID; i++) {
      char c = Characters.at(text, i);
      if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOfSecret(char c) {
    return c < 128 && (Characters.isLetterOrDigit(c) || c == '/' || c == '+');
  }

  private static boolean isMixed(CharSequence text, int from, int to) {
    boolean small = false;
    boolean capital = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      small |= c >= 'a' && c <= 'z';
      capital |= c >= 'A' && c <= 'Z';
    }
    return small && capital;
  }
}
