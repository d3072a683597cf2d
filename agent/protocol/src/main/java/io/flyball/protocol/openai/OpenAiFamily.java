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
    OpenAiRequest request = api == null ? null : OpenAiRequest.read(body);
    if (request == null || !(request.isFor(api) || isBare(request, api, head, endpoint))) {
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
            || Providers.serves(head.host(), head.port());
    if (!certain) {
      return null;
    }
    RequestFacts.Builder facts = RequestFacts.builder(api, api.operation(), provider.name());
    request.models().routedBy(head);
    request.tell(facts, api);
    return facts
        .model(request.model())
        .usageOnRequest(provider.usageOnRequest())
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
    request.models().askAtPath(head, OpenAiFamily::deployment);
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
    boolean sure =
        endpoint != null
            || VERSIONED.matcher(head.path()).find()
            || deployment(head.plainPath()) != null;
    return sure && request.isForWithoutPrompt(api);
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
