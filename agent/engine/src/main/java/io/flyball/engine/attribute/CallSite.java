package io.flyball.engine.attribute;

/** The application's place in the code that makes this call; looked up once, when first asked. */
final class CallSite {
  private final ApplicationFrames frames;
  private String place;
  private boolean known;

  CallSite(ApplicationFrames frames) {
    this.frames = frames;
  }

  /** {@code package.Class.method}, or null when no frame is the application's. */
  String place() {
    if (!known) {
      known = true;
      place = frames.first();
    }
    return place;
  }
}
