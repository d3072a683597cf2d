package io.flyball.engine;

import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.call.Stage;
import io.flyball.engine.pipeline.Policies;
import io.flyball.protocol.Protocols;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** What the user can change about the engine while it runs. Immutable. */
public final class EngineSettings {
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 16;

  private final Recogniser recogniser;
  private final Mode mode;
  private final AttributionRules attribution;
  private final List<Stage> addedStages;
  private final Policies policies;
  private final double captureShare;
  private final int captureCharacters;
  private final boolean keepsRequests;
  private final int maxRequestBytes;
  private final boolean suppressSdkRetries;
  private final boolean inboundDeadline;
  private final boolean bypassAllowed;

  private EngineSettings(Builder builder) {
    this.recogniser = Objects.requireNonNull(builder.recogniser, "recogniser");
    this.mode = Objects.requireNonNull(builder.mode, "mode");
    this.attribution = Objects.requireNonNull(builder.attribution, "attribution");
    this.addedStages = Collections.unmodifiableList(new ArrayList<>(builder.addedStages));
    this.policies = Objects.requireNonNull(builder.policies, "policies");
    this.captureShare = builder.captureShare;
    this.captureCharacters = builder.captureCharacters;
    this.keepsRequests = builder.keepsRequests;
    this.maxRequestBytes = builder.maxRequestBytes;
    this.suppressSdkRetries = builder.suppressSdkRetries;
    this.inboundDeadline = builder.inboundDeadline;
    this.bypassAllowed = builder.bypassAllowed;
  }

  public static Builder builder(Protocols protocols) {
    return builder(Recogniser.of(protocols));
  }

  public static Builder builder(Recogniser recogniser) {
    return new Builder(recogniser);
  }

  Recogniser recogniser() {
    return recogniser;
  }

  Mode mode() {
    return mode;
  }

  AttributionRules attribution() {
    return attribution;
  }

  List<Stage> addedStages() {
    return addedStages;
  }

  Policies policies() {
    return policies;
  }

  double captureShare() {
    return captureShare;
  }

  int captureCharacters() {
    return captureCharacters;
  }

  boolean keepsRequests() {
    return keepsRequests;
  }

  int maxRequestBytes() {
    return mustRead() ? LONGEST_ARRAY : maxRequestBytes;
  }

  /** What a body that comes compressed may have in bytes without that, unless all must be read. */
  int maxPlainBytes() {
    return maxRequestBytes;
  }

  /** Whether the user has set what no call may exceed. */
  boolean mustRead() {
    return mode == Mode.GOVERN && policies.hasHardGuards();
  }

  /** Whether SDKs are to stop where Flyball has given a call up. */
  boolean suppressSdkRetries() {
    return suppressSdkRetries && mode == Mode.GOVERN;
  }

  /** Whether a call ends when the application's own client no longer waits. */
  boolean inboundDeadline() {
    return inboundDeadline;
  }

  /** Whether a request may ask for no policy. */
  boolean bypassAllowed() {
    return bypassAllowed;
  }

  /** Everything but the protocols has a default. */
  public static final class Builder {
    private final Recogniser recogniser;
    private Mode mode = Mode.GOVERN;
    private AttributionRules attribution = AttributionRules.defaults("");
    private List<Stage> addedStages = Collections.emptyList();
    private Policies policies = Policies.NONE;
    private double captureShare;
    private int captureCharacters;
    private boolean keepsRequests;
    private int maxRequestBytes = 16 << 20;
    private boolean suppressSdkRetries = true;
    private boolean inboundDeadline = true;
    private boolean bypassAllowed = true;

    private Builder(Recogniser recogniser) {
      this.recogniser = recogniser;
    }

    /** The default is {@link Mode#GOVERN}. */
    public Builder mode(Mode value) {
      this.mode = value;
      return this;
    }

    /** The default is {@link AttributionRules#defaults}. */
    public Builder attribution(AttributionRules value) {
      this.attribution = value;
      return this;
    }

    /** Stages from elsewhere, in their order; they run in {@link Mode#GOVERN} only. */
    public Builder addedStages(List<Stage> value) {
      this.addedStages = value;
      return this;
    }

    /** The default is {@link Policies#NONE}; they apply in {@link Mode#GOVERN} only. */
    public Builder policies(Policies value) {
      this.policies = value;
      return this;
    }

    /**
     * Captures prompts and answers of some calls; off by default.
     *
     * @param share of the calls, 0 to 1
     * @param characters of an answer's text at most
     */
    public Builder capture(double share, int characters) {
      this.captureShare = share;
      this.captureCharacters = characters;
      return this;
    }

    /**
     * Whether the record of a call has its request, for the first who look at it; off by default.
     */
    public Builder keepsRequests(boolean value) {
      this.keepsRequests = value;
      return this;
    }

    /** Longer request bodies are not looked at; the default is 16 MiB. */
    public Builder maxRequestBytes(int value) {
      this.maxRequestBytes = value;
      return this;
    }

    /**
     * Whether SDKs stop retrying once a governed call was given up, in {@link Mode#GOVERN} only; on
     * by default.
     */
    public Builder suppressSdkRetries(boolean value) {
      this.suppressSdkRetries = value;
      return this;
    }

    /**
     * Whether a call has no more time than the client of the HTTP request that the application
     * serves gives it, in {@link Mode#GOVERN} only; on by default.
     */
    public Builder inboundDeadline(boolean value) {
      this.inboundDeadline = value;
      return this;
    }

    /** Whether {@code x-flyball-bypass: true} on a request keeps policies off it; on by default. */
    public Builder bypassAllowed(boolean value) {
      this.bypassAllowed = value;
      return this;
    }

    public EngineSettings build() {
      return new EngineSettings(this);
    }
  }
}
