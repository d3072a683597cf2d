package io.flyball.engine.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FleetCountsTest {

  @Test
  void aStoreThatHasJustComeBackDoesNotMakeTheFleetSmall() {
    FleetCounts counts = new FleetCounts();
    counts.alive(4, 1_000_000);
    counts.alive(1, 1_010_000);
    assertThat(counts.members()).isEqualTo(1);
    assertThat(counts.mostMembersLately()).isEqualTo(4);
    counts.alive(1, 1_035_000);
    assertThat(counts.mostMembersLately()).isEqualTo(4);
    counts.alive(1, 1_070_000);
    assertThat(counts.mostMembersLately()).isEqualTo(1);
    counts.alive(5, 1_071_000);
    assertThat(counts.mostMembersLately()).isEqualTo(5);
  }
}
