package io.flyball.engine.pipeline;

import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a request says of its very body that it is this one: with a signature or a digest, by
 * which a server refuses any other, or under a key by which a server knows one body only. Everybody
 * has header names of his own for that, so they are told by their words; one too many costs no more
 * than an estimate of what the call used.
 */
final class SealedRequest {
  /** Parts of names, between what is no letter or digit. */
  private static final Set<String> WORDS =
      words(
          "signature",
          "signatures",
          "sig",
          "sign",
          "signed",
          "hmac",
          "mac",
          "digest",
          "md5",
          "sha",
          "checksum",
          "hash",
          "crc",
          "crc32",
          "crc32c",
          "jws",
          "hawk");

  /** Ends of names in one word, {@code XSignature} or {@code bodyhash}. */
  private static final String[] ENDS = {
    "signature", "hmac", "digest", "md5", "sha1", "sha256", "sha384", "sha512", "checksum", "hash"
  };

  /** Parts of the names of keys under which a server does a thing once. */
  private static final String[] KEYS = {"idempoten", "repeatability", "dedup"};

  /** What is said of another message. */
  private static final String[] WISHES = {"want-", "accept-"};

  /** The ways to log in that are the same whatever is sent. */
  private static final Set<String> PLAIN_SCHEMES =
      words(
          "bearer",
          "basic",
          "token",
          "key",
          "apikey",
          "api-key",
          "api_key",
          "x-api-key",
          "negotiate",
          "ntlm",
          "jwt");

  private SealedRequest() {}

  static boolean is(WireRequest request) {
    Headers headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i).toLowerCase(Locale.ROOT);
      if (seals(name) || (name.endsWith("authorization") && isSigned(headers.value(i)))) {
        return true;
      }
    }
    return isSignedAddress(request.uri().getRawQuery());
  }

  private static boolean isSignedAddress(String query) {
    if (query == null) {
      return false;
    }
    for (String parameter : query.split("&", -1)) {
      int end = parameter.indexOf('=');
      if (end > 0 && seals(parameter.substring(0, end).toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param name in lower case
   */
  private static boolean seals(String name) {
    for (String wish : WISHES) {
      if (name.startsWith(wish)) {
        return false;
      }
    }
    for (String key : KEYS) {
      if (name.contains(key)) {
        return true;
      }
    }
    for (String end : ENDS) {
      if (name.endsWith(end)) {
        return true;
      }
    }
    int from = 0;
    for (int i = 0; i <= name.length(); i++) {
      if (i == name.length() || !isLetterOrDigit(name.charAt(i))) {
        String word = name.substring(from, i);
        if (WORDS.contains(word) || isNamedByItsLength(word)) {
          return true;
        }
        from = i + 1;
      }
    }
    return false;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /** As sha256 and hmacsha512. */
  private static boolean isNamedByItsLength(String word) {
    int letters = word.length();
    while (letters > 0 && word.charAt(letters - 1) <= '9') {
      letters--;
    }
    return letters < word.length() && word.substring(0, letters).endsWith("sha");
  }

  /** A scheme that nobody knows may be one that signs; what has none is the key itself. */
  private static boolean isSigned(String value) {
    String trimmed = value.trim();
    int end = trimmed.indexOf(' ');
    if (end < 0) {
      return trimmed.toLowerCase(Locale.ROOT).startsWith("bce-auth-");
    }
    return !PLAIN_SCHEMES.contains(trimmed.substring(0, end).toLowerCase(Locale.ROOT));
  }

  private static Set<String> words(String... words) {
    return Collections.unmodifiableSet(new HashSet<>(Arrays.asList(words)));
  }
}
