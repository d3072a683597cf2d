package io.flyball.engine.attribute;

import io.flyball.wire.InboundRequest;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** What rules want to know of the HTTP request that the application was serving. Immutable. */
public final class Inbound {
  /** The application serves none. */
  public static final Inbound NONE =
      new Inbound(Collections.<String, String>emptyMap(), null, null);

  private final Map<String, String> headers;
  private final String route;
  private final String principal;

  private Inbound(Map<String, String> headers, String route, String principal) {
    this.headers = headers;
    this.route = route;
    this.principal = principal;
  }

  /**
   * Reads it on the thread that serves the request.
   *
   * @param headers the wanted ones, in lower case
   * @param principal whether it is wanted: some servers work for it
   */
  static Inbound of(InboundRequest request, Collection<String> headers, boolean principal) {
    Map<String, String> values = headers.isEmpty() ? Collections.emptyMap() : new HashMap<>();
    for (String name : headers) {
      String value = read(() -> request.header(name));
      if (value != null) {
        values.put(name, value);
      }
    }
    return new Inbound(values, read(request::route), principal ? read(request::principal) : null);
  }

  /**
   * The same, on the thread that serves that request, with what was not known yet when this was
   * read: the headers do not change, but a framework chooses its handler, and logs somebody in or
   * out.
   */
  Inbound updated(InboundRequest request, boolean wantsPrincipal) {
    String nowRoute = read(request::route);
    String nowPrincipal = wantsPrincipal ? read(request::principal) : null;
    return Objects.equals(nowRoute, route) && Objects.equals(nowPrincipal, principal)
        ? this
        : new Inbound(headers, nowRoute, nowPrincipal);
  }

  private static String read(Supplier<String> value) {
    try {
      return value.get();
    } catch (RuntimeException notReadable) {
      // The application may have put a request of its own in the server's place.
      return null;
    }
  }

  static String headerKey(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Null unless it was wanted and there.
   *
   * @param name in lower case
   */
  public String header(String name) {
    return headers.get(name);
  }

  /** Null when it is not known. */
  public String route() {
    return route;
  }

  /** Null unless it was wanted and there. */
  public String principal() {
    return principal;
  }
}
