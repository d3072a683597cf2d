package io.flyball.engine.budget;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.price.Price;
import io.flyball.engine.price.Regions;
import io.flyball.engine.wire.Completions;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** What an attempt may cost at most, before it is sent. */
public final class CostBounds {
  /** Of a model whose longest answer nobody knows. */
  private static final long UNKNOWN_OUTPUT = 16_384;

  private static final Executor DIRECT = Runnable::run;

  private static final String CACHE_CONTROL = "cache_control";

  /** That there are tools, told to the model: at most so many tokens. */
  private static final long TOOLS_PROMPT = 600;

  /** A tool that the provider itself describes, in the request only named: bash, an editor... */
  private static final long PROVIDERS_TOOL = 1_300;

  /** They are named with the day of their version. */
  private static final String DATED_TOOL = "_20";

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

  private final Prices prices;
  private final LongestAnswers longest;
  private final InputTokens counted;
  private final Executor counting;

  /** Bounds that are counted on the thread that asks. */
  public CostBounds(Prices prices, LongestAnswers longest, InputTokens counted) {
    this(prices, longest, counted, DIRECT);
  }

  /**
   * @param counting where tokens are counted: that takes time in proportion to the text, and half a
   *     second the first time
   */
  public CostBounds(Prices prices, LongestAnswers longest, InputTokens counted, Executor counting) {
    this.prices = prices;
    this.longest = longest;
    this.counted = counted;
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

  /** Tokens of the request at most, at once: no token is shorter than a byte. */
  public long roughInput(ModelCall call) {
    return call.request().body().length + toolPrompts(call);
  }

  /** What providers tell the model of tools themselves, and bill as if it were in the request. */
  private static long toolPrompts(ModelCall call) {
    return call.facts().tools()
        ? TOOLS_PROMPT + PROVIDERS_TOOL * occurrences(call.request().body(), DATED_TOOL)
        : 0;
  }

  private static long occurrences(byte[] body, String ascii) {
    long found = 0;
    for (int at = indexOf(body, ascii, 0); at >= 0; at = indexOf(body, ascii, at + 1)) {
      found++;
    }
    return found;
  }

  /** Tokens of the request, counted. */
  public long countedInput(ModelCall call) {
    byte[] body = call.request().body();
    return Math.min(body.length, counted.of(body, call.facts().model())) + toolPrompts(call);
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
    return Counts.times(limited ? limit : Math.max(limit, longestAnswer(call)), facts.answers());
  }

  private long longestAnswer(ModelCall call) {
    long known = longest.of(call.facts().provider(), call.request().host(), call.facts().model());
    return known > 0 ? known : UNKNOWN_OUTPUT;
  }

  /** Whether the price of its model is known. */
  public boolean isPriced(ModelCall call) {
    return price(call).isPresent();
  }

  /** What so many tokens take from budgets. */
  Amounts amounts(ModelCall call, long input, long output) {
    return new Amounts(usd(call, input, output), Counts.plus(input, output), 1);
  }

  /**
   * What so many tokens cost at most, in {@link BudgetUnit#USD}'s smallest parts; {@link
   * Long#MAX_VALUE} when that is not known.
   */
  public long usd(ModelCall call, long input, long output) {
    Optional<Price> price = price(call);
    if (!price.isPresent()) {
      return Long.MAX_VALUE;
    }
    Usage.Builder usage = Usage.builder(Usage.Source.ESTIMATED).input(input).output(output);
    BigDecimal plain = most(call, price.get(), usage);
    BigDecimal written = most(call, price.get(), usage.cacheWrite1h(input));
    usage.cacheWrite1h(0);
    BigDecimal most = plain;
    // Nobody knows yet what the answer will be made of.
    if (price.get().statesReasoning()) {
      most = most.max(most(call, price.get(), usage.reasoning(output)));
      usage.reasoning(0);
    }
    if (price.get().statesAudio()) {
      most = most.max(most(call, price.get(), usage.outputAudio(output)));
      usage.outputAudio(0);
    }
    if (price.get().statesImages()) {
      most = most.max(most(call, price.get(), usage.outputImage(output)));
    }
    // Most prices make no difference; then nobody looks through the prompt.
    if (written.compareTo(plain) > 0 && mayWriteCache(call)) {
      most = most.add(written.subtract(plain));
    }
    return BudgetUnit.USD.parts(most);
  }

  private static BigDecimal most(ModelCall call, Price price, Usage.Builder usage) {
    RequestFacts facts = call.facts();
    String region = facts.region() == null ? Regions.of(call.request().host()) : facts.region();
    return price.costAtMost(usage.build(), facts.serviceTier(), facts.speed(), region);
  }

  /** Whether it asks for sounds or images that its model's price says nothing of. */
  private static boolean isUnpriced(Price price, String outputType) {
    return ("speech".equals(outputType) && !price.statesAudio())
        || ("image".equals(outputType) && !price.statesImages());
  }

  /** Writing to a prompt cache costs more than reading the prompt. */
  private static boolean mayWriteCache(ModelCall call) {
    return indexOf(call.request().body(), CACHE_CONTROL, 0) >= 0;
  }

  private static int indexOf(byte[] body, String ascii, int from) {
    for (int i = from; i + ascii.length() <= body.length; i++) {
      int matched = 0;
      while (matched < ascii.length() && body[i + matched] == ascii.charAt(matched)) {
        matched++;
      }
      if (matched == ascii.length()) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The longest answer that so much pays for.
   *
   * @param left in the unit's smallest parts
   * @return tokens; -1 when not even the request is paid for
   */
  public long affordableOutput(ModelCall call, long input, long most, BudgetUnit unit, long left) {
    if (amounts(call, input, 0).of(unit) > left) {
      return -1;
    }
    long low = 0;
    long high = most;
    while (low < high) {
      long middle = high - (high - low) / 2;
      if (amounts(call, input, middle).of(unit) <= left) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Of what the call asks for. */
  private Optional<Price> price(ModelCall call) {
    RequestFacts facts = call.facts();
    Optional<Price> price = prices.of(facts.provider(), call.request().host(), facts.model());
    return price.isPresent() && isUnpriced(price.get(), facts.outputType())
        ? Optional.<Price>empty()
        : price;
  }
}
