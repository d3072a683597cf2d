package io.flyball.engine.client;

import java.util.Objects;

/** One HTTP client library that the application has loaded. Immutable. */
public final class ClientLibrary {
  private final String name;
  private final String version;
  private final boolean governed;

  ClientLibrary(String name, String version, boolean governed) {
    this.name = Objects.requireNonNull(name, "name");
    this.version = Objects.requireNonNull(version, "version");
    this.governed = governed;
  }

  /** As its makers call it. */
  public String name() {
    return name;
  }

  /** As its jar tells; {@code unknown} when that does not. */
  public String version() {
    return version;
  }

  /** Whether model calls through it are Flyball's business. */
  public boolean isGoverned() {
    return governed;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientLibrary
        && name.equals(((ClientLibrary) other).name)
        && version.equals(((ClientLibrary) other).version);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, version);
  }

  @Override
  public String toString() {
    return version.equals(JarVersion.UNKNOWN) ? name : name + ' ' + version;
  }
}
