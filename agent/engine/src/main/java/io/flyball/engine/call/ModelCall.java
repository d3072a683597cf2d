package io.flyball.engine.call;

import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.wire.Cancellation;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

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
  private final Map<String, FailureKind> avoided;
  private final Settlement settlement;
  private final boolean usageAsked;
  private final boolean othersMayAnswer;
  private final boolean heldWhole;
  private final boolean begun;
  private final WireResponse unanswered;

  /** Made when it is asked for; two threads that do make the same. */
  private Credential credential;

  public ModelCall(
      String id,
      WireRequest request,
      RequestFacts facts,
      Attribution attribution,
      CallContext context) {
    this.id = Objects.requireNonNull(id, "id");
    this.original = Objects.requireNonNull(request, "request");
    this.request = request;
    this.originalFacts = Objects.requireNonNull(facts, "facts");
    this.facts = facts;
    this.attribution = Objects.requireNonNull(attribution, "attribution");
    this.context = Objects.requireNonNull(context, "context");
    this.target = null;
    this.avoided = Collections.emptyMap();
    this.settlement = null;
    this.usageAsked = false;
    this.othersMayAnswer = false;
    this.heldWhole = false;
    this.begun = false;
    this.unanswered = null;
  }

  private ModelCall(Change change) {
    ModelCall from = change.from;
    this.id = from.id;
    this.original = from.original;
    this.originalFacts = from.originalFacts;
    this.attribution = from.attribution;
    this.request = Objects.requireNonNull(change.request, "request");
    this.facts = Objects.requireNonNull(change.facts, "facts");
    this.context = Objects.requireNonNull(change.context, "context");
    this.target = change.target;
    this.avoided = change.avoided;
    this.settlement = change.settlement;
    this.usageAsked = change.usageAsked;
    this.othersMayAnswer = change.othersMayAnswer;
    this.heldWhole = change.heldWhole;
    this.begun = change.begun;
    this.unanswered = change.unanswered;
    this.credential = from.credentialOf(change.request);
  }

  /** What becomes of a call in one step: all of it that a stage may change. */
  private static final class Change {
    final ModelCall from;
    WireRequest request;
    RequestFacts facts;
    CallContext context;
    String target;
    Map<String, FailureKind> avoided;
    Settlement settlement;
    boolean usageAsked;
    boolean othersMayAnswer;
    boolean heldWhole;
    boolean begun;
    WireResponse unanswered;

    Change(ModelCall from) {
      this.from = from;
      this.request = from.request;
      this.facts = from.facts;
      this.context = from.context;
      this.target = from.target;
      this.avoided = from.avoided;
      this.settlement = from.settlement;
      this.usageAsked = from.usageAsked;
      this.othersMayAnswer = from.othersMayAnswer;
      this.heldWhole = from.heldWhole;
      this.begun = from.begun;
      this.unanswered = from.unanswered;
    }
  }

  /** The call's own id: unique, and the same for all its attempts. */
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

  /**
   * Destinations that are not to be asked, because their answers broke off in this call, and how
   * the latest did.
   */
  public Map<String, FailureKind> avoided() {
    return avoided;
  }

  /** The same call, which is not to go to that {@link #destination()}. */
  public ModelCall avoiding(String destination, FailureKind why) {
    Change change = new Change(this);
    change.avoided = new HashMap<>(avoided);
    change.avoided.put(destination, why);
    return new ModelCall(change);
  }

  /** What was set aside for this attempt; null when nothing was. */
  public Settlement settlement() {
    return settlement;
  }

  /** The same call as an attempt for which something (more) was set aside. */
  public ModelCall withSettlement(Settlement aside) {
    Change change = new Change(this);
    change.settlement = settlement == null ? aside : Settlement.both(settlement, aside);
    return new ModelCall(change);
  }

  /** The same call as another attempt, for which that was set aside and nothing else. */
  public ModelCall anotherWith(Settlement aside) {
    Change change = new Change(this);
    change.settlement = aside;
    return new ModelCall(change);
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
    Change change = new Change(this);
    change.othersMayAnswer = mayAnswer;
    return new ModelCall(change);
  }

  /** Whether an answer is only an answer when all of it is there, a stream's too. */
  public boolean isHeldWhole() {
    return heldWhole;
  }

  /**
   * The same call, for which there is an answer already that half another one is no better than.
   */
  public ModelCall heldWhole() {
    Change change = new Change(this);
    change.heldWhole = true;
    return new ModelCall(change);
  }

  /** Whether the application has the beginning of an answer already, be it no content. */
  public boolean hasBegun() {
    return begun;
  }

  /**
   * What the attempt before came to of which the application has the beginning, which was no
   * content: as if it had been held back, and this call were at that attempt still. Else null.
   */
  public WireResponse unanswered() {
    return unanswered;
  }

  /**
   * The same call for another answer, of which the application has a beginning already.
   *
   * @param asItCameTo see {@link #unanswered}; null where it has content
   */
  public ModelCall begunWith(WireResponse asItCameTo) {
    Change change = new Change(this);
    change.begun = true;
    change.unanswered = asItCameTo;
    return new ModelCall(change);
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
    Change change = new Change(this);
    change.request = newRequest;
    return new ModelCall(change);
  }

  /** Whether Flyball asks for usage with this request where the application did not. */
  public boolean usageAsked() {
    return usageAsked;
  }

  /**
   * The same call with a request that asks for usage, which the application's does not: what that
   * brings is not for the application.
   */
  public ModelCall askingForUsage(WireRequest asking) {
    Change change = new Change(this);
    change.request = asking;
    change.usageAsked = true;
    return new ModelCall(change);
  }

  /**
   * The same call on its way to a target.
   *
   * @param newRequest as that target takes it, with its own credential
   * @param newFacts what that request says
   */
  public ModelCall toTarget(String name, WireRequest newRequest, RequestFacts newFacts) {
    Change change = new Change(this);
    change.target = name;
    change.request = newRequest;
    change.facts = newFacts;
    change.usageAsked = false;
    return new ModelCall(change);
  }

  /** The same call under another context. */
  public ModelCall withContext(CallContext newContext) {
    Change change = new Change(this);
    change.context = newContext;
    return new ModelCall(change);
  }

  /**
   * The same call as an attempt that can be cancelled alone, with a {@link
   * io.flyball.wire.Cancellation#child} of the call's own cancellation.
   */
  public ModelCall withCancellation(Cancellation attempt) {
    return withContext(context.withCancellation(attempt));
  }
}
