package io.flyball.engine.budget;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.price.Price;
import io.flyball.engine.price.Regions;
import io.flyball.engine.price.ToolFees;
import io.flyball.engine.tokens.MediaCounter;
import io.flyball.engine.tokens.MediaTokens;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.UnicodeText;
import io.flyball.wire.Completions;
import io.flyball.wire.WireRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** What an attempt may cost at most, before it is sent. */
public final class CostBounds {
  /** Of a model of which nobody knows how much it takes. */
  private static final long UNKNOWN_OUTPUT = 16_384;

  /** Hardly a model that reads more can answer with more. */
  private static final long LONGEST_OUTPUT = 128_000;

  private static final Executor DIRECT = Runnable::run;

  /** Of models that search by themselves and charge for each query. */
  private static final String SEARCH_QUERY = "search_query";

  private static final long MOST_RESEARCH = 50;

  /** A prompt is not counted for more models than that. */
  private static final int MOST_COUNTED = 16;

  /** That there are tools, told to the model: at most so many tokens. */
  private static final long TOOLS_PROMPT = 600;

  /** A tool that the provider itself describes, in the request only named: bash, an editor... */
  private static final long PROVIDERS_TOOL = 1_300;

  /** What another model says that is asked for advice; no limit of the request holds for it. */
  private static final long ADVICE = 4_096;

  /** The price of a model. */
  public interface Prices {
    Optional<Price> of(String provider, String host, String model);
  }

  /** Counts what a model reads; takes time in proportion to the text. */
  public interface InputTokens {

    /** At least as many as the provider will count, as well as that can be known. */
    long of(byte[] body, String model);
  }

  /** The longest answer of a model in tokens; 0 when not known. */
  public interface LongestAnswers {
    long of(String provider, String host, String model);
  }

  /** The context window of a model in tokens; 0 when not known. */
  public interface Windows {
    /** Of models whose context window nobody knows. */
    long USUAL = 200_000;

    long of(String provider, String host, String model);

    /** The longest of all models that may answer; 0 when there is one, and it is not known. */
    default long mostOf(RequestFacts request, String host) {
      long most = of(request.provider(), host, request.model());
      for (String model : request.otherModels()) {
        long other = of(request.provider(), host, model);
        // Where one is not known, the usual one may be longer than those that are.
        most =
            most == 0 || other == 0
                ? Math.max(USUAL, Math.max(most, other))
                : Math.max(most, other);
      }
      return most;
    }
  }

  private final Prices prices;
  private final LongestAnswers longest;
  private final Windows windows;
  private final InputTokens counted;
  private final StoredSizes stored;
  private final MediaCounter media = new MediaCounter();
  private final Executor counting;

  /** Bounds that are counted on the thread that asks. */
  public CostBounds(Prices prices, LongestAnswers longest, InputTokens counted) {
    this(prices, longest, (provider, host, model) -> 0, counted, new StoredSizes(), DIRECT);
  }

  /**
   * @param stored knows how much a model reads that the provider keeps
   * @param counting where tokens are counted: that takes time in proportion to the text, and half a
   *     second the first time
   */
  public CostBounds(
      Prices prices,
      LongestAnswers longest,
      Windows windows,
      InputTokens counted,
      StoredSizes stored,
      Executor counting) {
    this.prices = prices;
    this.longest = longest;
    this.windows = windows;
    this.counted = counted;
    this.stored = stored;
    this.counting = counting;
  }

  /**
   * Does work that counts where that holds up nobody; goes on on the call's own executor.
   *
   * @return fails where the work does
   */
  public <T> CompletionStage<T> elsewhere(ModelCall call, Supplier<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Runnable task =
        () -> {
          T result;
          try {
            result = work.get();
          } catch (Throwable failure) {
            Completions.execute(
                call.context().executor(), () -> done.completeExceptionally(failure));
            return;
          }
          if (counting == DIRECT) {
            done.complete(result);
          } else {
            Completions.execute(call.context().executor(), () -> done.complete(result));
          }
        };
    try {
      counting.execute(task);
    } catch (RejectedExecutionException closed) {
      task.run();
    }
    return done;
  }

  /** What the server reads, whichever of JSON's encodings it is written in. */
  private static byte[] body(ModelCall call) {
    return UnicodeText.utf8(call.request().body());
  }

  /**
   * Tokens of the request at most, at once: no token of text is shorter than a byte. Where there is
   * more than text this is far too much, and {@link #measuredInput} better.
   */
  public MostInput roughInput(ModelCall call) {
    MostInput text = MostInput.ofText(Counts.plus(body(call).length, besides(call)));
    RequestFacts facts = call.facts();
    if (facts.media() == 0) {
      return text;
    }
    long one = media.mostOfOne(facts.provider(), facts.model(), window(call));
    for (String model : facts.otherModels()) {
      one = Math.max(one, media.mostOfOne(facts.provider(), model, window(call)));
    }
    long most = Counts.times(facts.media(), one);
    return text.plus(most, most, 0);
  }

  /** Whether the request holds more than text, so that looking at it closely says much more. */
  public boolean hasMedia(ModelCall call) {
    return call.facts().media() > 0;
  }

  /** Text by its bytes, everything else as providers count it; takes time as large requests do. */
  public MostInput measuredInput(ModelCall call) {
    if (!hasMedia(call)) {
      return roughInput(call);
    }
    MediaTokens found = media(call);
    return with(found, Counts.plus(body(call).length - found.bytes(), besides(call)));
  }

  private static MostInput with(MediaTokens found, long text) {
    return MostInput.ofText(text).plus(found.total(), found.audio(), found.image());
  }

  private MediaTokens media(ModelCall call) {
    MediaTokens most = media(call, call.facts().model());
    for (String model : call.facts().otherModels()) {
      MediaTokens other = media(call, model);
      most = other.total() > most.total() ? other : most;
    }
    return most;
  }

  private MediaTokens media(ModelCall call, String model) {
    RequestFacts facts = call.facts();
    return media.atMost(facts.provider(), model, body(call), window(call), facts.media());
  }

  private long window(ModelCall call) {
    return windows.mostOf(call.facts(), call.request().host());
  }

  private long window(ModelCall call, String model) {
    return windows.of(call.facts().provider(), call.request().host(), model);
  }

  /** What the model reads that does not stand in the request, as far as it is known. */
  private long besides(ModelCall call) {
    WireRequest request = call.request();
    return Counts.plus(
        toolPrompts(call), stored.known(call.facts(), request.host(), request.port()));
  }

  /**
   * The same, where the provider keeps something that the model reads and nobody knows how long it
   * is: no longer than the context window.
   */
  MostInput withUnknown(ModelCall call, MostInput input) {
    WireRequest request = call.request();
    long unknown = stored.unknown(call.facts(), request.host(), request.port(), windows);
    return unknown == 0 ? input : input.plus(unknown, 0, 0);
  }

  /** What providers tell the model of tools themselves, and bill as if it were in the request. */
  private static long toolPrompts(ModelCall call) {
    RequestFacts facts = call.facts();
    return facts.tools()
        ? Counts.plus(TOOLS_PROMPT, Counts.times(PROVIDERS_TOOL, facts.describedTools()))
        : 0;
  }

  /** As {@link #measuredInput}, with the text counted. */
  public MostInput countedInput(ModelCall call) {
    byte[] body = body(call);
    MediaTokens found = media(call);
    long text = Math.min(body.length - found.bytes(), counted(call, body));
    return with(found, Counts.plus(text, besides(call)));
  }

  /** By the tokenizer of whichever model makes the most of it. */
  private long counted(ModelCall call, byte[] body) {
    List<String> others = call.facts().otherModels();
    if (others.size() > MOST_COUNTED) {
      return body.length;
    }
    long most = counted.of(body, call.facts().model());
    for (String model : others) {
      most = Math.max(most, counted.of(body, model));
    }
    return most;
  }

  /** Tokens of the answer at most. */
  public long output(ModelCall call) {
    RequestFacts facts = call.facts();
    if (facts.operation() == Operation.EMBEDDINGS) {
      return 0;
    }
    long limit = facts.maxOutputTokens() == null ? 0 : Math.max(0, facts.maxOutputTokens());
    // Zero and less are no limit to some servers (llama.cpp, LM Studio, Ollama).
    boolean limited = limit > 0 && !facts.outputUnlimited();
    long each = limited ? limit : Math.max(limit, longestAnswer(call));
    // What was foretold and does not come is billed beside what is said.
    long foretold = facts.predicted() ? body(call).length : 0;
    return Counts.times(Counts.plus(each, foretold), facts.answers());
  }

  private long longestAnswer(ModelCall call) {
    long most = longestAnswer(call, call.facts().model());
    for (String model : call.facts().otherModels()) {
      most = Math.max(most, longestAnswer(call, model));
    }
    return most;
  }

  private long longestAnswer(ModelCall call, String model) {
    long known = longest.of(call.facts().provider(), call.request().host(), model);
    if (known > 0) {
      return known;
    }
    long window = window(call, model);
    return window > 0 ? Math.min(window, LONGEST_OUTPUT) : UNKNOWN_OUTPUT;
  }

  /** Whether the price of its model is known. */
  public boolean isPriced(ModelCall call) {
    return !prices(call).contains(null);
  }

  /** What so many tokens take from budgets. */
  Amounts amounts(ModelCall call, MostInput input, long output) {
    return amounts(call, input, output, new CacheMarks(body(call)));
  }

  private Amounts amounts(ModelCall call, MostInput input, long output, CacheMarks marks) {
    long tokens = Counts.plus(input.tokens(), output);
    long advice = call.facts().advice();
    long advised = Counts.plus(tokens, Counts.times(advice, Counts.plus(tokens, ADVICE)));
    return new Amounts(usd(call, input, output, marks), advised, 1);
  }

  /**
   * What so many tokens cost at most, in {@link BudgetUnit#USD}'s smallest parts, with the tools of
   * the provider that may be used on the way; {@link Long#MAX_VALUE} when that is not known.
   */
  public long usd(ModelCall call, MostInput input, long output) {
    return usd(call, input, output, new CacheMarks(body(call)));
  }

  private long usd(ModelCall call, MostInput input, long output, CacheMarks marks) {
    List<Price> prices = prices(call);
    if (prices.contains(null)) {
      return Long.MAX_VALUE;
    }
    long most = 0;
    for (Price price : prices) {
      most = Math.max(most, usd(call, price, input, output, marks));
    }
    long advice = call.facts().advice();
    if (advice > 0) {
      Usage.Builder usage =
          Usage.builder(Usage.Source.ESTIMATED)
              .input(Counts.plus(input.tokens(), output))
              .output(ADVICE);
      long each = 0;
      for (Price price : prices) {
        each = Math.max(each, BudgetUnit.USD.parts(most(call, price, usage)));
      }
      most = Counts.plus(most, Counts.times(advice, each));
    }
    return most;
  }

  private static long usd(
      ModelCall call, Price price, MostInput input, long output, CacheMarks marks) {
    long tokens = input.tokens();
    Usage.Builder usage = Usage.builder(Usage.Source.ESTIMATED).input(tokens).output(output);
    BigDecimal dearerByCache = dearerByCache(call, price, usage, tokens, marks);
    usage.inputAudio(input.audio()).inputImage(input.image());
    toolUses(call.facts(), price, usage);
    BigDecimal most = most(call, price, usage);
    // Nobody knows yet what the answer will be made of.
    if (price.statesReasoning()) {
      most = most.max(most(call, price, usage.reasoning(output)));
      usage.reasoning(0);
    }
    if (price.statesAudio()) {
      most = most.max(most(call, price, usage.outputAudio(output)));
      usage.outputAudio(0);
    }
    if (price.statesImages()) {
      most = most.max(most(call, price, usage.outputImage(output)));
    }
    return BudgetUnit.USD.parts(
        most.add(dearerByCache).add(ToolFees.unlisted(price, call.facts())));
  }

  /** What it costs more when all of the prompt is written to the provider's cache. */
  private static BigDecimal dearerByCache(
      ModelCall call, Price price, Usage.Builder usage, long tokens, CacheMarks marks) {
    // Most prices make no difference; then nobody looks through the prompt.
    if (!price.statesCacheWrites() || (price.cachesWhenMarked() && !marks.areThere())) {
      return BigDecimal.ZERO;
    }
    BigDecimal plain = most(call, price, usage);
    boolean hour = price.statesHourInCache() && marks.areForAnHour();
    BigDecimal written =
        most(call, price, hour ? usage.cacheWrite1h(tokens) : usage.cacheWrite5m(tokens));
    usage.cacheWrite1h(0).cacheWrite5m(0);
    return written.subtract(plain).max(BigDecimal.ZERO);
  }

  private static void toolUses(RequestFacts facts, Price price, Usage.Builder usage) {
    for (Map.Entry<String, Long> tool : facts.toolUses().entrySet()) {
      if (ToolFees.isCharged(tool.getKey(), facts)) {
        usage.toolUse(tool.getKey(), tool.getValue());
      }
    }
    if (price.chargesFor(SEARCH_QUERY)) {
      usage.toolUse(SEARCH_QUERY, MOST_RESEARCH);
    }
  }

  private static BigDecimal most(ModelCall call, Price price, Usage.Builder usage) {
    RequestFacts facts = call.facts();
    String region = facts.region() == null ? Regions.of(call.request().host()) : facts.region();
    return price.costAtMost(usage.build(), facts.serviceTier(), facts.speed(), region);
  }

  /** Whether it asks for sounds, images or a speed that its model's price says nothing of. */
  private static boolean isUnpriced(Price price, RequestFacts facts) {
    String outputType = facts.outputType();
    return ("speech".equals(outputType) && !price.statesAudio())
        || ("image".equals(outputType) && !price.statesImages())
        || ("fast".equalsIgnoreCase(facts.speed()) && !price.statesFast());
  }

  /**
   * The longest answer that so much pays for.
   *
   * @param left in the unit's smallest parts
   * @return tokens; -1 when not even the request is paid for
   */
  public long affordableOutput(
      ModelCall call, MostInput input, long most, BudgetUnit unit, long left) {
    CacheMarks marks = new CacheMarks(body(call));
    if (amounts(call, input, 0, marks).of(unit) > left) {
      return -1;
    }
    long low = 0;
    long high = most;
    while (low < high) {
      long middle = high - (high - low) / 2;
      if (amounts(call, input, middle, marks).of(unit) <= left) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Of what the call asks for, by each model that may answer it; null where one is not known. */
  private List<Price> prices(ModelCall call) {
    List<String> others = call.facts().otherModels();
    if (others.isEmpty()) {
      return Collections.singletonList(price(call, call.facts().model()));
    }
    List<Price> all = new ArrayList<>();
    if (call.facts().model() != null) {
      all.add(price(call, call.facts().model()));
    }
    for (String model : others) {
      all.add(price(call, model));
    }
    return all;
  }

  private Price price(ModelCall call, String model) {
    RequestFacts facts = call.facts();
    Optional<Price> price = prices.of(facts.provider(), call.request().host(), model);
    return price.isPresent() && !isUnpriced(price.get(), facts) ? price.get() : null;
  }
}
