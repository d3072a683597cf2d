package io.flyball.engine.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code ${env:NAME}} and {@code ${file:/path}} in values. */
final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}?");
  private static final int MAX_FILE_BYTES = 64 * 1024;

  private final Map<String, String> environment;

  References(Map<String, String> environment) {
    this.environment = environment;
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
        throw unresolved(reference, "that environment variable is not set");
      }
      return value;
    }
    if (kind.equals("file")) {
      return contentOf(reference, argument);
    }
    throw new UnresolvedException(
        "it has a reference of unknown kind; known are ${env:NAME} and ${file:/path}");
  }

  private static String contentOf(String reference, String file) throws UnresolvedException {
    String content;
    try {
      content = read(Paths.get(file), reference);
    } catch (NoSuchFileException e) {
      throw unresolved(reference, "that file does not exist");
    } catch (IOException | InvalidPathException | SecurityException e) {
      throw unresolved(
          reference, "that file cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    String trimmed = content.trim();
    if (trimmed.isEmpty()) {
      throw unresolved(reference, "that file is empty");
    }
    return trimmed;
  }

  private static String read(Path file, String reference) throws IOException, UnresolvedException {
    byte[] buffer = new byte[MAX_FILE_BYTES + 1];
    int length = 0;
    try (InputStream in = Files.newInputStream(file)) {
      int read = in.read(buffer, 0, buffer.length);
      while (read > 0) {
        length += read;
        read = in.read(buffer, length, buffer.length - length);
      }
    }
    if (length > MAX_FILE_BYTES) {
      throw unresolved(reference, "that file is longer than 64 kB");
    }
    return new String(buffer, 0, length, StandardCharsets.UTF_8);
  }

  private static UnresolvedException unresolved(String reference, String why) {
    return new UnresolvedException(reference + " cannot be resolved: " + why);
  }

  /** A reference yields nothing. The message names it and says why. */
  static final class UnresolvedException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnresolvedException(String message) {
      super(message, null, false, false);
    }
  }
}
