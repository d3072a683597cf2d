package io.flyball.engine.budget;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.price.Price;
import io.flyball.engine.price.Regions;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import java.math.BigDecimal;
import java.util.Optional;

/** What an attempt may cost at most, before it is sent. */
public final class CostBounds {
  /** Of a model whose longest answer nobody knows. */
  private static final long UNKNOWN_OUTPUT = 16_384;

  private static final String CACHE_CONTROL = "cache_control";

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

  public CostBounds(Prices prices, LongestAnswers longest, InputTokens counted) {
    this.prices = prices;
    this.longest = longest;
    this.counted = counted;
  }

  /** Tokens of the request at most, at once: no token is shorter than a byte. */
  public long roughInput(ModelCall call) {
    return call.request().body().length;
  }

  /** Tokens of the request, counted. */
  public long countedInput(ModelCall call) {
    return Math.min(roughInput(call), counted.of(call.request().body(), call.facts().model()));
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
    return contains(call.request().body(), CACHE_CONTROL);
  }

  private static boolean contains(byte[] body, String ascii) {
    for (int i = 0; i + ascii.length() <= body.length; i++) {
      int matched = 0;
      while (matched < ascii.length() && body[i + matched] == ascii.charAt(matched)) {
        matched++;
      }
      if (matched == ascii.length()) {
        return true;
      }
    }
    return false;
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
