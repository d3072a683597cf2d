package io.flyball.engine.attribute;

import java.util.Map;

/** What the thread that makes a call tells about it. Immutable. */
public final class Origin {
  private final String place;
  private final Map<String, String> loggingContext;
  private final Inbound inbound;
  private final Object context;

  /**
   * @param context an OpenTelemetry {@code Context}, or null
   */
  Origin(String place, Map<String, String> loggingContext, Inbound inbound, Object context) {
    this.place = place;
    this.loggingContext = loggingContext;
    this.inbound = inbound;
    this.context = context;
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
