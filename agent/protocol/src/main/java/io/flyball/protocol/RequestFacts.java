package io.flyball.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What a request says about itself, read without keeping any prompt text. Immutable. */
public final class RequestFacts {
  private final Protocol protocol;
  private final Operation operation;
  private final String provider;
  private final String model;
  private final boolean stream;
  private final Long maxOutputTokens;
  private final boolean outputUnlimited;
  private final boolean limitElsewhere;
  private final Double temperature;
  private final Double topP;
  private final Double topK;
  private final Double frequencyPenalty;
  private final Double presencePenalty;
  private final Long seed;
  private final Integer choices;
  private final long answers;
  private final List<String> stopSequences;
  private final String outputType;
  private final String serviceTier;
  private final String speed;
  private final Boolean reasons;
  private final String region;
  private final boolean tools;
  private final int describedTools;
  private final Map<String, Long> toolUses;
  private final int media;
  private final boolean predicted;
  private final long advice;
  private final List<String> otherModels;
  private final List<StoredInput> storedInputs;
  private final String endpointName;
  private final boolean usageOnRequest;

  private RequestFacts(Builder builder) {
    this.protocol = Objects.requireNonNull(builder.protocol, "protocol");
    this.operation = Objects.requireNonNull(builder.operation, "operation");
    this.provider = Objects.requireNonNull(builder.provider, "provider");
    this.model = builder.model;
    this.stream = builder.stream;
    this.maxOutputTokens = builder.maxOutputTokens;
    this.outputUnlimited = builder.outputUnlimited;
    this.limitElsewhere = builder.limitElsewhere;
    this.temperature = builder.temperature;
    this.topP = builder.topP;
    this.topK = builder.topK;
    this.frequencyPenalty = builder.frequencyPenalty;
    this.presencePenalty = builder.presencePenalty;
    this.seed = builder.seed;
    this.choices = builder.choices;
    this.answers =
        Math.max(1, Math.max(builder.answers, builder.choices == null ? 1 : builder.choices));
    this.stopSequences =
        builder.stopSequences == null
            ? Collections.<String>emptyList()
            : Collections.unmodifiableList(new ArrayList<>(builder.stopSequences));
    this.outputType = builder.outputType;
    this.serviceTier = builder.serviceTier;
    this.speed = builder.speed;
    this.reasons = builder.reasons;
    this.region = builder.region;
    this.tools = builder.tools;
    this.describedTools = builder.describedTools;
    this.toolUses =
        builder.toolUses == null
            ? Collections.<String, Long>emptyMap()
            : Collections.unmodifiableMap(new TreeMap<>(builder.toolUses));
    this.media = builder.media;
    this.predicted = builder.predicted;
    this.advice = builder.advice;
    this.otherModels =
        builder.otherModels == null
            ? Collections.<String>emptyList()
            : Collections.unmodifiableList(new ArrayList<>(builder.otherModels));
    this.storedInputs =
        builder.storedInputs == null
            ? Collections.<StoredInput>emptyList()
            : Collections.unmodifiableList(new ArrayList<>(builder.storedInputs));
    this.endpointName = builder.endpointName;
    this.usageOnRequest = builder.usageOnRequest;
  }

  public static Builder builder(Protocol protocol, Operation operation, String provider) {
    return new Builder(protocol, operation, provider);
  }

  public Protocol protocol() {
    return protocol;
  }

  public Operation operation() {
    return operation;
  }

  /** {@code gen_ai.provider.name}: {@code openai}, {@code azure.ai.openai}, {@code anthropic}... */
  public String provider() {
    return provider;
  }

  /** The model asked for (for Azure the deployment), or null when the request names none. */
  public String model() {
    return model;
  }

  public boolean stream() {
    return stream;
  }

  /** The output limit the request sets, in tokens, or null. */
  public Long maxOutputTokens() {
    return maxOutputTokens;
  }

  /**
   * Whether the request says, perhaps beside a limit under another name, that there is none: then
   * {@link #maxOutputTokens()} may not hold.
   */
  public boolean outputUnlimited() {
    return outputUnlimited;
  }

  /**
   * Whether a gateway may take the limit from elsewhere than from where the API has it, so that
   * lowering it there does not make sure of anything.
   */
  public boolean limitElsewhere() {
    return limitElsewhere;
  }

  public Double temperature() {
    return temperature;
  }

  public Double topP() {
    return topP;
  }

  public Double topK() {
    return topK;
  }

  public Double frequencyPenalty() {
    return frequencyPenalty;
  }

  public Double presencePenalty() {
    return presencePenalty;
  }

  public Long seed() {
    return seed;
  }

  /** {@code n} of OpenAI, or null when absent. */
  public Integer choices() {
    return choices;
  }

  /**
   * How many answers of up to {@link #maxOutputTokens()} each are generated and billed, at least 1:
   * the choices, or of legacy completions {@code best_of} for each of a list of prompts.
   */
  public long answers() {
    return answers;
  }

  public List<String> stopSequences() {
    return stopSequences;
  }

  /**
   * {@code text}, {@code json}, {@code image}, {@code speech} ({@code gen_ai.output.type}) or null.
   */
  public String outputType() {
    return outputType;
  }

  /** The service tier asked for ({@code flex}, {@code priority}...), or null. */
  public String serviceTier() {
    return serviceTier;
  }

  /** The speed asked for ({@code fast}), or null. */
  public String speed() {
    return speed;
  }

  /** Whether the model is asked to think before it answers; null when it is left to it. */
  public Boolean reasons() {
    return reasons;
  }

  /** Where inference has to stay ({@code us}...), or null when the request does not say. */
  public String region() {
    return region;
  }

  /** Whether the request offers tools to the model. */
  public boolean tools() {
    return tools;
  }

  /**
   * How many of the tools are named by their version alone, and described to the model by the
   * provider; zero or more.
   */
  public int describedTools() {
    return describedTools;
  }

  /**
   * The tools of the provider that the model may use and that are charged for, by the names that
   * price files have for them ({@code web_search}...), with how often at most, as far as the
   * request says, or else is usual. Never null.
   */
  public Map<String, Long> toolUses() {
    return toolUses;
  }

  /** How many images, sounds, films and files are in the prompt, or named in it; zero or more. */
  public int media() {
    return media;
  }

  /**
   * Whether the request foretells its answer: what the model then says otherwise is billed beside
   * it, and no limit holds for that.
   */
  public boolean predicted() {
    return predicted;
  }

  /**
   * How often the model may have another one of {@link #otherModels()} read all there is so far and
   * give advice; zero or more.
   */
  public long advice() {
    return advice;
  }

  /**
   * Models that a gateway may ask instead of {@link #model()}, as far as the request names them.
   */
  public List<String> otherModels() {
    return otherModels;
  }

  /**
   * What the model reads that is not in the body: the request only names it, the provider keeps it.
   * Never null.
   */
  public List<StoredInput> storedInputs() {
    return storedInputs;
  }

  /** The user's name for the endpoint ({@code flyball.endpoint.<name>}), or null. */
  public String endpointName() {
    return endpointName;
  }

  /**
   * Whether the provider reports the usage of a stream only when the request asks for it, and can
   * be asked; see {@link Protocol#askForUsage}.
   */
  public boolean usageOnRequest() {
    return usageOnRequest;
  }

  /** The same request with another output limit. */
  public RequestFacts withMaxOutputTokens(Long tokens) {
    return toBuilder().maxOutputTokens(tokens).outputUnlimited(false).build();
  }

  /**
   * These facts with what the application calls things by (models, tier, speed, region) as it is to
   * be shown; the same object when no name changes.
   *
   * @param shown called with each name, also with null; gives back the same object for one that
   *     stays
   */
  public RequestFacts withNames(UnaryOperator<String> shown) {
    Builder names = toBuilder();
    boolean same = (names.model = shown.apply(model)) == model;
    same &= (names.serviceTier = shown.apply(serviceTier)) == serviceTier;
    same &= (names.speed = shown.apply(speed)) == speed;
    same &= (names.region = shown.apply(region)) == region;
    List<String> others = new ArrayList<>(otherModels);
    for (int i = 0; i < others.size(); i++) {
      String other = others.get(i);
      others.set(i, shown.apply(other));
      same &= others.get(i) == other;
    }
    return same ? this : names.otherModels(others).build();
  }

  private Builder toBuilder() {
    return new Builder(protocol, operation, provider)
        .model(model).stream(stream)
            .maxOutputTokens(maxOutputTokens)
            .outputUnlimited(outputUnlimited)
            .limitElsewhere(limitElsewhere)
            .temperature(temperature)
            .topP(topP)
            .topK(topK)
            .frequencyPenalty(frequencyPenalty)
            .presencePenalty(presencePenalty)
            .seed(seed)
            .choices(choices)
            .answers(answers)
            .stopSequences(stopSequences)
            .outputType(outputType)
            .serviceTier(serviceTier)
            .speed(speed)
            .reasons(reasons)
            .region(region)
            .tools(tools)
            .describedTools(describedTools)
            .toolUses(toolUses)
            .media(media)
            .predicted(predicted)
            .advice(advice)
            .otherModels(otherModels)
            .storedInputs(storedInputs)
            .endpointName(endpointName)
            .usageOnRequest(usageOnRequest);
  }

  /** Collects facts; everything but the constructor's arguments is optional. */
  public static final class Builder {
    private final Protocol protocol;
    private final Operation operation;
    private final String provider;
    private String model;
    private boolean stream;
    private Long maxOutputTokens;
    private boolean outputUnlimited;
    private boolean limitElsewhere;
    private Double temperature;
    private Double topP;
    private Double topK;
    private Double frequencyPenalty;
    private Double presencePenalty;
    private Long seed;
    private Integer choices;
    private long answers;
    private List<String> stopSequences;
    private String outputType;
    private String serviceTier;
    private String speed;
    private Boolean reasons;
    private String region;
    private boolean tools;
    private int describedTools;
    private Map<String, Long> toolUses;
    private int media;
    private boolean predicted;
    private long advice;
    private List<String> otherModels;
    private List<StoredInput> storedInputs;
    private String endpointName;
    private boolean usageOnRequest;

    private Builder(Protocol protocol, Operation operation, String provider) {
      this.protocol = protocol;
      this.operation = operation;
      this.provider = provider;
    }

    public Builder model(String value) {
      this.model = value;
      return this;
    }

    public Builder stream(boolean value) {
      this.stream = value;
      return this;
    }

    public Builder maxOutputTokens(Long value) {
      this.maxOutputTokens = value;
      return this;
    }

    public Builder outputUnlimited(boolean value) {
      this.outputUnlimited = value;
      return this;
    }

    public Builder limitElsewhere(boolean value) {
      this.limitElsewhere = value;
      return this;
    }

    public Builder temperature(Double value) {
      this.temperature = value;
      return this;
    }

    public Builder topP(Double value) {
      this.topP = value;
      return this;
    }

    public Builder topK(Double value) {
      this.topK = value;
      return this;
    }

    public Builder frequencyPenalty(Double value) {
      this.frequencyPenalty = value;
      return this;
    }

    public Builder presencePenalty(Double value) {
      this.presencePenalty = value;
      return this;
    }

    public Builder seed(Long value) {
      this.seed = value;
      return this;
    }

    public Builder choices(Integer value) {
      this.choices = value;
      return this;
    }

    /** Zero or less: as many as there are choices. */
    public Builder answers(long value) {
      this.answers = value;
      return this;
    }

    public Builder stopSequences(List<String> value) {
      this.stopSequences = value;
      return this;
    }

    public Builder outputType(String value) {
      this.outputType = value;
      return this;
    }

    public Builder speed(String value) {
      this.speed = value;
      return this;
    }

    public Builder reasons(Boolean value) {
      this.reasons = value;
      return this;
    }

    public Builder region(String value) {
      this.region = value;
      return this;
    }

    public Builder serviceTier(String value) {
      this.serviceTier = value;
      return this;
    }

    public Builder describedTools(int value) {
      this.describedTools = value;
      return this;
    }

    public Builder tools(boolean value) {
      this.tools = value;
      return this;
    }

    /** Null: none. */
    public Builder toolUses(Map<String, Long> value) {
      this.toolUses = value;
      return this;
    }

    public Builder media(int value) {
      this.media = value;
      return this;
    }

    public Builder predicted(boolean value) {
      this.predicted = value;
      return this;
    }

    public Builder advice(long value) {
      this.advice = value;
      return this;
    }

    public Builder otherModels(List<String> value) {
      this.otherModels = value;
      return this;
    }

    /** Null: none. */
    public Builder storedInputs(List<StoredInput> value) {
      this.storedInputs = value;
      return this;
    }

    public Builder endpointName(String value) {
      this.endpointName = value;
      return this;
    }

    public Builder usageOnRequest(boolean value) {
      this.usageOnRequest = value;
      return this;
    }

    public RequestFacts build() {
      return new RequestFacts(this);
    }
  }
}
