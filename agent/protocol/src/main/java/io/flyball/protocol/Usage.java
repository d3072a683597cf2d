package io.flyball.protocol;

import io.flyball.protocol.json.Counts;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What one answer used, in one normal form, whatever the provider's own arithmetic: {@code input}
 * always includes the cached and cache-written tokens, {@code output} always includes reasoning.
 *
 * <p>Counts are tokens unless they say otherwise, zero or more. A part never exceeds its whole.
 */
public final class Usage {
  /** Where the numbers come from. */
  public enum Source {
    /** The provider reported them; a reported zero is a zero. */
    REPORTED,
    /** The provider reported nothing; we counted. */
    ESTIMATED,
    /**
     * The answer ended early (cancelled, cut); what the provider had reported is kept, what it had
     * not is counted from what was delivered.
     */
    PARTIAL
  }

  private final long input;
  private final long cacheRead;
  private final long cacheReadAudio;
  private final long cacheWrite5m;
  private final long cacheWrite1h;
  private final long output;
  private final long reasoning;
  private final long inputAudio;
  private final long inputImage;
  private final long outputAudio;
  private final long outputImage;
  private final Map<String, Long> toolUses;
  private final BigDecimal statedUsd;
  private final boolean incomplete;
  private final boolean cacheTimeUntold;
  private final boolean outputKindsUntold;
  private final Source source;

  private Usage(Builder builder) {
    this.cacheRead = atLeastZero(builder.cacheRead);
    this.cacheReadAudio = Math.min(atLeastZero(builder.cacheReadAudio), cacheRead);
    this.cacheWrite5m = atLeastZero(builder.cacheWrite5m);
    this.cacheWrite1h = atLeastZero(builder.cacheWrite1h);
    this.input =
        Math.max(
            atLeastZero(builder.input),
            Counts.plus(cacheRead, Counts.plus(cacheWrite5m, cacheWrite1h)));
    this.output = atLeastZero(builder.output);
    this.reasoning = Math.min(atLeastZero(builder.reasoning), output);
    this.inputAudio = Math.min(atLeastZero(builder.inputAudio), input);
    this.outputAudio = Math.min(atLeastZero(builder.outputAudio), output);
    this.inputImage = Math.min(atLeastZero(builder.inputImage), input - inputAudio);
    this.outputImage = Math.min(atLeastZero(builder.outputImage), output - outputAudio);
    this.toolUses =
        builder.toolUses == null
            ? Collections.<String, Long>emptyMap()
            : Collections.unmodifiableMap(new TreeMap<>(builder.toolUses));
    this.statedUsd = builder.statedUsd;
    this.incomplete = builder.incomplete;
    this.cacheTimeUntold = builder.cacheTimeUntold;
    this.outputKindsUntold = builder.outputKindsUntold;
    this.source = Objects.requireNonNull(builder.source, "source");
  }

  private static long atLeastZero(long count) {
    return Math.max(0, count);
  }

  public static Builder builder(Source source) {
    return new Builder(source);
  }

  /** All input tokens, cached and cache-written ones included. */
  public long input() {
    return input;
  }

  /** Input tokens read from the provider's prompt cache. */
  public long cacheRead() {
    return cacheRead;
  }

  /** Audio tokens within those; 0 where the provider does not tell. */
  public long cacheReadAudio() {
    return cacheReadAudio;
  }

  /** Input tokens written to the prompt cache with the default (5 minute) lifetime. */
  public long cacheWrite5m() {
    return cacheWrite5m;
  }

  /** Input tokens written to the prompt cache with the one hour lifetime. */
  public long cacheWrite1h() {
    return cacheWrite1h;
  }

  /** All output tokens, reasoning included. */
  public long output() {
    return output;
  }

  /** Output tokens spent on reasoning (thinking); part of {@link #output()}. */
  public long reasoning() {
    return reasoning;
  }

  /** Audio tokens within the input; cached ones are left out where the provider tells. */
  public long inputAudio() {
    return inputAudio;
  }

  /** Audio tokens within the output. */
  public long outputAudio() {
    return outputAudio;
  }

  /** Image tokens within the input; cached ones are left out where the provider tells. */
  public long inputImage() {
    return inputImage;
  }

  /** Image tokens within the output. */
  public long outputImage() {
    return outputImage;
  }

  /**
   * How often tools of the provider were used that it charges for, by the names that price files
   * have for them ({@code web_search}...); empty when none was.
   */
  public Map<String, Long> toolUses() {
    return toolUses;
  }

  /**
   * What the provider says that it charges for the answer, in US dollars, all of it included; null
   * when it does not say.
   */
  public BigDecimal statedUsd() {
    return statedUsd;
  }

  /**
   * Whether something was used that is charged for and cannot be counted here: images made by
   * another model, another model's advice. What it costs is then not known unless it is stated.
   */
  public boolean incomplete() {
    return incomplete;
  }

  public Source source() {
    return source;
  }

  /**
   * Whether nothing says for how long what was written to the cache is kept: it is told as {@link
   * #cacheWrite5m()}.
   */
  public boolean cacheTimeUntold() {
    return cacheTimeUntold;
  }

  /**
   * Whether there are sounds or images in the answer, and nothing says how many tokens they are.
   */
  public boolean outputKindsUntold() {
    return outputKindsUntold && outputAudio == 0 && outputImage == 0;
  }

  /** Whether nothing of it is charged for: zeros beside an error, for example. */
  public boolean isNothing() {
    return total() == 0
        && toolUses.isEmpty()
        && !incomplete
        && (statedUsd == null || statedUsd.signum() == 0);
  }

  /** A builder that starts with all of this, from another source. */
  public Builder toBuilder(Source newSource) {
    Builder builder = new Builder(newSource);
    builder.input = input;
    builder.cacheRead = cacheRead;
    builder.cacheReadAudio = cacheReadAudio;
    builder.cacheWrite5m = cacheWrite5m;
    builder.cacheWrite1h = cacheWrite1h;
    builder.output = output;
    builder.reasoning = reasoning;
    builder.inputAudio = inputAudio;
    builder.inputImage = inputImage;
    builder.outputAudio = outputAudio;
    builder.outputImage = outputImage;
    builder.toolUses = toolUses.isEmpty() ? null : new TreeMap<>(toolUses);
    builder.statedUsd = statedUsd;
    builder.incomplete = incomplete;
    builder.cacheTimeUntold = cacheTimeUntold;
    builder.outputKindsUntold = outputKindsUntold;
    return builder;
  }

  /** Input and output together; {@link Long#MAX_VALUE} when that does not fit. */
  public long total() {
    return Counts.plus(input, output);
  }

  /** By what was used; what nothing says of it makes no other usage. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Usage)) {
      return false;
    }
    Usage that = (Usage) other;
    return input == that.input
        && cacheRead == that.cacheRead
        && cacheReadAudio == that.cacheReadAudio
        && cacheWrite5m == that.cacheWrite5m
        && cacheWrite1h == that.cacheWrite1h
        && output == that.output
        && reasoning == that.reasoning
        && inputAudio == that.inputAudio
        && outputAudio == that.outputAudio
        && inputImage == that.inputImage
        && outputImage == that.outputImage
        && toolUses.equals(that.toolUses)
        && Objects.equals(statedUsd, that.statedUsd)
        && incomplete == that.incomplete
        && source == that.source;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        input,
        cacheRead,
        cacheReadAudio,
        cacheWrite5m,
        cacheWrite1h,
        output,
        reasoning,
        inputAudio,
        outputAudio,
        inputImage,
        outputImage,
        toolUses,
        statedUsd,
        incomplete,
        source);
  }

  @Override
  public String toString() {
    return "Usage{input="
        + input
        + ", cacheRead="
        + cacheRead
        + ", cacheReadAudio="
        + cacheReadAudio
        + ", cacheWrite5m="
        + cacheWrite5m
        + ", cacheWrite1h="
        + cacheWrite1h
        + ", output="
        + output
        + ", reasoning="
        + reasoning
        + ", inputAudio="
        + inputAudio
        + ", outputAudio="
        + outputAudio
        + ", inputImage="
        + inputImage
        + ", outputImage="
        + outputImage
        + ", toolUses="
        + toolUses
        + ", statedUsd="
        + statedUsd
        + ", incomplete="
        + incomplete
        + ", source="
        + source
        + '}';
  }

  /** Collects counts; negative counts (some gateways send them) become zero. */
  public static final class Builder {
    private long input;
    private long cacheRead;
    private long cacheReadAudio;
    private long cacheWrite5m;
    private long cacheWrite1h;
    private long output;
    private long reasoning;
    private long inputAudio;
    private long inputImage;
    private long outputAudio;
    private long outputImage;
    private Map<String, Long> toolUses;
    private BigDecimal statedUsd;
    private boolean incomplete;
    private boolean cacheTimeUntold;
    private boolean outputKindsUntold;
    private final Source source;

    private Builder(Source source) {
      this.source = source;
    }

    public Builder input(long tokens) {
      this.input = tokens;
      return this;
    }

    public Builder cacheRead(long tokens) {
      this.cacheRead = tokens;
      return this;
    }

    public Builder cacheReadAudio(long tokens) {
      this.cacheReadAudio = tokens;
      return this;
    }

    public Builder cacheWrite5m(long tokens) {
      this.cacheWrite5m = tokens;
      return this;
    }

    public Builder cacheWrite1h(long tokens) {
      this.cacheWrite1h = tokens;
      return this;
    }

    public Builder output(long tokens) {
      this.output = tokens;
      return this;
    }

    public Builder reasoning(long tokens) {
      this.reasoning = tokens;
      return this;
    }

    public Builder inputAudio(long tokens) {
      this.inputAudio = tokens;
      return this;
    }

    public Builder outputAudio(long tokens) {
      this.outputAudio = tokens;
      return this;
    }

    public Builder inputImage(long tokens) {
      this.inputImage = tokens;
      return this;
    }

    public Builder outputImage(long tokens) {
      this.outputImage = tokens;
      return this;
    }

    /** A tool was used so often more; none is no use. */
    public Builder toolUse(String tool, long times) {
      if (times > 0) {
        toolUses = toolUses == null ? new TreeMap<>() : toolUses;
        toolUses.merge(tool, times, Counts::plus);
      }
      return this;
    }

    /** Null when the provider does not say. */
    public Builder statedUsd(BigDecimal amount) {
      this.statedUsd = amount;
      return this;
    }

    public Builder incomplete(boolean value) {
      this.incomplete = value;
      return this;
    }

    public Builder cacheTimeUntold(boolean value) {
      this.cacheTimeUntold = value;
      return this;
    }

    public Builder outputKindsUntold(boolean value) {
      this.outputKindsUntold = value;
      return this;
    }

    public Usage build() {
      return new Usage(this);
    }
  }
}
