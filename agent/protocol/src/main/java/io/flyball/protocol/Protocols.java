package io.flyball.protocol;

import io.flyball.protocol.anthropic.AnthropicFamily;
import io.flyball.protocol.gemini.GeminiFamily;
import io.flyball.protocol.openai.OpenAiFamily;
import io.flyball.protocol.provider.ForeignFormats;
import io.flyball.protocol.provider.OtherApis;
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
  private final Declared[] declared;

  /**
   * @param endpoints base URLs the user declared; may be empty
   */
  public Protocols(List<Endpoint> endpoints) {
    this.endpoints = Collections.unmodifiableList(new ArrayList<>(endpoints));
    this.declared = endpoints.stream().map(Declared::new).toArray(Declared[]::new);
    Arrays.sort(declared, Comparator.comparingInt(each -> -each.exactness()));
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

  /**
   * The same where it is known who is asked. At an endpoint that was declared whatever is posted
   * could be a model call, but for what {@link OtherApis} names.
   *
   * @param host null when not known
   * @param port never -1
   */
  public boolean mayMatch(String method, String host, int port, String path) {
    return mayMatch(method, path) || mayBeDeclared(method, host, port, path);
  }

  private boolean mayBeDeclared(String method, String host, int port, String path) {
    if (host == null || path == null || (method != null && !method.equals("POST"))) {
      return false;
    }
    for (Declared each : declared) {
      if (each.isServedAt(host, port)) {
        int length = withoutQuery(path);
        String plain = PathSpelling.plain(path, length);
        if (each.mayBeCalled(plain, plain == path ? length : plain.length())) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean mayMatch(String path, int length) {
    for (ProtocolFamily family : families) {
      if (family.mayMatch(path, length, false)) {
        return true;
      }
      for (Declared each : declared) {
        if (family.speaks(each.endpoint.protocolFamily())
            && each.isBelow(path, length)
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
    RequestHead plain = head.plain();
    RequestFacts facts = recogniseAt(plain, body);
    if (facts == null && plain != head) {
      facts = recogniseAt(head, body);
    }
    return facts == null && body != null ? recogniseByBody(plain, body) : facts;
  }

  /**
   * An endpoint that was declared may have paths of its own: what is posted there in a format that
   * is spoken is a call, unless the path is known to be that of another format.
   */
  private RequestFacts recogniseByBody(RequestHead head, byte[] body) {
    int foreign = ForeignFormats.at(head.path());
    if (foreign >= 0 && ForeignFormats.looksSpoken(foreign)) {
      return null;
    }
    Declared asked = declaredAt(head);
    Endpoint endpoint = asked == null ? null : asked.endpoint;
    RequestFacts facts = endpoint == null ? null : recogniseByBody(head, body, endpoint, true);
    return endpoint == null || facts != null ? facts : recogniseByBody(head, body, endpoint, false);
  }

  /**
   * @param own whether by the family that the endpoint was declared to speak, or by all others
   */
  private RequestFacts recogniseByBody(
      RequestHead head, byte[] body, Endpoint endpoint, boolean own) {
    for (ProtocolFamily family : families) {
      if (family.speaks(endpoint.protocolFamily()) == own) {
        RequestFacts facts = family.recogniseByBody(head, body, endpoint);
        if (facts != null) {
          return facts;
        }
      }
    }
    return null;
  }

  /**
   * What is known of a request that {@link #recognise} and {@link #recogniseUnread} do not know,
   * and that goes to an endpoint that was declared: it may be a model call in a format that is not
   * spoken. Null for what is known to be none: it goes elsewhere, it is what {@link OtherApis}
   * names, or says nothing.
   *
   * @param body null for one that cannot be read
   */
  public RequestFacts recogniseUnknown(RequestHead head, byte[] body) {
    if (declared.length == 0 || !mayBeCall(head, null)) {
      return null;
    }
    RequestHead plain = head.plain();
    Declared asked = declaredAt(plain);
    if (asked == null || !PromptSigns.areIn(head, body, asked.isAdministeredBy(plain))) {
      return null;
    }
    Endpoint endpoint = asked.endpoint;
    for (ProtocolFamily family : families) {
      if (family.speaks(endpoint.protocolFamily())) {
        return family.unknown(plain, endpoint);
      }
    }
    return null;
  }

  /** The declared endpoint where that may be a call by whatever path; null for none. */
  private Declared declaredAt(RequestHead head) {
    for (Declared each : declared) {
      if (each.mayBeCalled(head)) {
        return each;
      }
    }
    return null;
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
  private RequestFacts recogniseAt(RequestHead head, byte[] body) {
    for (Declared each : declared) {
      if (each.isBelow(head)) {
        RequestFacts facts = recognise(head, body, each.endpoint);
        if (facts != null) {
          return facts;
        }
      }
    }
    return recognise(head, body, null);
  }

  /** Whether models are known to be served there: by a provider, or by an endpoint declared. */
  public boolean isModelHost(String host, int port) {
    for (Declared each : declared) {
      if (each.isServedAt(host, port)) {
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
}
