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
    this.tenant = tenant;
    this.feature = feature;
    this.userHash = userHash;
    this.locale = locale;
    this.promptVersion = promptVersion;
    this.callSite = callSite;
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
        && Objects.equals(callSite, that.callSite);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, feature, userHash, locale, promptVersion, callSite);
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
        + '}';
  }
}
