package io.flyball.engine.call;

import io.flyball.engine.wire.WireRequest;
import io.flyball.protocol.RequestFacts;
import java.util.Objects;

/**
 * One call on its way through the stages: the request as it stands now and what is known of it.
 * Immutable; a stage that changes the request passes on another one.
 */
public final class ModelCall {
  private final String id;
  private final WireRequest original;
  private final WireRequest request;
  private final RequestFacts facts;
  private final Attribution attribution;
  private final CallContext context;

  public ModelCall(
      String id,
      WireRequest request,
      RequestFacts facts,
      Attribution attribution,
      CallContext context) {
    this(id, request, request, facts, attribution, context);
  }

  private ModelCall(
      String id,
      WireRequest original,
      WireRequest request,
      RequestFacts facts,
      Attribution attribution,
      CallContext context) {
    this.id = Objects.requireNonNull(id, "id");
    this.original = original;
    this.request = Objects.requireNonNull(request, "request");
    this.facts = Objects.requireNonNull(facts, "facts");
    this.attribution = Objects.requireNonNull(attribution, "attribution");
    this.context = Objects.requireNonNull(context, "context");
  }

  public String id() {
    return id;
  }

  /** The request as the application made it. */
  public WireRequest original() {
    return original;
  }

  /** The request as it stands after the stages so far; {@link #facts} is what it says. */
  public WireRequest request() {
    return request;
  }

  public RequestFacts facts() {
    return facts;
  }

  public Attribution attribution() {
    return attribution;
  }

  /** Cancellation and executor of this call, or of one attempt of it. */
  public CallContext context() {
    return context;
  }

  /** The call with a changed request that says the same about itself. */
  public ModelCall withRequest(WireRequest newRequest) {
    return withRequest(newRequest, facts);
  }

  /**
   * The call with a request that goes elsewhere, for another model or in another protocol; the
   * attempt is measured and priced by these facts.
   */
  public ModelCall withRequest(WireRequest newRequest, RequestFacts newFacts) {
    return new ModelCall(id, original, newRequest, newFacts, attribution, context);
  }

  /**
   * The same call under another context: how a stage gets an attempt it can cancel alone, with a
   * {@link io.flyball.engine.wire.Cancellation#child} of the call's own cancellation.
   */
  public ModelCall withContext(CallContext newContext) {
    return new ModelCall(id, original, request, facts, attribution, newContext);
  }
}
