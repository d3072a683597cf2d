package io.flyball.engine.call;

import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * Whom a provider's answer concerns: the key, organisation, project and the like that a request was
 * made with, and the path it went to, which names a deployment or what stands behind a gateway.
 * Holds a fingerprint of them and never the secret. The same in every JVM, so that a fleet can
 * speak of it. Immutable; comparable by value.
 *
 * <p>Which headers and parameters are meant is told by their names, because every gateway has its
 * own. One too many keeps apart what might learn from each other; one too few lets the trouble of
 * one user of a host become everybody's.
 */
public final class Credential {
  private static final String DOMAIN = "flyball credential";

  private static final String[] NAMES = {
    "auth",
    "key",
    "token",
    "secret",
    "credential",
    "organization",
    "organisation",
    "project",
    "workspace",
    "account",
    "tenant",
    "subscription"
  };

  /** Headers with such words that differ from request to request, or are ours. */
  private static final String[] PASSING_NAMES = {"idempotency", "x-flyball-", "x-stainless-"};

  /** Signed anew for every request; what follows the id of the key is of that request. */
  private static final String SIGNED = "AWS4-";

  private static final String ZEROS = "0000000000000000";
  static final int SHORT = 4;

  private final long hash;

  private Credential(long hash) {
    this.hash = hash;
  }

  /** What that request is made with; takes a microsecond or so. */
  public static Credential of(WireRequest request) {
    MessageDigest digest = sha256();
    add(digest, DOMAIN);
    URI uri = request.uri();
    add(digest, uri.getRawPath());
    add(digest, uri.getRawUserInfo());
    addParameters(digest, uri.getRawQuery());
    Headers headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      if (isMeant(headers.name(i))) {
        add(digest, headers.name(i).toLowerCase(Locale.ROOT));
        add(digest, lasting(headers.value(i)));
      }
    }
    return new Credential(ByteBuffer.wrap(digest.digest()).getLong());
  }

  private static void addParameters(MessageDigest digest, String query) {
    if (query == null) {
      return;
    }
    for (String parameter : query.split("&", -1)) {
      int end = parameter.indexOf('=');
      if (end > 0 && isMeant(parameter.substring(0, end))) {
        add(digest, parameter);
      }
    }
  }

  private static boolean isMeant(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String passing : PASSING_NAMES) {
      if (lower.contains(passing)) {
        return false;
      }
    }
    for (String word : NAMES) {
      if (lower.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private static String lasting(String value) {
    int end = value.startsWith(SIGNED) ? value.indexOf('/') : -1;
    return end < 0 ? value : value.substring(0, end);
  }

  private static void add(MessageDigest digest, String part) {
    byte[] written = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
    digest.update((byte) (written.length >> 8));
    digest.update((byte) written.length);
    digest.update(written);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Sixteen hexadecimal digits, for keys of maps; not to be shown. */
  public String fingerprint() {
    String digits = Long.toHexString(hash);
    return ZEROS.substring(digits.length()) + digits;
  }

  /** Four of those digits: enough to tell a few apart, too few to find a key by. */
  public String shortForm() {
    return fingerprint().substring(0, SHORT);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Credential && ((Credential) other).hash == hash;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hash);
  }

  @Override
  public String toString() {
    return '#' + shortForm();
  }
}
