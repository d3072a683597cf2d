package io.flyball.engine.config;

import io.flyball.engine.request.RequestLimits;
import io.flyball.settings.InvalidValueException;
import io.flyball.settings.NameKind;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code flyball.request.*}: what one call may be at most. */
public final class RequestConfig {
  private static final String ROUTE = "route:";
  private static final Pattern DOLLARS = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,12})?) ?(?i:USD)");

  static final ValueType<BigDecimal> COST =
      new ValueType<BigDecimal>() {
        @Override
        public BigDecimal parse(String text) throws InvalidValueException {
          Matcher written = DOLLARS.matcher(text);
          if (written.matches()) {
            BigDecimal amount = new BigDecimal(written.group(1));
            if (amount.signum() > 0) {
              return amount;
            }
          }
          throw InvalidValueException.mustBe("an amount of money such as 0.50 USD");
        }
      };

  /** What is done with a call that exceeds its limits. Immutable. */
  static final class Reaction {
    final boolean trims;
    final String target;

    Reaction(boolean trims, String target) {
      this.trims = trims;
      this.target = target;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Reaction
          && ((Reaction) other).trims == trims
          && Objects.equals(((Reaction) other).target, target);
    }

    @Override
    public int hashCode() {
      return Objects.hash(trims, target);
    }
  }

  private static final ValueType<Reaction> REACTION =
      new ValueType<Reaction>() {
        @Override
        public Reaction parse(String text) throws InvalidValueException {
          if (text.equals("block") || text.equals("trim")) {
            return new Reaction(text.equals("trim"), null);
          }
          String target = text.startsWith(ROUTE) ? text.substring(ROUTE.length()).trim() : "";
          if (NameKind.NAME.allows(target)) {
            return new Reaction(false, target);
          }
          throw InvalidValueException.mustBe("block, trim or route:<target>");
        }
      };

  /** What may be left out. */
  enum Trim {
    OLDEST_TURNS,
    MIDDLE
  }

  static final Property<Long> MAX_INPUT_TOKENS =
      Property.of(
              "request.max-input-tokens",
              ValueType.orOff(ValueType.tokens()),
              "Tokens of a prompt, tools and all. They are counted, where a prompt is long enough to"
                  + " matter, with about a tenth to spare.")
          .defaultsTo("off")
          .example("100k tokens");
  static final Property<Long> MAX_OUTPUT_TOKENS =
      Property.of(
              "request.max-output-tokens",
              ValueType.orOff(ValueType.tokens()),
              "Tokens of an answer: a request that asks for more, or does not say, asks for so many.")
          .defaultsTo("off")
          .example("4k tokens");
  static final Property<BigDecimal> MAX_COST =
      Property.of(
              "request.max-cost",
              ValueType.orOff(COST),
              "What a request may cost at most. The answer is limited to what that pays for, as long"
                  + " as it is worth having. For models without a known price `flyball.budget.unpriced`"
                  + " holds.")
          .defaultsTo("off")
          .example("0.50 USD");
  static final Property<Reaction> ON_EXCEED =
      Property.of(
              "request.on-exceed",
              REACTION,
              "What happens to a call whose prompt is too much: `block` refuses it, `trim` leaves"
                  + " something out, `route:<target>` sends it to a target with a larger window or a"
                  + " lower price; what does not fit there, or cannot be trimmed enough, is refused.")
          .defaultsTo("block")
          .example("route:large")
          .naming(TargetConfig.URL, RequestConfig::targetsIn);
  static final Property<Trim> TRIM =
      Property.of(
              "request.trim",
              ValueType.oneOf(Trim.class),
              "What `trim` leaves out: `oldest-turns`, but no system prompt, not what the user said"
                  + " last, and no tool call without its result; or the `middle` of the longest"
                  + " texts.")
          .defaultsTo("oldest-turns")
          .example("middle");
  public static final Section<RequestConfig> SECTION =
      Section.of(
          "Limits of one call",
          "They hold for every target a call is sent to.",
          RequestConfig::new,
          MAX_INPUT_TOKENS,
          MAX_OUTPUT_TOKENS,
          MAX_COST,
          ON_EXCEED,
          TRIM);

  private final Long maxInputTokens;
  private final Long maxOutputTokens;
  private final BigDecimal maxCost;
  private final Reaction onExceed;
  private final Trim trim;

  RequestConfig(Values values) {
    this.maxInputTokens = values.get(MAX_INPUT_TOKENS);
    this.maxOutputTokens = values.get(MAX_OUTPUT_TOKENS);
    this.maxCost = values.get(MAX_COST);
    this.onExceed = values.get(ON_EXCEED);
    this.trim = values.get(TRIM);
  }

  private static List<String> targetsIn(Reaction reaction) {
    return reaction.target == null
        ? Collections.<String>emptyList()
        : Collections.singletonList(reaction.target);
  }

  /** The target that takes what is too much; null when none does. */
  public String routeTo() {
    return onExceed.target;
  }

  /**
   * The same, as the stage takes it.
   *
   * @param admitsUnpriced whether models without a known price may be asked where the cost is
   *     limited
   * @param routeWindow the context window of {@link #routeTo} in tokens; 0 when the user says none
   */
  public RequestLimits limits(boolean admitsUnpriced, long routeWindow) {
    return RequestLimits.builder()
        .maxInputTokens(maxInputTokens == null ? 0 : maxInputTokens)
        .maxOutputTokens(maxOutputTokens == null ? 0 : maxOutputTokens)
        .maxCostUsd(maxCost, admitsUnpriced)
        .trim(
            !onExceed.trims
                ? RequestLimits.Trim.NOTHING
                : trim == Trim.MIDDLE ? RequestLimits.Trim.MIDDLE : RequestLimits.Trim.OLDEST_TURNS)
        .routeTo(onExceed.target, routeWindow)
        .build();
  }
}
