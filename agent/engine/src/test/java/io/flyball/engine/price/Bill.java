package io.flyball.engine.price;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;

/**
 * What one answer used and what is charged for it: the plain reference of the billing rules. The
 * rates are those of the providers' lists, written here once more.
 */
final class Bill {

  /** Who is asked, under which name, and at what price per million tokens. */
  enum Model {
    GPT_4O(Dialect.OPENAI, "gpt-4o-2024-08-06", "2.5", "1.25", null, "10"),
    GPT_41_MINI(Dialect.OPENAI, "gpt-4.1-mini-2025-04-14", "0.4", "0.1", null, "1.6"),
    O4_MINI(Dialect.OPENAI, "o4-mini-2025-04-16", "1.1", "0.275", null, "4.4"),
    GPT_56(Dialect.OPENAI, "gpt-5.6-terra", "2", "0.2", "2.5", "12"),
    GPT_55(Dialect.OPENAI, "gpt-5.5", "5", "0.5", null, "30"),
    AUDIO(Dialect.OPENAI, "gpt-audio", "2.5", "2.5", null, "10"),
    AUDIO_PREVIEW(Dialect.OPENAI, "gpt-4o-audio-preview-2025-06-03", "2.5", "2.5", null, "10"),
    TUNED(Dialect.OPENAI, "ft:gpt-4o-mini-2024-07-18:acme::9x", "0.3", "0.15", null, "1.2"),
    TUNED_41(Dialect.OPENAI, "ft:gpt-4.1-2025-04-14:acme::9x", "3", "0.75", null, "12"),
    OLD_4O(Dialect.OPENAI, "gpt-4o-2024-05-13", "5", "5", null, "15"),
    AZURE(Dialect.AZURE, "gpt-35-turbo-16k", "3", "3", null, "4"),
    AZURE_35(Dialect.AZURE, "gpt-35-turbo-0125", "0.5", "0.5", null, "1.5"),
    ONE_API(Dialect.ONE_API, "gpt-4o", "2.5", "1.25", null, "10"),
    REASONS_APART(Dialect.REASONS_APART, "o4-mini", "1.1", "0.275", null, "4.4"),
    CACHE_APART(Dialect.CACHE_APART, "gpt-5.6-sol", "5", "0.5", "6.25", "30"),
    DEEPSEEK(Dialect.DEEPSEEK, "deepseek-chat", "0.27", "0.07", null, "1.1"),
    GROQ(Dialect.GROQ, "llama-3.3-70b-versatile", "0.59", "0.59", null, "0.79"),
    COHERE(Dialect.COHERE, "command-r-plus-04-2024", "3", "3", null, "15"),
    RESPONSES(Dialect.RESPONSES, "gpt-5-2025-08-07", "1.25", "0.125", null, "10"),
    OPUS(Dialect.ANTHROPIC, "claude-opus-4-6", "5", "0.5", "6.25", "25"),
    HAIKU(Dialect.ANTHROPIC, "claude-haiku-4-5-20251001", "1", "0.1", "1.25", "5"),
    VERTEX(Dialect.VERTEX, "claude-3-5-sonnet-v2@20241022", "3", "0.3", "3.75", "15"),
    FLASH(Dialect.GEMINI, "gemini-2.5-flash", "0.3", "0.03", null, "2.5"),
    FLASH_DATED(Dialect.GEMINI, "gemini-2.5-flash-preview-09-2025", "0.3", "0.03", null, "2.5"),
    PRO_3(Dialect.GEMINI, "gemini-3-pro-preview", "2", "0.2", null, "12"),
    FLASH_IMAGE(Dialect.GEMINI, "gemini-2.5-flash-image", "0.3", "0.3", null, "2.5"),
    OPENROUTER(Dialect.OPENROUTER, "anthropic/claude-sonnet-4.6", "3", "0.3", "3.75", "15"),
    VERCEL(Dialect.VERCEL, "openai/gpt-4o", "2.5", "1.25", null, "10"),
    PERPLEXITY(Dialect.PERPLEXITY, "sonar-pro", "3", "3", null, "15"),
    XAI(Dialect.XAI, "grok-4", "3", "0.75", null, "15"),
    DEEPINFRA(Dialect.DEEPINFRA, "a/model-without-a-price", null, null, null, null);

    final Dialect dialect;
    final String id;
    final String in;
    final String cached;
    final String written;
    final String out;

    Model(Dialect dialect, String id, String in, String cached, String written, String out) {
      this.dialect = dialect;
      this.id = id;
      this.in = in;
      this.cached = cached;
      this.written = written;
      this.out = out;
    }
  }

  /** How it is said. */
  enum Dialect {
    OPENAI,
    AZURE,
    /** Both families of names, one of them zero. */
    ONE_API,
    /** Reasoning is told apart, or only in the total. */
    REASONS_APART,
    /** Anthropic's names for the cache, which the input leaves out. */
    CACHE_APART,
    DEEPSEEK,
    GROQ,
    COHERE,
    RESPONSES,
    ANTHROPIC,
    VERTEX,
    GEMINI,
    OPENROUTER,
    VERCEL,
    PERPLEXITY,
    XAI,
    DEEPINFRA
  }

  final Model model;

  /** Input that is neither cached, written to a cache, nor sound. */
  final long text;

  final long heard;
  final long cached;

  /** Sound that was cached. */
  final long heardBefore;

  final long written5m;
  final long written1h;
  final long said;
  final long thought;
  final long spoken;
  final long drawn;
  final long searches;
  final String tier;
  final String speed;
  final String region;

  /** Whether the answer says which tier it was, where that was left to the provider. */
  final boolean saysTier;

  /** What the provider states; null where it states nothing. */
  final BigDecimal stated;

  /** Whether the application has a key of its own for the maker of the model. */
  final boolean ownKey;

  Bill(Random random) {
    model = Model.values()[random.nextInt(Model.values().length)];
    Dialect dialect = model.dialect;
    boolean anthropic = dialect == Dialect.ANTHROPIC || dialect == Dialect.VERTEX;
    boolean audio = model == Model.AUDIO || model == Model.AUDIO_PREVIEW;
    text = 1 + tokens(random);
    heard = audio || model == Model.FLASH ? tokens(random) : 0;
    boolean caches =
        dialect != Dialect.GROQ && dialect != Dialect.COHERE && dialect != Dialect.PERPLEXITY;
    boolean flash = model == Model.FLASH;
    cached = caches && (heard == 0 || flash) ? tokens(random) : 0;
    heardBefore = flash ? tokens(random) : 0;
    written5m = model.written == null ? 0 : tokens(random);
    written1h = anthropic ? tokens(random) : 0;
    said = 1 + tokens(random);
    thought =
        dialect == Dialect.ANTHROPIC || dialect == Dialect.COHERE || audio ? 0 : tokens(random);
    spoken = audio ? tokens(random) : 0;
    drawn = model == Model.FLASH_IMAGE ? tokens(random) : 0;
    boolean searching =
        dialect == Dialect.ANTHROPIC
            || dialect == Dialect.RESPONSES
            || dialect == Dialect.GEMINI
            || dialect == Dialect.PERPLEXITY;
    searches = searching ? random.nextInt(4) : 0;
    tier = tier(random);
    speed = model == Model.OPUS ? pick(random, null, "standard", "fast") : null;
    region = model == Model.OPUS ? pick(random, null, "global", "us", "not_available") : null;
    boolean states =
        Arrays.asList(
                Dialect.OPENROUTER,
                Dialect.VERCEL,
                Dialect.PERPLEXITY,
                Dialect.XAI,
                Dialect.DEEPINFRA)
            .contains(dialect);
    stated =
        states ? BigDecimal.valueOf(1 + random.nextInt(3_000_000), 7).stripTrailingZeros() : null;
    ownKey = dialect == Dialect.OPENROUTER && random.nextInt(3) == 0;
    saysTier = random.nextInt(4) > 0;
  }

  private static long tokens(Random random) {
    int choice = random.nextInt(6);
    return choice == 0 ? 0 : choice == 1 ? random.nextInt(400_000) : random.nextInt(3_000);
  }

  private String tier(Random random) {
    switch (model) {
      case GPT_4O:
      case GPT_55:
        return pick(random, null, "default", "priority");
      case GPT_56:
      case RESPONSES:
        return pick(random, null, "auto", "default", "flex", "priority");
      case FLASH:
        return pick(random, null, "ON_DEMAND", "ON_DEMAND_FLEX", "ON_DEMAND_PRIORITY");
      default:
        return null;
    }
  }

  static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  long input() {
    return text + heard + cached + heardBefore + written5m + written1h;
  }

  long output() {
    return said + thought + spoken + drawn;
  }

  /** US dollars; what the provider states is what it charges. */
  BigDecimal cost() {
    if (stated != null) {
      return ownKey ? stated.multiply(new BigDecimal("1.05")) : stated;
    }
    boolean long272 = (model == Model.GPT_56 || model == Model.CACHE_APART) && input() > 272_000;
    boolean long200 = model == Model.PRO_3 && input() > 200_000;
    BigDecimal read = new BigDecimal(long272 || long200 ? "2" : "1");
    BigDecimal write = new BigDecimal(long272 || long200 ? "1.5" : "1");
    BigDecimal millionths =
        times(text, model.in)
            .add(times(cached, model.cached))
            .add(times(heardBefore, "0.1"))
            .add(times(written5m, model.written == null ? "0" : model.written))
            .add(times(written1h, twice(model.in)))
            .multiply(read)
            .add(times(said + thought, model.out).multiply(write))
            .add(times(heard, heardRate()))
            .add(times(spoken, model == Model.AUDIO ? "64" : "80"))
            .add(times(drawn, "30"));
    BigDecimal fees = times(searches, "0");
    switch (model.dialect) {
      case ANTHROPIC:
      case RESPONSES:
        fees = times(searches, "10");
        break;
      case GEMINI:
        fees = model == Model.PRO_3 ? times(searches, "14") : times(Math.min(1, searches), "35");
        break;
      default:
        break;
    }
    return millionths.movePointLeft(6).multiply(factor()).add(fees.movePointLeft(3));
  }

  private String heardRate() {
    return model == Model.FLASH ? "1" : model == Model.AUDIO ? "32" : "40";
  }

  private static String twice(String rate) {
    return rate == null ? "0" : new BigDecimal(rate).add(new BigDecimal(rate)).toString();
  }

  private static BigDecimal times(long tokens, String rate) {
    return BigDecimal.valueOf(tokens).multiply(new BigDecimal(rate));
  }

  private BigDecimal factor() {
    String tiers = "1";
    if ("priority".equals(tier) || ("auto".equals(tier) && !saysTier)) {
      tiers = model == Model.GPT_4O ? "1.7" : model == Model.GPT_55 ? "2.5" : "2";
    } else if ("flex".equals(tier) || "ON_DEMAND_FLEX".equals(tier)) {
      tiers = "0.5";
    } else if ("ON_DEMAND_PRIORITY".equals(tier)) {
      tiers = "1.8";
    }
    return new BigDecimal(tiers)
        .multiply(new BigDecimal("fast".equals(speed) ? "6" : "1"))
        .multiply(new BigDecimal("us".equals(region) ? "1.1" : "1"));
  }

  @Override
  public String toString() {
    return model
        + " text "
        + text
        + " heard "
        + heard
        + " cached "
        + cached
        + '+'
        + heardBefore
        + " written "
        + written5m
        + '+'
        + written1h
        + " said "
        + said
        + " thought "
        + thought
        + " spoken "
        + spoken
        + " drawn "
        + drawn
        + " searches "
        + searches
        + ' '
        + tier
        + (saysTier ? " " : "? ")
        + speed
        + ' '
        + region
        + " stated "
        + stated
        + (ownKey ? " with an own key" : "");
  }
}
