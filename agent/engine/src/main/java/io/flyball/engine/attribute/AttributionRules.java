package io.flyball.engine.attribute;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.wire.WireRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says who a call is charged to: for every {@link AttributionKey} the sources that are asked in
 * order, the first that yields wins. The {@code x-flyball-*} request headers are always asked
 * first. Immutable, thread safe.
 */
public final class AttributionRules {
  /** What a source may look like, for messages. */
  public static final String SOURCE_FORMS = "header:<name>, mdc:<key>, call-site, const:<value>";

  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private static final int HASH_BYTES = 8;

  private final byte[] salt;
  private final ApplicationFrames frames = new ApplicationFrames();
  private final Mdc mdc;
  private final Set<String> mdcKeys = new LinkedHashSet<>();
  private final Map<AttributionKey, Source[]> sources = new EnumMap<>(AttributionKey.class);

  /**
   * @param serviceName salts the hashes of users
   * @param sourcesByKey per key in the order they are asked; a missing key keeps its defaults, an
   *     empty list asks nothing but the key's own header
   * @param classes tells whether the application uses a logging context
   * @throws IllegalArgumentException when a source is not one of {@link #SOURCE_FORMS}
   */
  public AttributionRules(
      String serviceName,
      Map<AttributionKey, List<String>> sourcesByKey,
      InitialisedClasses classes) {
    this.mdc = new Mdc(classes);
    this.salt = (serviceName + '\0').getBytes(StandardCharsets.UTF_8);
    for (AttributionKey key : AttributionKey.values()) {
      List<String> specified = sourcesByKey.get(key);
      List<Source> parsed = new ArrayList<>();
      if (key.ownHeader() != null) {
        parsed.add(parse("header:" + key.ownHeader()));
      }
      for (String source : specified == null ? key.defaultSources() : specified) {
        parsed.add(parse(source));
      }
      sources.put(key, parsed.toArray(new Source[0]));
    }
  }

  /** The rules in force when the user sets none, for a program without a logging context. */
  public static AttributionRules defaults(String serviceName) {
    return new AttributionRules(
        serviceName, Collections.<AttributionKey, List<String>>emptyMap(), InitialisedClasses.NONE);
  }

  /**
   * Checks how a source is written.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static void check(String source) {
    int colon = source.indexOf(':');
    String kind = colon < 0 ? source : source.substring(0, colon);
    boolean hasArgument = colon >= 0 && colon < source.length() - 1;
    boolean known =
        kind.equals("call-site")
            ? colon < 0
            : hasArgument && (kind.equals("header") || kind.equals("mdc") || kind.equals("const"));
    if (!known) {
      throw new IllegalArgumentException(
          "'" + source + "' is not an attribution source; use one of " + SOURCE_FORMS);
    }
  }

  private Source parse(String source) {
    check(source);
    String argument = source.substring(source.indexOf(':') + 1);
    switch (source.charAt(0)) {
      case 'h':
        return (request, origin) -> request.headers().first(argument);
      case 'm':
        mdcKeys.add(argument);
        return (request, origin) -> origin.logged(argument);
      case 'c':
        if (source.equals("call-site")) {
          return (request, origin) -> origin.place();
        }
        return (request, origin) -> argument;
      default:
        throw new IllegalArgumentException(source);
    }
  }

  /** What these rules may ask of the calling thread, which must be this one. */
  public Origin origin() {
    return new Origin(frames.first(), mdc.values(mdcKeys));
  }

  /**
   * Who a call is charged to; on any thread.
   *
   * @param origin made by these rules on the thread that makes the call
   */
  public Attribution attribute(WireRequest request, Origin origin) {
    String user = first(AttributionKey.USER, request, origin);
    return new Attribution(
        first(AttributionKey.TENANT, request, origin),
        first(AttributionKey.FEATURE, request, origin),
        user == null ? null : hash(user),
        first(AttributionKey.LOCALE, request, origin),
        first(AttributionKey.PROMPT_VERSION, request, origin),
        origin.place());
  }

  private String first(AttributionKey key, WireRequest request, Origin origin) {
    for (Source source : sources.get(key)) {
      String value = source.value(request, origin);
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return null;
  }

  private String hash(String user) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      // Every Java platform must have it.
      throw new IllegalStateException(impossible);
    }
    digest.update(salt);
    byte[] hash = digest.digest(user.getBytes(StandardCharsets.UTF_8));
    char[] hex = new char[HASH_BYTES * 2];
    for (int i = 0; i < HASH_BYTES; i++) {
      hex[2 * i] = HEX[(hash[i] >> 4) & 0xf];
      hex[2 * i + 1] = HEX[hash[i] & 0xf];
    }
    return new String(hex);
  }
}
