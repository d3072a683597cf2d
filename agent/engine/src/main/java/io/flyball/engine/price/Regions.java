package io.flyball.engine.price;

/** Hosts whose name says that inference stays in a region, which some models charge for. */
public final class Regions {
  /** What the multiplier for it is called in a price file. */
  private static final String REGIONAL = "regional";

  private static final String OPENAI = ".api.openai.com";
  private static final String VERTEX = "-aiplatform.googleapis.com";

  private Regions() {}

  /**
   * {@code regional}, or null.
   *
   * @param host may be null
   */
  public static String of(String host) {
    boolean regional = host != null && (host.endsWith(OPENAI) || host.endsWith(VERTEX));
    return regional ? REGIONAL : null;
  }
}
