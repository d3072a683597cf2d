package io.flyball.engine.budget;

import java.util.Objects;

/** Which account a call is charged to, cheap to make for each call. Immutable. */
final class AccountKey {
  private final String family;
  private final String tenant;
  private final String feature;
  private final String user;
  private final String model;

  /**
   * @param family all accounts of one budget; the others are null where its scope has them not
   */
  AccountKey(String family, String tenant, String feature, String user, String model) {
    this.family = family;
    this.tenant = tenant;
    this.feature = feature;
    this.user = user;
    this.model = model;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof AccountKey)) {
      return false;
    }
    AccountKey that = (AccountKey) other;
    return family.equals(that.family)
        && Objects.equals(tenant, that.tenant)
        && Objects.equals(feature, that.feature)
        && Objects.equals(user, that.user)
        && Objects.equals(model, that.model);
  }

  @Override
  public int hashCode() {
    int hash = family.hashCode();
    hash = hash * 31 + Objects.hashCode(tenant);
    hash = hash * 31 + Objects.hashCode(feature);
    hash = hash * 31 + Objects.hashCode(user);
    return hash * 31 + Objects.hashCode(model);
  }
}
