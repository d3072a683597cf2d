package io.flyball.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What an answer said about itself, as far as it was read. Immutable. */
public final class ResponseFacts {
  /** The words of OpenAI, Anthropic and Google for it. */
  private static final Set<String> FILTERED =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "content_filter",
                  "refusal",
                  "SAFETY",
                  "PROHIBITED_CONTENT",
                  "BLOCKLIST",
                  "SPII",
                  "IMAGE_SAFETY")));

  private final String id;
  private final String model;
  private final List<String> finishReasons;
  private final Usage usage;
  private final Usage besidesTokens;
  private final String serviceTier;
  private final String speed;
  private final String region;
  private final boolean goesOn;
  private final String systemFingerprint;
  private final String errorType;
  private final String errorMessage;
  private final boolean complete;
  private final boolean brokenOff;
  private final boolean empty;
  private final boolean inOtherForm;
  private final boolean events;
  private final boolean unreadable;
  private final boolean failedAnswer;
  private final int toolCalls;
  private final int malformedEvents;
  private final long outputCharacters;

  private ResponseFacts(Builder builder) {
    this.id = builder.id;
    this.model = builder.model;
    this.finishReasons =
        builder.finishReasons == null
            ? Collections.<String>emptyList()
            : Collections.unmodifiableList(new ArrayList<>(builder.finishReasons));
    this.usage = builder.usage;
    this.besidesTokens = builder.besidesTokens;
    this.serviceTier = builder.serviceTier;
    this.speed = builder.speed;
    this.region = builder.region;
    this.goesOn = builder.goesOn;
    this.systemFingerprint = builder.systemFingerprint;
    this.errorType = builder.errorType;
    this.errorMessage = builder.errorMessage;
    this.complete = builder.complete;
    this.brokenOff = builder.brokenOff;
    this.empty = builder.empty;
    this.inOtherForm = builder.inOtherForm;
    this.events = builder.events;
    this.unreadable = builder.unreadable;
    this.failedAnswer = builder.failedAnswer;
    this.toolCalls = builder.toolCalls;
    this.malformedEvents = builder.malformedEvents;
    this.outputCharacters = builder.outputCharacters;
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * These facts with what the provider calls things by (model, finish reasons, error type, tier,
   * speed, region, fingerprint) as it is to be shown; the same object when no name changes.
   *
   * @param shown called with each name, also with null; gives back the same object for one that
   *     stays
   * @param shownId the same for the answer's id, which no other answer has
   */
  public ResponseFacts withNames(UnaryOperator<String> shown, UnaryOperator<String> shownId) {
    Builder names = builder();
    names.id = shownId.apply(id);
    boolean same = names.id == id;
    same &= (names.model = shown.apply(model)) == model;
    same &= (names.serviceTier = shown.apply(serviceTier)) == serviceTier;
    same &= (names.speed = shown.apply(speed)) == speed;
    same &= (names.region = shown.apply(region)) == region;
    same &= (names.systemFingerprint = shown.apply(systemFingerprint)) == systemFingerprint;
    same &= (names.errorType = shown.apply(errorType)) == errorType;
    List<String> reasons = new ArrayList<>(finishReasons);
    for (int i = 0; i < reasons.size(); i++) {
      String reason = reasons.get(i);
      reasons.set(i, shown.apply(reason));
      same &= reasons.get(i) == reason;
    }
    return same
        ? this
        : names
            .finishReasons(reasons)
            .usage(usage)
            .besidesTokens(besidesTokens)
            .goesOn(goesOn)
            .errorMessage(errorMessage)
            .complete(complete)
            .brokenOff(brokenOff)
            .empty(empty)
            .inOtherForm(inOtherForm)
            .events(events)
            .unreadable(unreadable)
            .failedAnswer(failedAnswer)
            .toolCalls(toolCalls)
            .malformedEvents(malformedEvents)
            .outputCharacters(outputCharacters)
            .build();
  }

  /** The provider's id of the answer, or null. */
  public String id() {
    return id;
  }

  /** The model that answered, or null. */
  public String model() {
    return model;
  }

  /** The provider's own words, one per choice, in order; empty when none came. */
  public List<String> finishReasons() {
    return finishReasons;
  }

  /** Whether the provider's moderation kept the answer, or a part of it, back. */
  public boolean isFiltered() {
    return finishReasons.stream().anyMatch(FILTERED::contains);
  }

  /**
   * Reported usage, or null when the provider reported none (so far), or zeros beside content,
   * which say nothing.
   */
  public Usage usage() {
    return usage;
  }

  /**
   * What is known to be charged for where too little was reported to be a bill: uses of tools,
   * something that cannot be counted, the tokens of the prompt, a total (which is at least what
   * prompt and answer have together). Null for nothing, and where usage was reported.
   */
  public Usage besidesTokens() {
    return besidesTokens;
  }

  /** Whether it says how many tokens prompt and answer have together, and no more of them. */
  public boolean tellsTotal() {
    return besidesTokens != null && besidesTokens.output() > 0;
  }

  /** Whether the provider says that something was used. */
  public boolean tellsUsage() {
    return usage != null && !usage.isNothing();
  }

  /** The service tier that was billed, or null. */
  public String serviceTier() {
    return serviceTier;
  }

  /** The speed that was billed ({@code fast}, {@code standard}), or null. */
  public String speed() {
    return speed;
  }

  /** Where inference had to stay when that is charged for ({@code us}, {@code global}), or null. */
  public String region() {
    return region;
  }

  /**
   * Whether the provider goes on making the answer in the background, so that neither its text nor
   * its usage will be seen here.
   */
  public boolean goesOn() {
    return goesOn;
  }

  public String systemFingerprint() {
    return systemFingerprint;
  }

  /** The provider's error code or type (in the body or in a stream event), or null. */
  public String errorType() {
    return errorType;
  }

  /**
   * The provider's error message, or null. It may quote prompt text: never log it unless content
   * capture is on.
   */
  public String errorMessage() {
    return errorMessage;
  }

  /**
   * Whether the answer is whole by the rules of its protocol: a parsable body, or a stream that
   * reached its terminal event ({@code [DONE]}, {@code message_stop}, {@code response.completed}).
   */
  public boolean complete() {
    return complete;
  }

  /** Whether the body ended before its first byte, within a JSON document or within an event. */
  public boolean brokenOff() {
    return brokenOff;
  }

  /** Whether it says nothing an application could use: no choice, no content, no finish reason. */
  public boolean empty() {
    return empty;
  }

  /**
   * Whether it says nothing because it has no field in which the protocol has its answers: it may
   * be one within an envelope, of another API, or plain text.
   */
  public boolean inOtherForm() {
    return inOtherForm;
  }

  /** Whether the body is a stream of events (or of elements), whatever it calls itself. */
  public boolean events() {
    return events;
  }

  /**
   * Whether the body is one that we cannot read: JSON with a mistake in it, a web page. It may be
   * whole all the same, and clients may be less strict.
   */
  public boolean unreadable() {
    return unreadable;
  }

  /**
   * Whether the error is a part of the answer (a response with the status {@code failed}, {@code
   * "success":false}), and does not stand in the place of one.
   */
  public boolean failedAnswer() {
    return failedAnswer;
  }

  /** How many tool calls the model asked for. */
  public int toolCalls() {
    return toolCalls;
  }

  /** Stream events whose data could not be parsed. */
  public int malformedEvents() {
    return malformedEvents;
  }

  /** Characters of generated text and tool arguments seen, for estimating usage. */
  public long outputCharacters() {
    return outputCharacters;
  }

  /** Collects facts; everything is optional. */
  public static final class Builder {
    private String id;
    private String model;
    private List<String> finishReasons;
    private Usage usage;
    private Usage besidesTokens;
    private String serviceTier;
    private String speed;
    private String region;
    private boolean goesOn;
    private String systemFingerprint;
    private String errorType;
    private String errorMessage;
    private boolean complete;
    private boolean brokenOff;
    private boolean empty;
    private boolean inOtherForm;
    private boolean events;
    private boolean unreadable;
    private boolean failedAnswer;
    private int toolCalls;
    private int malformedEvents;
    private long outputCharacters;

    private Builder() {}

    public Builder id(String value) {
      this.id = value;
      return this;
    }

    public Builder model(String value) {
      this.model = value;
      return this;
    }

    public Builder finishReasons(List<String> value) {
      this.finishReasons = value;
      return this;
    }

    public Builder usage(Usage value) {
      this.usage = value;
      return this;
    }

    public Builder besidesTokens(Usage value) {
      this.besidesTokens = value;
      return this;
    }

    public Builder serviceTier(String value) {
      this.serviceTier = value;
      return this;
    }

    public Builder speed(String value) {
      this.speed = value;
      return this;
    }

    public Builder region(String value) {
      this.region = value;
      return this;
    }

    public Builder goesOn(boolean value) {
      this.goesOn = value;
      return this;
    }

    public Builder systemFingerprint(String value) {
      this.systemFingerprint = value;
      return this;
    }

    public Builder errorType(String value) {
      this.errorType = value;
      return this;
    }

    public Builder errorMessage(String value) {
      this.errorMessage = value;
      return this;
    }

    public Builder complete(boolean value) {
      this.complete = value;
      return this;
    }

    public Builder brokenOff(boolean value) {
      this.brokenOff = value;
      return this;
    }

    public Builder empty(boolean value) {
      this.empty = value;
      return this;
    }

    public Builder inOtherForm(boolean value) {
      this.inOtherForm = value;
      return this;
    }

    public Builder events(boolean value) {
      this.events = value;
      return this;
    }

    public Builder unreadable(boolean value) {
      this.unreadable = value;
      return this;
    }

    public Builder failedAnswer(boolean value) {
      this.failedAnswer = value;
      return this;
    }

    public Builder toolCalls(int value) {
      this.toolCalls = value;
      return this;
    }

    public Builder malformedEvents(int value) {
      this.malformedEvents = value;
      return this;
    }

    public Builder outputCharacters(long value) {
      this.outputCharacters = value;
      return this;
    }

    public ResponseFacts build() {
      return new ResponseFacts(this);
    }
  }
}
