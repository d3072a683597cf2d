package io.flyball.settings;

import io.flyball.base.file.FileReads;
import io.flyball.base.file.UnreadableFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Paths;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code ${env:NAME}} and {@code ${file:/path}} in values. */
final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}?");
  private static final int MAX_FILE_BYTES = 64 * 1024;

  /** Of one configuration: a file may be named a thousand times. */
  private static final int MAX_YIELDED = 4 * 1024 * 1024;

  private final Map<String, String> environment;
  private final FileReads files;
  private long yielded;

  References(Map<String, String> environment, FileReads files) {
    this.environment = environment;
    this.files = files;
  }

  /**
   * The text with its references replaced; what they yield is not looked at again.
   *
   * @throws UnresolvedException names the reference and why it yields nothing
   */
  String resolve(String text) throws UnresolvedException {
    Matcher references = REFERENCE.matcher(text);
    StringBuffer resolved = new StringBuffer();
    while (references.find()) {
      String value = valueOf(references.group(), references.group(1));
      yielded += value.length();
      if (yielded > MAX_YIELDED) {
        throw new UnresolvedException("the references of a configuration yield more than 4 MB");
      }
      references.appendReplacement(resolved, Matcher.quoteReplacement(value));
    }
    references.appendTail(resolved);
    return resolved.toString();
  }

  private String valueOf(String reference, String content) throws UnresolvedException {
    if (!reference.endsWith("}")) {
      throw new UnresolvedException("a reference has no closing }");
    }
    int colon = content.indexOf(':');
    String kind = colon < 0 ? "" : content.substring(0, colon);
    String argument = content.substring(colon + 1);
    if (kind.equals("env")) {
      String value = environment.get(argument);
      if (value == null || value.isEmpty()) {
        throw new UnresolvedException(
            RawSettings.shown(reference)
                + " cannot be resolved: that environment variable is not set",
            Missing.VARIABLE);
      }
      return value;
    }
    if (kind.equals("file")) {
      return contentOf(reference, argument);
    }
    throw new UnresolvedException(
        "it has a reference of unknown kind; known are ${env:NAME} and ${file:/path}");
  }

  private String contentOf(String reference, String file) throws UnresolvedException {
    String content;
    try {
      content = new String(files.read(Paths.get(file), MAX_FILE_BYTES), StandardCharsets.UTF_8);
    } catch (UnreadableFileException e) {
      throw unresolved(
          reference,
          (file.isEmpty() || Paths.get(file).isAbsolute()
                  ? "that file"
                  : Paths.get(file).toAbsolutePath())
              + " "
              + e.getMessage());
    } catch (InvalidPathException e) {
      throw unresolved(reference, "that is no path of this file system");
    }
    String trimmed = content.trim();
    if (trimmed.isEmpty()) {
      throw unresolved(reference, "that file is empty");
    }
    return trimmed;
  }

  private static UnresolvedException unresolved(String reference, String why) {
    return new UnresolvedException(
        RawSettings.shown(reference) + " cannot be resolved: " + why, Missing.FILE);
  }

  /** What a reference may name. */
  enum Missing {
    VARIABLE,
    FILE
  }

  /** A reference yields nothing. The message names it and says why. */
  static final class UnresolvedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Missing missing;

    private UnresolvedException(String message) {
      this(message, null);
    }

    private UnresolvedException(String message, Missing missing) {
      super(message, null, false, false);
      this.missing = missing;
    }

    /**
     * What is not there, or not as it must be, where the reference is a good one; null where it is
     * not.
     */
    Missing missing() {
      return missing;
    }
  }
}
