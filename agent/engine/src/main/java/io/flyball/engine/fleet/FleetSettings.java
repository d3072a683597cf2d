package io.flyball.engine.fleet;

/** How a JVM takes part in its fleet. Immutable. */
public final class FleetSettings {
  private final String jvm;
  private final double slice;
  private final boolean exact;

  private FleetSettings(String jvm, double slice, boolean exact) {
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
    return new FleetSettings(jvm, slice, false);
  }

  /** With nothing leased ahead: every reservation is asked for. */
  public static FleetSettings exact(String jvm) {
    return new FleetSettings(jvm, 0, true);
  }

  String jvm() {
    return jvm;
  }

  double slice() {
    return slice;
  }

  boolean isExact() {
    return exact;
  }
}
