package io.flyball.engine.pipeline;

/**
 * What one attempt that asks for usage means for those after it. As long as an endpoint has taken
 * the field from nobody, one call at a time is asked with it, and who does not show that it takes
 * it is not asked again for long: whatever the endpoint does with the field, it does to that call
 * only.
 */
final class UsageProbation {
  private final UsageTakers takers;
  private final String endpoint;
  private final String kind;
  private final boolean known;

  /** Whether it is this attempt that shows whether the endpoint takes the field. */
  private volatile boolean on;

  /**
   * @param known whether it is known of the provider that it takes the field
   */
  UsageProbation(UsageTakers takers, String endpoint, String kind, boolean known) {
    this.takers = takers;
    this.endpoint = endpoint;
    this.kind = kind;
    this.known = known;
  }

  /**
   * Whether the attempt may be made.
   *
   * @param counted whether somebody wants to know what each call did cost: they all are asked
   */
  boolean begins(boolean counted) {
    if (counted || known || takers.isTaker(kind)) {
      return true;
    }
    on = takers.putOnProbation(endpoint, kind);
    return on;
  }

  /** It is over, or its answer is, and did not show that the endpoint takes the field. */
  void endsWithoutProof() {
    if (!known && takers.putOnProbation(endpoint, kind)) {
      on = true;
    }
  }

  /** What became of it is nothing that asking could be blamed for. */
  void showsNothing() {
    if (on) {
      on = false;
      takers.release(endpoint, kind);
    }
  }
}
