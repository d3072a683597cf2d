package io.flyball.engine.call;

import java.util.Objects;

/** Who a call is charged to. Every part may be null: nothing known. Immutable. */
public final class Attribution {
  public static final Attribution NONE = new Attribution(null, null, null, null, null, null);

  private final String tenant;
  private final String feature;
  private final String userHash;
  private final String locale;
  private final String promptVersion;
  private final String callSite;
  private final String route;

  /**
   * @param userHash a hash, never the user's own value
   * @param callSite {@code package.Class.method} of the first application frame
   */
  public Attribution(
      String tenant,
      String feature,
      String userHash,
      String locale,
      String promptVersion,
      String callSite) {
    this(tenant, feature, userHash, locale, promptVersion, callSite, null);
  }

  private Attribution(
      String tenant,
      String feature,
      String userHash,
      String locale,
      String promptVersion,
      String callSite,
      String route) {
    this.tenant = tenant;
    this.feature = feature;
    this.userHash = userHash;
    this.locale = locale;
    this.promptVersion = promptVersion;
    this.callSite = callSite;
    this.route = route;
  }

  /** The same, made while the application served an HTTP request of that route (or null). */
  public Attribution withRoute(String newRoute) {
    return new Attribution(tenant, feature, userHash, locale, promptVersion, callSite, newRoute);
  }

  public String tenant() {
    return tenant;
  }

  public String feature() {
    return feature;
  }

  public String userHash() {
    return userHash;
  }

  public String locale() {
    return locale;
  }

  public String promptVersion() {
    return promptVersion;
  }

  public String callSite() {
    return callSite;
  }

  /** A pattern with bounded values, such as {@code /orders/{id}}, never a whole path. */
  public String route() {
    return route;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Attribution)) {
      return false;
    }
    Attribution that = (Attribution) other;
    return Objects.equals(tenant, that.tenant)
        && Objects.equals(feature, that.feature)
        && Objects.equals(userHash, that.userHash)
        && Objects.equals(locale, that.locale)
        && Objects.equals(promptVersion, that.promptVersion)
        && Objects.equals(callSite, that.callSite)
        && Objects.equals(route, that.route);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, feature, userHash, locale, promptVersion, callSite, route);
  }

  @Override
  public String toString() {
    return "Attribution{tenant="
        + tenant
        + ", feature="
        + feature
        + ", userHash="
        + userHash
        + ", locale="
        + locale
        + ", promptVersion="
        + promptVersion
        + ", callSite="
        + callSite
        + ", route="
        + route
        + '}';
  }
}
