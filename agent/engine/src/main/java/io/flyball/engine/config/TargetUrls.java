package io.flyball.engine.config;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Base URLs that are well formed and most likely not what is meant: everything asked of such a
 * target would end with 404.
 */
final class TargetUrls {
  /** The paths of the APIs, which are put behind base URLs. */
  private static final Pattern OF_AN_API =
      Pattern.compile(
          "(?:/openai/deployments/[^/]+)?/(?:chat/|agents/)?completions"
              + "|(?:/openai/deployments/[^/]+)?/(?:responses|embeddings)"
              + "|(?:/v1)?/messages(?:/count_tokens)?"
              + "|/models/[^/]+:[A-Za-z]+");

  private static final String OPENAI = "api.openai.com";
  private static final String GEMINI = "generativelanguage.googleapis.com";

  private TargetUrls() {}

  /**
   * What is doubtful about a target's URL, going on from the property's name.
   *
   * @param quotable whether the URL may be shown: not where it comes from a reference
   * @return null when nothing is
   */
  static String doubt(URI url, String protocol, boolean quotable) {
    String path = path(url);
    String api = apiAtTheEndOf(path);
    String base = path.substring(0, path.length() - api.length());
    String version = base.isEmpty() ? version(url.getHost(), protocol) : "";
    if (api.isEmpty() && version.isEmpty()) {
      return null;
    }
    String doubt =
        api.isEmpty()
            ? " lacks " + version + ", without which there is no API at that host"
            : " ends with " + api + ", which is put behind it once more";
    return doubt
        + "; meant is probably the base URL"
        + (quotable ? ' ' + url.getScheme() + "://" + url.getRawAuthority() + base + version : "");
  }

  private static String path(URI url) {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  /** The longest there is; empty when the path ends with none. */
  private static String apiAtTheEndOf(String path) {
    Matcher api = OF_AN_API.matcher(path);
    for (int from = 0; from < path.length() && api.find(from); from = api.start() + 1) {
      if (api.end() == path.length()) {
        return api.group();
      }
    }
    return "";
  }

  /** Only of hosts that are known to have nothing without it. */
  private static String version(String host, String protocol) {
    if (protocol.startsWith("openai") && OPENAI.equalsIgnoreCase(host)) {
      return "/v1";
    }
    return protocol.equals("gemini") && GEMINI.equalsIgnoreCase(host) ? "/v1beta" : "";
  }
}
