package io.flyball.protocol.openai;

import io.flyball.protocol.AskedModels;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.ProtocolFamily;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.provider.Provider;
import io.flyball.protocol.provider.Providers;
import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import java.util.regex.Pattern;

/**
 * OpenAI's APIs and everybody who copies them. Paths are matched at their end, because base URLs
 * carry prefixes ({@code /openai/v1}, {@code /api/v1}, {@code /compatible-mode/v1}).
 */
public final class OpenAiFamily implements ProtocolFamily {
  private static final String DEPLOYMENTS = "/openai/deployments/";
  private static final String ENGINES = "/engines/";
  private static final String AZURE = "azure";
  private static final String DEFERRED = "/async/chat/completions";
  private static final String PORTKEY = "api.portkey.ai";
  private static final Pattern PROMPT = Pattern.compile("/prompts/[^/]+/completions$");
  private static final Pattern VERSIONED = Pattern.compile("(?i)/v1/(?:completions|responses)$");
  private static final Pattern CALLED =
      Pattern.compile("(?i)/v1/(?:completions|responses|embeddings)$");

  @Override
  public boolean speaks(String endpointFamily) {
    return endpointFamily.equals("openai") || endpointFamily.equals(AZURE);
  }

  @Override
  public boolean mayMatch(String path, int length, boolean declared) {
    return OpenAiApi.at(path, length) != null;
  }

  @Override
  public RequestFacts recognise(RequestHead head, byte[] body, Endpoint endpoint) {
    OpenAiApi api = OpenAiApi.at(head.path(), head.path().length());
    OpenAiRequest request = api == null ? null : read(head, api, body);
    if (request != null
        && api == OpenAiApi.COMPLETIONS
        && namesPrompt(head, endpoint)
        && request.fillsPromptIn()) {
      return filledIn(request, head, endpoint);
    }
    boolean served = Providers.serves(head.host(), head.port());
    if (request == null
        || !(request.isFor(api)
            || (served && request.asks(api))
            || isBare(request, api, head, endpoint))) {
      return null;
    }
    boolean deployed = request.models().askAtPath(head, path -> deployment(path, api));
    Provider provider = provider(head, endpoint);
    boolean certain =
        request.model() != null
            || deployed
            || endpoint != null
            || api == OpenAiApi.CHAT
            || request.usesStoredPrompt()
            || request.namesAgent()
            || head.path().endsWith("/models/embeddings")
            || served;
    if (!certain) {
      return null;
    }
    RequestFacts.Builder facts = RequestFacts.builder(api, api.operation(), provider.name());
    request.routedBy(head);
    request.tell(facts, api);
    return facts
        .model(request.model())
        .usageOnRequest(provider.usageOnRequest())
        .endpointName(endpoint == null ? null : endpoint.name())
        .build();
  }

  private static OpenAiRequest read(RequestHead head, OpenAiApi api, byte[] body) {
    String path = head.path();
    int start = path.length() - DEFERRED.length();
    boolean deferred =
        api == OpenAiApi.CHAT && path.regionMatches(true, start, DEFERRED, 0, DEFERRED.length());
    return deferred ? OpenAiRequest.readDeferred(body) : OpenAiRequest.read(body);
  }

  /**
   * Whether the path names a prompt that Portkey keeps, with the model that it is for. Other
   * applications may have such paths.
   */
  private static boolean namesPrompt(RequestHead head, Endpoint endpoint) {
    return PROMPT.matcher(head.path()).find()
        && (endpoint != null
            || head.host().equals(PORTKEY)
            || head.header("x-portkey-api-key") != null);
  }

  /** It is answered as chat completions are. */
  private static RequestFacts filledIn(OpenAiRequest request, RequestHead head, Endpoint endpoint) {
    OpenAiApi api = OpenAiApi.CHAT;
    RequestFacts.Builder facts =
        RequestFacts.builder(api, api.operation(), provider(head, endpoint).name());
    request.routedBy(head);
    request.tell(facts, api);
    return facts
        .model(request.model())
        .usageOnRequest(false)
        .endpointName(endpoint == null ? null : endpoint.name())
        .build();
  }

  @Override
  public RequestFacts recogniseByBody(RequestHead head, byte[] body, Endpoint endpoint) {
    OpenAiRequest request =
        head.header("anthropic-version") == null ? OpenAiRequest.read(body) : null;
    OpenAiApi api = request == null ? null : request.likelyApi(head.path());
    if (api == null) {
      return null;
    }
    Provider provider = provider(head, endpoint);
    RequestFacts.Builder facts = RequestFacts.builder(api, api.operation(), provider.name());
    request.routedBy(head);
    // Where a name ends in a path of its own is known in the usual spelling alone.
    request.models().askAtPath(head, path -> path.equals(head.path()) ? deployment(path) : null);
    request.tell(facts, api);
    return facts
        .model(request.model())
        .usageOnRequest(provider.usageOnRequest())
        .endpointName(endpoint.name())
        .build();
  }

  @Override
  public RequestFacts unknown(RequestHead head, Endpoint endpoint) {
    OpenAiApi api = OpenAiApi.CHAT;
    return RequestFacts.builder(api, api.operation(), provider(head, endpoint).name())
        .endpointName(endpoint.name())
        .build();
  }

  @Override
  public RequestFacts unread(RequestHead head, Endpoint endpoint) {
    OpenAiApi api = OpenAiApi.at(head.path(), head.path().length());
    AskedModels models = new AskedModels();
    boolean certain =
        models.askAtPath(head, path -> deployment(path, api))
            || endpoint != null
            || api == OpenAiApi.CHAT
            || CALLED.matcher(head.path()).find()
            || Providers.serves(head.host(), head.port());
    if (api == null || !certain) {
      return null;
    }
    return RequestFacts.builder(api, api.operation(), provider(head, endpoint).name())
        .model(models.model())
        .otherModels(models.others())
        .endpointName(endpoint == null ? null : endpoint.name())
        .build();
  }

  /** Other applications have paths that end so, but without a version and with other bodies. */
  private static boolean isBare(
      OpenAiRequest request, OpenAiApi api, RequestHead head, Endpoint endpoint) {
    boolean deployed = deployment(head.plainPath()) != null;
    boolean sure = endpoint != null || deployed || VERSIONED.matcher(head.path()).find();
    return sure && request.isForWithoutPrompt(api, deployed);
  }

  private static Provider provider(RequestHead head, Endpoint endpoint) {
    boolean azure = endpoint != null && endpoint.protocolFamily().equals(AZURE);
    return Providers.at(head, azure ? "azure.ai.openai" : "openai");
  }

  /**
   * Azure's classic paths name the deployment, which is the model as far as the caller knows, and
   * OpenAI's oldest ones the engine. Servers go by that and not by the body.
   */
  private static String deployment(String path) {
    String deployment = segmentBehind(DEPLOYMENTS, path);
    return deployment == null ? segmentBehind(ENGINES, path) : deployment;
  }

  /** Null where the path in that spelling is another API's. */
  private static String deployment(String path, OpenAiApi api) {
    return OpenAiApi.at(path, path.length()) == api ? deployment(path) : null;
  }

  private static int indexOf(String collection, String path) {
    for (int i = 0; i + collection.length() <= path.length(); i++) {
      if (path.regionMatches(true, i, collection, 0, collection.length())) {
        return i;
      }
    }
    return -1;
  }

  private static String segmentBehind(String collection, String path) {
    int start = indexOf(collection, path);
    if (start < 0) {
      return null;
    }
    start += collection.length();
    int end = path.indexOf('/', start);
    if (end <= start) {
      return null;
    }
    String name = path.substring(start, end);
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), "UTF-8");
    } catch (UnsupportedEncodingException | IllegalArgumentException e) {
      return name;
    }
  }
}
