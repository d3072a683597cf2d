package io.flyball.engine.price;

import io.flyball.protocol.HostNames;

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
    String name = HostNames.plain(host);
    boolean regional = name != null && (name.endsWith(OPENAI) || name.endsWith(VERTEX));
    return regional ? REGIONAL : null;
  }
}
