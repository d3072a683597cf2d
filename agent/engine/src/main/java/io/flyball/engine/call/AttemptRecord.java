package io.flyball.engine.call;

import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.util.Objects;

/**
 * One request on the wire, and what it used. Immutable. Times are nanoseconds since the epoch. Each
 * attempt of a call may have gone to another provider and model, and each may have to be paid.
 */
public final class AttemptRecord {
  private final int number;
  private final String target;
  private final String host;
  private final int port;
  private final long startEpochNanos;
  private final long endEpochNanos;
  private final int status;
  private final Outcome outcome;
  private final String errorType;
  private final RequestFacts request;
  private final ResponseFacts response;
  private final boolean contentSeen;
  private final boolean delivered;
  private final boolean openEnded;
  private final long unreadBytes;
  private final BigDecimal reckonedUsd;
  private final Usage usage;
  private final BigDecimal costUsd;
  private final int requestBytes;
  private final byte[] requestBody;
  private final String outputText;
  private final Settlement settlement;

  private AttemptRecord(Builder builder) {
    this.number = builder.number;
    this.target = Objects.requireNonNull(builder.target, "target");
    this.host = Objects.requireNonNull(builder.host, "host");
    this.port = builder.port;
    this.startEpochNanos = builder.startEpochNanos;
    this.endEpochNanos = builder.endEpochNanos;
    this.status = builder.status;
    this.outcome = Objects.requireNonNull(builder.outcome, "outcome");
    this.errorType = builder.errorType;
    this.request = builder.request;
    this.response = builder.response;
    this.contentSeen = builder.contentSeen;
    this.delivered = builder.delivered;
    this.openEnded = builder.openEnded;
    this.unreadBytes = builder.unreadBytes;
    this.reckonedUsd = builder.reckonedUsd;
    this.usage = builder.usage;
    this.costUsd = builder.costUsd;
    this.requestBytes = builder.requestBytes;
    this.requestBody = builder.requestBody;
    this.outputText = builder.outputText;
    this.settlement = builder.settlement;
  }

  /**
   * @param number 1 for the first
   * @param target the target's name, or the host when the application's own endpoint was asked
   */
  public static Builder builder(int number, String target, String host, int port) {
    return new Builder(number, target, host, port);
  }

  /** A builder that starts with everything this record holds. */
  public Builder toBuilder() {
    Builder builder = new Builder(number, target, host, port);
    builder.startEpochNanos = startEpochNanos;
    builder.endEpochNanos = endEpochNanos;
    builder.status = status;
    builder.outcome = outcome;
    builder.errorType = errorType;
    builder.request = request;
    builder.response = response;
    builder.contentSeen = contentSeen;
    builder.delivered = delivered;
    builder.openEnded = openEnded;
    builder.unreadBytes = unreadBytes;
    builder.reckonedUsd = reckonedUsd;
    builder.usage = usage;
    builder.costUsd = costUsd;
    builder.requestBytes = requestBytes;
    builder.requestBody = requestBody;
    builder.outputText = outputText;
    builder.settlement = settlement;
    return builder;
  }

  /** This record with usage and cost filled in (both may be null: nothing used, not known). */
  public AttemptRecord priced(Usage newUsage, BigDecimal newCostUsd) {
    return toBuilder().usage(newUsage).costUsd(newCostUsd).build();
  }

  /** This record without {@link #requestBody()} and {@link #outputText()}. */
  public AttemptRecord withoutContent() {
    return requestBody == null && outputText == null
        ? this
        : toBuilder().content(null, null).build();
  }

  public int number() {
    return number;
  }

  public String target() {
    return target;
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /**
   * The target's name; of the application's own endpoint its host, with a port that is not usual.
   */
  public String place() {
    return target.equals(host) && port != 443 && port != 80 ? host + ':' + port : target;
  }

  public long startEpochNanos() {
    return startEpochNanos;
  }

  public long endEpochNanos() {
    return endEpochNanos;
  }

  /** The HTTP status, or 0 when no head arrived. */
  public int status() {
    return status;
  }

  public Outcome outcome() {
    return outcome;
  }

  /** Status text, provider error code or exception class; null on success. */
  public String errorType() {
    return errorType;
  }

  /** What was set aside for it; null when nothing was. */
  public Settlement settlement() {
    return settlement;
  }

  /** What the request said as it was sent; null when not known. */
  public RequestFacts request() {
    return request;
  }

  /** What its answer said; null when there was none, or it had not ended. */
  public ResponseFacts response() {
    return response;
  }

  /** Whether something arrived that an application can use. */
  public boolean contentSeen() {
    return contentSeen;
  }

  /**
   * Whether its answer is the call's: the one handed to the application or, when that walked away
   * before, the latest there was. What all others used is wasted.
   */
  public boolean delivered() {
    return delivered;
  }

  /**
   * Whether the provider will have it paid, as far as can be told from outside: a success, content
   * that arrived, usage that was told, be it beside an error, or the beginning of an answer that
   * nobody waited for. An attempt that failed before any content, and says no usage, costs nothing.
   */
  public boolean used() {
    if (outcome == Outcome.SUCCESS || contentSeen) {
      return true;
    }
    if (response != null && response.tellsUsage()) {
      return true;
    }
    return delivered && outcome != Outcome.ERROR && status >= 200 && status < 300;
  }

  /**
   * Whether the provider may have it paid, or more of it than could be seen: nobody waited for the
   * answer, it could not be read, it is made in the background, or it may have been thought about
   * unseen. What was set aside for it is then taken for spent.
   */
  public boolean openEnded() {
    return openEnded;
  }

  /**
   * What a gateway in front of the provider reckons the answer costs, in US dollars; null when none
   * says.
   */
  public BigDecimal reckonedUsd() {
    return reckonedUsd;
  }

  /** Bytes of a good answer whose encoding could not be read. */
  public long unreadBytes() {
    return unreadBytes;
  }

  /**
   * Tokens; null when nothing was used. Until the record is priced also null when nothing was
   * reported.
   */
  public Usage usage() {
    return usage;
  }

  /** US dollars, exact; null when the model has no price or nothing was used. */
  public BigDecimal costUsd() {
    return costUsd;
  }

  /** Length of the request body in bytes, as it was sent. */
  public int requestBytes() {
    return requestBytes;
  }

  /**
   * The request body as it was sent; null unless usage has to be estimated from it. For the pricing
   * at the head of the record thread only: listeners behind it never see it.
   */
  public byte[] requestBody() {
    return requestBody;
  }

  /** The beginning of the generated text, for the same use as {@link #requestBody()}, or null. */
  public String outputText() {
    return outputText;
  }

  /** Builds an {@link AttemptRecord}; an outcome is needed, everything else is optional. */
  public static final class Builder {
    private final int number;
    private final String target;
    private final String host;
    private final int port;
    private long startEpochNanos;
    private long endEpochNanos;
    private int status;
    private Outcome outcome;
    private String errorType;
    private RequestFacts request;
    private ResponseFacts response;
    private boolean contentSeen;
    private boolean delivered;
    private boolean openEnded;
    private long unreadBytes;
    private BigDecimal reckonedUsd;
    private Usage usage;
    private BigDecimal costUsd;
    private int requestBytes;
    private byte[] requestBody;
    private String outputText;
    private Settlement settlement;

    private Builder(int number, String target, String host, int port) {
      this.number = number;
      this.target = target;
      this.host = host;
      this.port = port;
    }

    public Builder times(long startNanosSinceEpoch, long endNanosSinceEpoch) {
      this.startEpochNanos = startNanosSinceEpoch;
      this.endEpochNanos = endNanosSinceEpoch;
      return this;
    }

    /**
     * @param httpStatus 0 when no head arrived
     * @param error null on success
     */
    public Builder outcome(Outcome value, int httpStatus, String error) {
      this.outcome = value;
      this.status = httpStatus;
      this.errorType = error;
      return this;
    }

    public Builder request(RequestFacts value) {
      this.request = value;
      return this;
    }

    public Builder response(ResponseFacts value) {
      this.response = value;
      return this;
    }

    public Builder contentSeen(boolean value) {
      this.contentSeen = value;
      return this;
    }

    public Builder delivered(boolean value) {
      this.delivered = value;
      return this;
    }

    public Builder openEnded(boolean value) {
      this.openEnded = value;
      return this;
    }

    /** Null when no gateway says. */
    public Builder reckonedUsd(BigDecimal value) {
      this.reckonedUsd = value;
      return this;
    }

    public Builder unreadBytes(long value) {
      this.unreadBytes = value;
      return this;
    }

    public Builder usage(Usage value) {
      this.usage = value;
      return this;
    }

    public Builder costUsd(BigDecimal value) {
      this.costUsd = value;
      return this;
    }

    public Builder requestBytes(int value) {
      this.requestBytes = value;
      return this;
    }

    /** Both may be null. */
    public Builder content(byte[] body, String text) {
      this.requestBody = body;
      this.outputText = text;
      return this;
    }

    /** Null when nothing was set aside. */
    public Builder settlement(Settlement value) {
      this.settlement = value;
      return this;
    }

    public AttemptRecord build() {
      return new AttemptRecord(this);
    }
  }
}
