package io.flyball.protocol;

import io.flyball.protocol.anthropic.AnthropicFamily;
import io.flyball.protocol.gemini.GeminiFamily;
import io.flyball.protocol.openai.OpenAiFamily;
import io.flyball.protocol.provider.Providers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The protocols Flyball speaks, and the question whether a request is a model call in one of them.
 */
public final class Protocols {
  private final List<Endpoint> endpoints;
  private final ProtocolFamily[] families = {
    new OpenAiFamily(), new AnthropicFamily(), new GeminiFamily()
  };

  /** The most exact base URL first. */
  private final Endpoint[] byPathLength;

  private final String[] basePaths;

  /**
   * @param endpoints base URLs the user declared; may be empty
   */
  public Protocols(List<Endpoint> endpoints) {
    this.endpoints = Collections.unmodifiableList(new ArrayList<>(endpoints));
    this.byPathLength = endpoints.toArray(new Endpoint[0]);
    Arrays.sort(byPathLength, Comparator.comparingInt(endpoint -> -basePath(endpoint).length()));
    this.basePaths = new String[byPathLength.length];
    for (int i = 0; i < basePaths.length; i++) {
      basePaths[i] = basePath(byPathLength[i]);
    }
  }

  /** The endpoints this was made with. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  /**
   * The cheap first question, asked for every request of the application: could a request to that
   * path be a model call? Allocates nothing, but for a path in an unusual spelling. A wrong yes
   * costs a look at the body; a no is final.
   *
   * @param method null when not known yet
   * @param path may carry a query
   */
  public boolean mayMatch(String method, String path) {
    if (path == null || (method != null && !method.equals("POST"))) {
      return false;
    }
    int length = withoutQuery(path);
    if (mayMatch(path, length)) {
      return true;
    }
    String plain = PathSpelling.plain(path, length);
    return plain != path && mayMatch(plain, plain.length());
  }

  private boolean mayMatch(String path, int length) {
    for (ProtocolFamily family : families) {
      if (family.mayMatch(path, length, false)) {
        return true;
      }
      for (int i = 0; i < basePaths.length; i++) {
        if (family.speaks(byPathLength[i].protocolFamily())
            && isBelow(basePaths[i], path, length)
            && family.mayMatch(path, length, true)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * What the request says about itself, or null when it is not a model call (MCP JSON-RPC, model
   * lists, files, audio, anything whose body has not the shape of a known request).
   *
   * @param body the whole request body, not compressed
   */
  public RequestFacts recognise(RequestHead head, byte[] body) {
    if (!mayBeCall(head, body)) {
      return null;
    }
    RequestFacts facts = recogniseAsWritten(head, body);
    String plain = facts == null ? PathSpelling.plain(head.path(), head.path().length()) : null;
    return plain == null || plain.equals(head.path())
        ? facts
        : recogniseAsWritten(head.withPath(plain), body);
  }

  /**
   * What is known of a request whose body cannot be read, because of its encoding; null unless its
   * address and its headers alone say that it is a model call. It has a model only where the path
   * names one, and whether it asks for a stream is not known.
   */
  public RequestFacts recogniseUnread(RequestHead head) {
    return recognise(head, null);
  }

  /** What MCP sends has another shape; where that cannot be seen its headers tell it. */
  private static boolean mayBeCall(RequestHead head, byte[] body) {
    return head.method().equals("POST")
        && (body != null
            || (head.header("Mcp-Session-Id") == null
                && head.header("MCP-Protocol-Version") == null));
  }

  /**
   * @param body null for one that cannot be read
   */
  private RequestFacts recogniseAsWritten(RequestHead head, byte[] body) {
    for (int i = 0; i < byPathLength.length; i++) {
      if (isAt(byPathLength[i], basePaths[i], head)) {
        RequestFacts facts = recognise(head, body, byPathLength[i]);
        if (facts != null) {
          return facts;
        }
      }
    }
    return recognise(head, body, null);
  }

  /** Whether models are known to be served there: by a provider, or by an endpoint declared. */
  public boolean isModelHost(String host, int port) {
    for (Endpoint endpoint : byPathLength) {
      if (host.equalsIgnoreCase(endpoint.baseUrl().getHost())
          && port == port(endpoint, endpoint.baseUrl().getScheme())) {
        return true;
      }
    }
    return Providers.serves(host, port);
  }

  private RequestFacts recognise(RequestHead head, byte[] body, Endpoint endpoint) {
    String path = head.path();
    for (ProtocolFamily family : families) {
      boolean asked =
          (endpoint == null || family.speaks(endpoint.protocolFamily()))
              && family.mayMatch(path, path.length(), endpoint != null);
      RequestFacts facts = null;
      if (asked) {
        facts =
            body == null ? family.unread(head, endpoint) : family.recognise(head, body, endpoint);
      }
      if (facts != null) {
        return facts;
      }
    }
    return null;
  }

  private static int withoutQuery(String path) {
    int query = path.indexOf('?');
    return query < 0 ? path.length() : query;
  }

  private static boolean isAt(Endpoint endpoint, String basePath, RequestHead head) {
    String scheme = endpoint.baseUrl().getScheme();
    return head.scheme().equalsIgnoreCase(scheme)
        && head.host().equalsIgnoreCase(endpoint.baseUrl().getHost())
        && head.port() == port(endpoint, scheme)
        && isBelow(basePath, head.path(), head.path().length());
  }

  private static int port(Endpoint endpoint, String scheme) {
    int port = endpoint.baseUrl().getPort();
    return port >= 0 ? port : "https".equalsIgnoreCase(scheme) ? 443 : 80;
  }

  /** The path of the base URL without a slash at its end. */
  private static String basePath(Endpoint endpoint) {
    String path = endpoint.baseUrl().getRawPath();
    int length = path == null ? 0 : path.length();
    while (length > 0 && path.charAt(length - 1) == '/') {
      length--;
    }
    return path == null ? "" : path.substring(0, length);
  }

  private static boolean isBelow(String basePath, String path, int length) {
    return length > basePath.length()
        && path.startsWith(basePath)
        && path.charAt(basePath.length()) == '/';
  }
}
