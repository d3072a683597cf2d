package io.flyball.engine.attribute;

import io.flyball.engine.call.Attribution;
import io.flyball.wire.InboundRequest;
import io.flyball.wire.WireRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Says who a call is charged to: for every {@link AttributionKey} the sources that are asked in
 * order, the first that yields wins. The {@code x-flyball-*} request headers are always asked
 * first. Immutable, thread safe.
 */
public final class AttributionRules {
  /** What a source may look like, for messages. */
  public static final String SOURCE_FORMS =
      "header:<name>, inbound-header:<name>, mdc:<key>, baggage:<key>, field:<path>, route,"
          + " principal, ai-service, spring-ai, call-site, const:<value>";

  private static final Set<String> BARE =
      new HashSet<>(Arrays.asList("route", "principal", "ai-service", "spring-ai", "call-site"));
  private static final Set<String> WITH_ARGUMENT =
      new HashSet<>(Arrays.asList("header", "inbound-header", "mdc", "baggage", "field", "const"));

  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private static final int HASH_BYTES = 8;

  /**
   * Names come from whoever calls, and stay in accounts, metrics and files: longer ones are cut.
   */
  private static final int LONGEST_NAME = 256;

  private static final int SHORTENED_TO = 200;

  private final byte[] salt;
  private final ApplicationFrames frames = new ApplicationFrames();
  private final Mdc mdc;
  private final Set<String> mdcKeys = new LinkedHashSet<>();
  private final Set<String> inboundHeaders = new LinkedHashSet<>();
  private final boolean asksPrincipal;
  private final Set<String> asked = new HashSet<>();
  private final Set<String> requestHeaders = new HashSet<>();
  private final BodyFields bodyFields;
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
    Set<String> fields = new LinkedHashSet<>();
    boolean principal = false;
    this.salt = (serviceName + '\0').getBytes(StandardCharsets.UTF_8);
    for (AttributionKey key : AttributionKey.values()) {
      List<String> specified = sourcesByKey.get(key);
      List<Source> parsed = new ArrayList<>();
      if (key.ownHeader() != null) {
        String own = key.ownHeader();
        parsed.add(call -> call.header(own));
        requestHeaders.add(own);
      }
      for (String source : specified == null ? key.defaultSources() : specified) {
        parsed.add(parse(source, fields));
        principal |= source.equals("principal");
        asked.add(source);
      }
      sources.put(key, parsed.toArray(new Source[0]));
    }
    this.asksPrincipal = principal;
    this.bodyFields = new BodyFields(fields);
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
    String argument = colon < 0 ? "" : source.substring(colon + 1);
    boolean known =
        BARE.contains(kind)
            ? colon < 0
            : WITH_ARGUMENT.contains(kind)
                && !argument.isEmpty()
                && (!kind.equals("field") || BodyFields.isPath(argument));
    if (!known) {
      throw new IllegalArgumentException(
          "'" + source + "' is not an attribution source; use one of " + SOURCE_FORMS);
    }
  }

  /**
   * @param fields takes the path when it is a field of the body
   */
  private Source parse(String source, Set<String> fields) {
    check(source);
    int colon = source.indexOf(':');
    String argument = source.substring(colon + 1);
    switch (colon < 0 ? source : source.substring(0, colon)) {
      case "header":
        requestHeaders.add(argument.toLowerCase(Locale.ROOT));
        return call -> call.header(argument);
      case "inbound-header":
        String name = Inbound.headerKey(argument);
        inboundHeaders.add(name);
        return call -> call.origin().inbound().header(name);
      case "mdc":
        mdcKeys.add(argument);
        return call -> call.origin().logged(argument);
      case "baggage":
        inboundHeaders.add(Baggage.HEADER);
        return call -> call.baggage(argument);
      case "field":
        fields.add(argument);
        return call -> call.field(argument);
      case "route":
        return call -> call.origin().inbound().route();
      case "principal":
        return call -> call.origin().inbound().principal();
      case "ai-service":
      case "spring-ai":
        return call -> call.origin().name(source);
      case "call-site":
        return call -> call.origin().place();
      case "const":
        return call -> argument;
      default:
        throw new IllegalArgumentException(source);
    }
  }

  /**
   * Whether these rules ask for that header of the request to the provider.
   *
   * @param name in lower case
   */
  public boolean asksHeader(String name) {
    return requestHeaders.contains(name);
  }

  /**
   * What these rules may ask of a request, on the thread that serves it.
   *
   * @param before what these same rules have read of it before, or null
   * @return the same as before when nothing has changed
   */
  public Inbound inbound(InboundRequest request, Inbound before) {
    return before == null
        ? Inbound.of(request, inboundHeaders, asksPrincipal)
        : before.updated(request, asksPrincipal);
  }

  /** What these rules may ask of the calling thread, which must be this one. */
  public Origin origin() {
    return origin(Inbound.NONE, null);
  }

  /** Whether some key asks that source, written as it is there. */
  public boolean ask(String source) {
    return asked.contains(source);
  }

  /** The innermost place of the application on this thread's stack, or null. */
  public String place() {
    return frames.first();
  }

  /**
   * What these rules may ask of the calling thread, which must be this one.
   *
   * @param inbound of the HTTP request that it works for
   * @param context the OpenTelemetry context that it works in, or null
   */
  public Origin origin(Inbound inbound, Object context) {
    return origin(
        inbound, context, null, Collections.<String, String>emptyMap(), mdc.values(mdcKeys));
  }

  /**
   * What these rules may ask of the calling thread, which must be this one.
   *
   * @param inbound of the HTTP request that it works for
   * @param context the OpenTelemetry context that it works in, or null
   * @param place where the call was asked for; null for where this thread is
   * @param names what frameworks call the part of the application that calls, by source
   * @param logged what the logging context says, as in {@link #logged}
   */
  public Origin origin(
      Inbound inbound,
      Object context,
      String place,
      Map<String, String> names,
      Map<String, String> logged) {
    return new Origin(place == null ? frames.first() : place, logged, inbound, context, names);
  }

  /** The values of this thread's logging context that these rules may ask for. */
  public Map<String, String> logged() {
    return mdc.values(mdcKeys);
  }

  /** Whether these rules may ask for that value of a logging context. */
  public boolean askLogged(String key) {
    return mdcKeys.contains(key);
  }

  /**
   * What these rules may ask of a thread, which must be this one, that works for another caller.
   *
   * @param resumed made by these rules on that caller's thread
   * @param names what frameworks call the part of the application that calls since then
   */
  public Origin within(Origin resumed, Map<String, String> names) {
    return names.isEmpty() ? resumed : resumed.at(frames.first()).named(names);
  }

  /**
   * Who a call is charged to; on any thread.
   *
   * @param origin made by these rules on the thread that makes the call
   */
  public Attribution attribute(WireRequest request, Origin origin) {
    Inquiry call = new Inquiry(request, origin, bodyFields);
    String user = first(AttributionKey.USER, call);
    return new Attribution(
            first(AttributionKey.TENANT, call),
            first(AttributionKey.FEATURE, call),
            user == null ? null : hash(user),
            first(AttributionKey.LOCALE, call),
            first(AttributionKey.PROMPT_VERSION, call),
            origin.place())
        .withRoute(origin.inbound().route());
  }

  private String first(AttributionKey key, Inquiry call) {
    for (Source source : sources.get(key)) {
      String value = source.value(call);
      if (value != null && !value.isEmpty()) {
        return value.length() > LONGEST_NAME ? shortened(value) : value;
      }
    }
    return null;
  }

  /** Who has a long name has it nowhere else either; two of them stay two. */
  private String shortened(String name) {
    int end = SHORTENED_TO - (Character.isHighSurrogate(name.charAt(SHORTENED_TO - 1)) ? 1 : 0);
    return name.substring(0, end) + '~' + hash(name);
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
