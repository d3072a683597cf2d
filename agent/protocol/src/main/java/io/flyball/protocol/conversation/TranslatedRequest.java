package io.flyball.protocol.conversation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A request as a target understands it, without any credential. Immutable but for its array. */
public final class TranslatedRequest {
  private final byte[] body;
  private final String path;
  private final List<Map.Entry<String, String>> headers;
  private final boolean sameProtocol;
  private final boolean stream;
  private final List<String> losses;

  TranslatedRequest(
      byte[] body,
      String path,
      List<Map.Entry<String, String>> headers,
      boolean sameProtocol,
      boolean stream,
      Losses losses) {
    this.body = body;
    this.path = path;
    this.headers = Collections.unmodifiableList(new ArrayList<>(headers));
    this.sameProtocol = sameProtocol;
    this.stream = stream;
    this.losses = losses.list();
  }

  /** Not a copy. */
  public byte[] body() {
    return body;
  }

  /**
   * Path and perhaps query below the target's base URL, for example {@code /chat/completions}; see
   * {@link RequestTranslation#join}.
   */
  public String path() {
    return path;
  }

  /**
   * The headers that the protocol needs, names in lower case. Where the protocol is another, no
   * header of the application's may go along; where it is the same, these replace the application's
   * and its others of the protocol ({@code anthropic-version}, {@code anthropic-beta}) hold.
   */
  public List<Map.Entry<String, String>> headers() {
    return headers;
  }

  /** Whether the answer comes in the format that the application asked in. */
  public boolean sameProtocol() {
    return sameProtocol;
  }

  /** Whether a stream is asked for. */
  public boolean stream() {
    return stream;
  }

  /** Names of hints that were dropped or changed, for a debug log; never content. */
  public List<String> losses() {
    return losses;
  }
}
