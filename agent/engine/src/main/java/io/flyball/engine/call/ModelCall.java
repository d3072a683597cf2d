package io.flyball.engine.call;

import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.WireRequest;
import io.flyball.protocol.RequestFacts;
import java.util.Collections;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * One call on its way through the stages: the request as it stands now and what is known of it.
 * Immutable; a stage that changes the request passes on another one.
 */
public final class ModelCall {
  private final String id;
  private final WireRequest original;
  private final WireRequest request;
  private final RequestFacts originalFacts;
  private final RequestFacts facts;
  private final Attribution attribution;
  private final CallContext context;
  private final String target;
  private final Set<String> avoided;
  private final Settlement settlement;
  private final boolean othersMayAnswer;

  /** Made when it is asked for; two threads that do make the same. */
  private Credential credential;

  public ModelCall(
      String id,
      WireRequest request,
      RequestFacts facts,
      Attribution attribution,
      CallContext context) {
    this(
        id,
        request,
        request,
        facts,
        facts,
        attribution,
        context,
        null,
        Collections.<String>emptySet(),
        null,
        false,
        null);
  }

  private ModelCall(
      String id,
      WireRequest original,
      WireRequest request,
      RequestFacts originalFacts,
      RequestFacts facts,
      Attribution attribution,
      CallContext context,
      String target,
      Set<String> avoided,
      Settlement settlement,
      boolean othersMayAnswer,
      Credential credential) {
    this.id = Objects.requireNonNull(id, "id");
    this.target = target;
    this.avoided = avoided;
    this.settlement = settlement;
    this.othersMayAnswer = othersMayAnswer;
    this.credential = credential;
    this.original = original;
    this.request = Objects.requireNonNull(request, "request");
    this.originalFacts = originalFacts;
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

  /** What the application's request says: how it expects to be answered. */
  public RequestFacts originalFacts() {
    return originalFacts;
  }

  /** What the request says, as it stands: a target's own protocol and model once it goes there. */
  public RequestFacts facts() {
    return facts;
  }

  /** The name of the target it goes to; null for the application's own endpoint. */
  public String target() {
    return target;
  }

  /** The name of the target it goes to, or the host and port of the application's own endpoint. */
  public String destination() {
    return target != null ? target : request.host() + ':' + request.port();
  }

  public Attribution attribution() {
    return attribution;
  }

  /** Cancellation and executor of this call, or of one attempt of it. */
  public CallContext context() {
    return context;
  }

  /** Destinations that are not to be asked, because they have gone silent on this call. */
  public Set<String> avoided() {
    return avoided;
  }

  /** The same call, which is not to go to that {@link #destination()}. */
  public ModelCall avoiding(String destination) {
    Set<String> more = new HashSet<>(avoided);
    more.add(destination);
    return new ModelCall(
        id,
        original,
        request,
        originalFacts,
        facts,
        attribution,
        context,
        target,
        more,
        settlement,
        othersMayAnswer,
        credential);
  }

  /** What was set aside for this attempt; null when nothing was. */
  public Settlement settlement() {
    return settlement;
  }

  /** The same call as an attempt for which something (more) was set aside. */
  public ModelCall withSettlement(Settlement aside) {
    Settlement all = settlement == null ? aside : Settlement.both(settlement, aside);
    return new ModelCall(
        id,
        original,
        request,
        originalFacts,
        facts,
        attribution,
        context,
        target,
        avoided,
        all,
        othersMayAnswer,
        credential);
  }

  /**
   * Whether somebody else may answer if this attempt is not made. Otherwise what is only known from
   * earlier answers must not keep it from the wire.
   */
  public boolean othersMayAnswer() {
    return othersMayAnswer;
  }

  /** The same call, for which there is somebody else to ask, or nobody. */
  public ModelCall withOthers(boolean mayAnswer) {
    return new ModelCall(
        id,
        original,
        request,
        originalFacts,
        facts,
        attribution,
        context,
        target,
        avoided,
        settlement,
        mayAnswer,
        credential);
  }

  /** What the provider's answer to this attempt will be about. */
  public Service service() {
    Credential known = credential;
    if (known == null) {
      known = Credential.of(request);
      credential = known;
    }
    return new Service(destination(), facts.model(), known);
  }

  /** Null when it is not known yet, or another one. */
  private Credential credentialOf(WireRequest next) {
    boolean same = next.headers() == request.headers() && next.uri() == request.uri();
    return same ? credential : null;
  }

  /** The same call with another request, and what that says. */
  public ModelCall withRequest(WireRequest newRequest, RequestFacts newFacts) {
    return toTarget(target, newRequest, newFacts);
  }

  public ModelCall withRequest(WireRequest newRequest) {
    return new ModelCall(
        id,
        original,
        newRequest,
        originalFacts,
        facts,
        attribution,
        context,
        target,
        avoided,
        settlement,
        othersMayAnswer,
        credentialOf(newRequest));
  }

  /**
   * The same call on its way to a target.
   *
   * @param newRequest as that target takes it, with its own credential
   * @param newFacts what that request says
   */
  public ModelCall toTarget(String name, WireRequest newRequest, RequestFacts newFacts) {
    return new ModelCall(
        id,
        original,
        newRequest,
        originalFacts,
        newFacts,
        attribution,
        context,
        name,
        avoided,
        settlement,
        othersMayAnswer,
        credentialOf(newRequest));
  }

  /** The same call under another context. */
  public ModelCall withContext(CallContext newContext) {
    return new ModelCall(
        id,
        original,
        request,
        originalFacts,
        facts,
        attribution,
        newContext,
        target,
        avoided,
        settlement,
        othersMayAnswer,
        credential);
  }

  /**
   * The same call as an attempt that can be cancelled alone, with a {@link
   * io.flyball.engine.wire.Cancellation#child} of the call's own cancellation.
   */
  public ModelCall withCancellation(Cancellation attempt) {
    return withContext(context.withCancellation(attempt));
  }
}
