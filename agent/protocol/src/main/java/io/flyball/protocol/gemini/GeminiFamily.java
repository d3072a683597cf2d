package io.flyball.protocol.gemini;

import io.flyball.protocol.AskedModels;
import io.flyball.protocol.DearestTier;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.ProtocolFamily;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.provider.Providers;
import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;

/**
 * Google's generateContent API in its versions v1, v1beta and v1beta1, at the Gemini API and at
 * Vertex AI. Model and streaming are told by the path, not by the body.
 */
public final class GeminiFamily implements ProtocolFamily {
  private static final String NAME = "gemini";
  private static final String GEMINI_API = "gcp.gemini";
  private static final String VERTEX_AI = "gcp.vertex_ai";

  private final Protocol generate = new GeminiProtocol("gemini.generate", GenerateAnswer::reader);
  private final Protocol embed = new GeminiProtocol("gemini.embed", EmbedAnswer::reader);
  private final Protocol countTokens =
      new GeminiProtocol("gemini.count_tokens", CountTokensAnswer::reader);

  @Override
  public boolean speaks(String endpointFamily) {
    return endpointFamily.equals(NAME);
  }

  /** Vertex AI takes the tier of service from here. */
  private static final String SHARED_REQUEST_TYPE = "X-Vertex-AI-LLM-Shared-Request-Type";

  @Override
  public boolean mayMatch(String path, int length, boolean declared) {
    return GeminiMethod.at(path, length, declared) != null;
  }

  @Override
  public RequestFacts recognise(RequestHead head, byte[] body, Endpoint endpoint) {
    String path = head.path();
    GeminiMethod method = GeminiMethod.at(path, path.length(), endpoint != null);
    GeminiRequest request = method == null ? null : GeminiRequest.read(body);
    if (request == null || !(request.isFor(method) || request.asksOfKept(method))) {
      return null;
    }
    RequestFacts.Builder facts = builder(head, method);
    request.models().askAtPath(head, at -> model(at, endpoint));
    request.routedBy(head);
    request.tell(facts, tier(head));
    return told(facts, request.models(), method, endpoint);
  }

  /** It is the path that names the model; a path that does not leaves it unknown. */
  @Override
  public RequestFacts recogniseByBody(RequestHead head, byte[] body, Endpoint endpoint) {
    GeminiRequest request = GeminiRequest.read(body);
    if (request == null || !request.isFor(GeminiMethod.GENERATE)) {
      return null;
    }
    RequestFacts.Builder facts = builder(head, GeminiMethod.GENERATE);
    request.routedBy(head);
    request.tell(facts, tier(head));
    boolean streams = head.query() != null && head.query().contains("alt=sse");
    return facts.stream(streams).endpointName(endpoint.name()).build();
  }

  /** Of a header that stands twice, or says two at once, the server may take either. */
  private static String tier(RequestHead head) {
    String dearest = null;
    for (String value : head.headers(SHARED_REQUEST_TYPE)) {
      for (String tier : value.split(",")) {
        dearest = DearestTier.of(dearest, tier.trim());
      }
    }
    return dearest;
  }

  @Override
  public RequestFacts unknown(RequestHead head, Endpoint endpoint) {
    return builder(head, GeminiMethod.GENERATE).endpointName(endpoint.name()).build();
  }

  @Override
  public RequestFacts unread(RequestHead head, Endpoint endpoint) {
    String path = head.path();
    GeminiMethod method = GeminiMethod.at(path, path.length(), endpoint != null);
    if (method == null) {
      return null;
    }
    AskedModels models = new AskedModels();
    models.askAtPath(head, at -> model(at, endpoint));
    return told(builder(head, method).otherModels(models.others()), models, method, endpoint);
  }

  private RequestFacts.Builder builder(RequestHead head, GeminiMethod method) {
    String google = isVertex(head.plainPath()) ? VERTEX_AI : GEMINI_API;
    return RequestFacts.builder(
        protocol(method), operation(method), Providers.at(head, google).name());
  }

  private static RequestFacts told(
      RequestFacts.Builder facts, AskedModels models, GeminiMethod method, Endpoint endpoint) {
    return facts.model(models.model()).stream(method == GeminiMethod.STREAM_GENERATE)
        .endpointName(endpoint == null ? null : endpoint.name())
        .build();
  }

  private Protocol protocol(GeminiMethod method) {
    if (method == GeminiMethod.COUNT_TOKENS) {
      return countTokens;
    }
    return method.embeds() ? embed : generate;
  }

  private static Operation operation(GeminiMethod method) {
    if (method == GeminiMethod.COUNT_TOKENS) {
      return Operation.COUNT_TOKENS;
    }
    return method.embeds() ? Operation.EMBEDDINGS : Operation.CHAT;
  }

  /** Vertex AI has publishers of models and endpoints; the Gemini API has neither. */
  private static boolean isVertex(String path) {
    return path.contains("/publishers/")
        || path.contains("/endpoints/")
        || path.contains("/projects/");
  }

  /** Null where the path in that spelling is no method's. */
  private static String model(String path, Endpoint endpoint) {
    return GeminiMethod.at(path, path.length(), endpoint != null) == null ? null : model(path);
  }

  /** The last segment of the path up to the method: a model, a tuned model or an endpoint. */
  private static String model(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf(':'));
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), "UTF-8");
    } catch (UnsupportedEncodingException | IllegalArgumentException e) {
      return name;
    }
  }
}
