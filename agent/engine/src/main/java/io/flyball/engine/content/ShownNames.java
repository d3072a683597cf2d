package io.flyball.engine.content;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What may be shown of names that come from outside: of models and deployments as applications ask
 * for them, and of what providers call things by. There may be a sentence in place of a name, and a
 * key where a model should be. So only what can be a name is shown, and redacted. In memory
 * everything keeps its true name; whoever writes one down or hands it out asks here. Thread safe.
 */
public final class ShownNames {
  /** What is shown of what is no name. */
  public static final String OTHER = "other";

  private static final int LONGEST = 256;
  private static final int REMEMBERED = 512;
  private static final int HASH_BYTES = 8;

  /** Of names, besides letters and digits: paths, classes, versions, addresses of resources. */
  private static final String SIGNS = "_-.:/@#$+~=[]\\";

  /** Of the names of files, in which there may be blanks, besides those. */
  private static final String SIGNS_OF_FILES = " (),&";

  /** A server of one's own may call its model by the file that it was read from. */
  private static final Set<String> FILES =
      new HashSet<>(Arrays.asList("gguf", "ggml", "safetensors", "onnx"));

  /** One for all that is shown; a redactor has what it knows from its first text on. */
  private static final ShownNames OF_THIS_JVM = new ShownNames(new Redactor()::redact);

  private final UnaryOperator<String> redaction;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  /**
   * @param redaction what happens to a name, usually {@link Redactor#redact}
   */
  public ShownNames(UnaryOperator<String> redaction) {
    this.redaction = redaction;
  }

  /** Those that everything in this JVM is shown by. */
  public static ShownNames ofThisJvm() {
    return OF_THIS_JVM;
  }

  /** As it is shown; the same object when that is as it is, null for null. */
  public String shown(String name) {
    if (name == null) {
      return null;
    }
    if (!isName(name)) {
      return OTHER;
    }
    String shown = known.get(name);
    if (shown == null) {
      shown = cut(redaction.apply(name));
      if (known.size() >= REMEMBERED) {
        known.clear();
      }
      known.put(name, shown);
    }
    return shown.equals(name) ? name : shown;
  }

  /** The same for what is seen once, and is not remembered. */
  public String shownOnce(String name) {
    return name == null ? null : isName(name) ? redaction.apply(name) : OTHER;
  }

  /**
   * As it is shown, and where that is not as it is with a hash behind it, by which it is told from
   * others of which the same is shown. Has a blank then, as no name has, so that it is nobody
   * else's.
   */
  public String told(String name) {
    String shown = shown(name);
    return name == null || shown.equals(name) ? shown : shown + " #" + hash(name);
  }

  private static String hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      StringBuilder hex = new StringBuilder();
      for (int i = 0; i < HASH_BYTES; i++) {
        hex.append(Character.forDigit(digest[i] >> 4 & 0xf, 16))
            .append(Character.forDigit(digest[i] & 0xf, 16));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String cut(String name) {
    return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
  }

  /** Whether it can be the name of something, not whether it may be shown. */
  static boolean isName(String name) {
    if (name.isEmpty() || name.length() > LONGEST) {
      return false;
    }
    boolean file = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      // One word in ASCII: other scripts write sentences without a blank.
      if (c < 128 && (Characters.isLetterOrDigit(c) || SIGNS.indexOf(c) >= 0)) {
        continue;
      }
      file = file || isFile(name);
      if (!file || SIGNS_OF_FILES.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFile(String name) {
    return FILES.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }
}
