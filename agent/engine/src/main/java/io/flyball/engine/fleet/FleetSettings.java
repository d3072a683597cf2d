package io.flyball.engine.fleet;

import java.util.function.Supplier;

/** How a JVM takes part in its fleet. Immutable. */
public final class FleetSettings {
  private final Supplier<String> jvm;
  private final double slice;
  private final boolean exact;

  private FleetSettings(Supplier<String> jvm, double slice, boolean exact) {
    this.jvm = jvm;
    this.slice = slice;
    this.exact = exact;
  }

  /**
   * With parts leased ahead.
   *
   * @param jvm this JVM's name, the same after a restart where its accounts are
   * @param slice what it may lease ahead of an account; a share of the limit, 0 to 1
   */
  public static FleetSettings slices(String jvm, double slice) {
    return slices(() -> jvm, slice);
  }

  /**
   * The same with a name that the fleet's thread asks for: to make one may need a security provider
   * of the application, and its locks.
   */
  public static FleetSettings slices(Supplier<String> jvm, double slice) {
    return new FleetSettings(jvm, slice, false);
  }

  /** With nothing leased ahead: every reservation is asked for. */
  public static FleetSettings exact(String jvm) {
    return exact(() -> jvm);
  }

  /** The same with a name that the fleet's thread asks for. */
  public static FleetSettings exact(Supplier<String> jvm) {
    return new FleetSettings(jvm, 0, true);
  }

  String jvm() {
    return jvm.get();
  }

  double slice() {
    return slice;
  }

  boolean isExact() {
    return exact;
  }
}
