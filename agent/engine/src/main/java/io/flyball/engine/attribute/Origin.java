package io.flyball.engine.attribute;

import java.util.HashMap;
import java.util.Map;

/** What the thread that makes a call tells about it. Immutable. */
public final class Origin {
  private final String place;
  private final Map<String, String> loggingContext;
  private final Inbound inbound;
  private final Object context;
  private final Map<String, String> names;

  /**
   * @param context an OpenTelemetry {@code Context}, or null
   * @param names what frameworks call the part of the application that calls, by source
   */
  Origin(
      String place,
      Map<String, String> loggingContext,
      Inbound inbound,
      Object context,
      Map<String, String> names) {
    this.place = place;
    this.loggingContext = loggingContext;
    this.inbound = inbound;
    this.context = context;
    this.names = names;
  }

  /**
   * The same at another place.
   *
   * @param place null keeps it
   */
  public Origin at(String place) {
    return place == null ? this : new Origin(place, loggingContext, inbound, context, names);
  }

  /** The same with names that come before its own. */
  Origin named(Map<String, String> inner) {
    if (inner.isEmpty()) {
      return this;
    }
    Map<String, String> all = new HashMap<>(names);
    all.putAll(inner);
    return new Origin(place, loggingContext, inbound, context, all);
  }

  /** What the framework of that source calls the part of the application that calls, or null. */
  public String name(String source) {
    return names.get(source);
  }

  /** {@code package.Class.method}, or null when no frame is the application's. */
  String place() {
    return place;
  }

  /** The logging context's value of that key, or null. */
  String logged(String key) {
    return loggingContext.get(key);
  }

  /** The HTTP request that the thread was serving. */
  Inbound inbound() {
    return inbound;
  }

  /** The baggage's value of that key, of the thread's own context or the request it serves. */
  String baggage(String key) {
    String carried = Baggage.inContext(context, key);
    return carried != null ? carried : Baggage.inHeader(inbound.header(Baggage.HEADER), key);
  }
}
