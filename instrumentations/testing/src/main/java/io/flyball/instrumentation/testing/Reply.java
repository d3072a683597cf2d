package io.flyball.instrumentation.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A whole response as the application got it. */
public final class Reply {
  private final int status;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  Reply(int status, Map<String, List<String>> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  public int status() {
    return status;
  }

  /** The first value of that name (in lower case), or null. */
  public String header(String name) {
    List<String> values = headers.get(name);
    return values == null ? null : values.get(0);
  }

  /** The headers that the provider sent: all but Flyball's own. */
  public Map<String, List<String>> providersHeaders() {
    Map<String, List<String>> kept = new TreeMap<>(headers);
    kept.keySet().removeIf(name -> name.startsWith("x-flyball-"));
    return kept;
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
