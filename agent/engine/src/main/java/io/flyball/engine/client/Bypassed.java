package io.flyball.engine.client;

/** What goes, or seems to go, to a model past Flyball. Immutable. */
public final class Bypassed {
  private final String what;
  private final String host;
  private final boolean model;

  Bypassed(String what, String host, boolean model) {
    this.what = what;
    this.host = host;
    this.model = model;
  }

  /** A client's name, or the format of an API. */
  public String what() {
    return what;
  }

  /** Host and port. */
  public String host() {
    return host;
  }

  /** Whether the host is known to serve models: a provider's, or one the user configured. */
  public boolean isModelHost() {
    return model;
  }
}
