package io.flyball.engine.capability;

import io.flyball.engine.call.Stage;
import java.util.Objects;

/** A stage and where it stands. Immutable. */
public final class PlacedStage {
  private final Place place;
  private final Stage stage;

  public PlacedStage(Place place, Stage stage) {
    this.place = Objects.requireNonNull(place, "place");
    this.stage = Objects.requireNonNull(stage, "stage");
  }

  public Place place() {
    return place;
  }

  public Stage stage() {
    return stage;
  }

  @Override
  public String toString() {
    return place + " " + stage.getClass().getSimpleName();
  }
}
