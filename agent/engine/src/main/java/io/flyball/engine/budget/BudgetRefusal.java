package io.flyball.engine.budget;

import io.flyball.engine.attempt.Refused;
import io.flyball.engine.call.BudgetDecision;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.RefusalNotices;
import io.flyball.engine.content.ShownNames;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.WireResponse;
import java.time.Instant;

/** What a call is told that its budgets do not pay for, and the user with it. */
final class BudgetRefusal {
  private static final String KIND = "budget ";
  private static final int LONGEST_MODEL = 100;

  private final CostBounds bounds;
  private final RefusalNotices notices;

  BudgetRefusal(CostBounds bounds, RefusalNotices notices) {
    this.bounds = bounds;
    this.notices = notices;
  }

  /** Whether it is refused because nobody knows what it costs. */
  boolean isForWantOfAPrice(ModelCall call, Budget budget) {
    return budget.unit() == BudgetUnit.USD && !bounds.isPriced(call);
  }

  /**
   * Says no.
   *
   * @param input what its prompt was taken to have at most
   * @param output what its answer was
   */
  WireResponse of(ModelCall call, Decision decision, MostInput input, long output) {
    Budget budget = decision.budget();
    String message;
    if (isForWantOfAPrice(call, budget)) {
      String model = call.facts().model();
      message = withoutPrice(model, budget);
      // The application knows what it asked for; the log is for others, too.
      notices.once(
          "unpriced",
          oneOfFew(model),
          () -> outcome(budget) + withoutPrice(ShownNames.ofThisJvm().shown(model), budget));
    } else {
      String cost =
          decision.isBehindOthers()
              ? "for which others wait who came before"
              : "which does not pay for this call" + cost(call, budget, input, output);
      message = words(decision, cost) + "; it begins anew at " + end(decision);
      notices.until(
          decision.windowEnd(),
          KIND + budget.name(),
          decision.account().key,
          () -> outcome(budget) + message + advice(decision));
    }
    call.context().journal().budgeted(decisionOf(call, budget));
    String instead =
        budget.action() == Budget.Action.CACHE ? Refused.LAST_ANSWER : budget.degradeTo();
    return Refused.answer(call, RefusalKind.BUDGET_EXCEEDED, message, instead);
  }

  /** Says no to one more attempt of a call that has another under way. */
  WireResponse besides(ModelCall call, Decision decision) {
    return Refused.answer(
        call,
        RefusalKind.BUDGET_EXCEEDED,
        "what is left of the budget `"
            + decision.budget().name()
            + "` is set aside for another attempt of this call");
  }

  private static String words(Decision decision, String cost) {
    Budget budget = decision.budget();
    String whose =
        "the "
            + budget.inWords(decision.account().key)
            + (budget.scope().isEmpty() ? " of " : ", of ")
            + budget.unit().inWords(budget.limit());
    if (decision.hasLeasedNothing()) {
      return whose
          + " is shared through Redis, which "
          + (decision.isUnheard() ? "has not been reached" : "cannot be reached")
          + ": what is left of it is not known, and this JVM has leased nothing of it";
    }
    return whose
        + " has "
        + budget.unit().inWords(decision.left())
        + " left, "
        + cost
        + (decision.isAlone()
            ? "; Redis cannot be reached, so only what this JVM had leased was there"
            : "");
  }

  private static Instant end(Decision decision) {
    return Instant.ofEpochMilli(decision.windowEnd());
  }

  /** What it may cost, and why. */
  private String cost(ModelCall call, Budget budget, MostInput input, long output) {
    if (budget.unit() == BudgetUnit.CALLS) {
      return "";
    }
    long most = bounds.amounts(call, input, output).of(budget.unit());
    if (most == Long.MAX_VALUE) {
      return "";
    }
    String verb = budget.unit() == BudgetUnit.USD ? ": it may cost up to " : ": it may take up to ";
    return verb
        + budget.unit().inWords(most)
        + " (up to "
        + BudgetUnit.TOKENS.inWords(input.tokens())
        + " of prompt"
        + (output == 0 ? "" : " and " + output + " of answer" + hint(call, output))
        + ')';
  }

  private static String hint(ModelCall call, long output) {
    boolean limited =
        call.facts().maxOutputTokens() != null
            && output <= Counts.times(call.facts().maxOutputTokens(), call.facts().answers());
    if (limited) {
      return "";
    }
    String protocol = call.originalFacts().protocol().id();
    String name =
        protocol.startsWith("gemini")
            ? "maxOutputTokens"
            : protocol.equals("openai.responses") ? "max_output_tokens" : "max_tokens";
    return ", as the request sets no limit: say " + name + " to lower it";
  }

  private static String withoutPrice(String model, Budget budget) {
    return (model == null
            ? "the call names no model, so that its price is not known"
            : "the model " + model + " has no known price")
        + ", and the budget `"
        + budget.name()
        + "` is one of money; give it a price with flyball.prices.file, or let such calls pass"
        + " uncounted with flyball.budget.unpriced=admit";
  }

  /** No longer than names of models are. */
  private static String oneOfFew(String named) {
    String model = String.valueOf(named);
    return model.length() > LONGEST_MODEL ? model.substring(0, LONGEST_MODEL) : model;
  }

  private static String outcome(Budget budget) {
    switch (budget.action()) {
      case DEGRADE:
        return "a call goes to the target " + budget.degradeTo() + ", or is refused: ";
      case CACHE:
        return "a call gets the last good answer, or is refused: ";
      default:
        return "a call is refused: ";
    }
  }

  /** A higher limit helps nobody who cannot ask for his part of it. */
  private static String advice(Decision decision) {
    String setting = "flyball.budget." + decision.budget().name();
    return (decision.isAlone() || decision.hasLeasedNothing()
            ? ". More goes through when Redis answers, or with " + setting + ".on-redis-loss=open"
            : ". To let more through raise " + setting + ".limit")
        + "; further refusals of it are not told until then";
  }

  private static BudgetDecision decisionOf(ModelCall call, Budget budget) {
    switch (budget.action()) {
      case CACHE:
        return BudgetDecision.CACHE;
      case DEGRADE:
        // There is nothing cheaper than the cheaper one.
        return budget.degradeTo().equals(call.target())
            ? BudgetDecision.BLOCK
            : BudgetDecision.DEGRADE;
      default:
        return BudgetDecision.BLOCK;
    }
  }
}
