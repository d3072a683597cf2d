package io.flyball.engine.request;

import io.flyball.engine.attempt.Refused;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.MostInput;
import io.flyball.engine.budget.SmallestAnswers;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.RefusalNotices;
import io.flyball.engine.call.Stage;
import io.flyball.engine.content.ShownNames;
import io.flyball.engine.fallback.ContextWindows;
import io.flyball.protocol.Operation;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.protocol.trim.Trimming;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Lets a call go to a target when it is within its limits. The answer is limited for that; a prompt
 * that is too much all the same is trimmed, sent to another target, or refused. Stands within the
 * fallback: the next target has another price and another window.
 */
public final class RequestLimitStage implements Stage {
  private final RequestLimits limits;
  private final RefusalNotices notices;
  private final CostBounds bounds;
  private final ContextWindows windows;
  private final SmallestAnswers smallest = SmallestAnswers.table();
  private final long maxCost;

  /**
   * @param notices told of the first calls that are refused
   */
  public RequestLimitStage(
      RequestLimits limits, CostBounds bounds, ContextWindows windows, RefusalNotices notices) {
    this.notices = notices;
    this.limits = limits;
    this.bounds = bounds;
    this.windows = windows;
    this.maxCost =
        limits.maxCostUsd() == null ? Long.MAX_VALUE : BudgetUnit.USD.parts(limits.maxCostUsd());
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    if (call.facts().operation() == Operation.COUNT_TOKENS) {
      return next.proceed(call);
    }
    if (fitsAnyhow(call)) {
      return decide(call).apply(next);
    }
    return Completions.then(
        bounds.elsewhere(call, () -> decide(call)),
        (decided, failure) ->
            failure == null
                ? decided.apply(next)
                : Completions.completed(insteadOfUnguarded(call)));
  }

  /** What becomes of the call; may have to count its tokens, again and again. */
  private Function<Next, CompletionStage<WireResponse>> decide(ModelCall call) {
    Finding finding = judge(call);
    if (finding.fits()) {
      return next -> next.proceed(noted(call, finding));
    }
    if (isRouted(call)) {
      return next -> refuse(call, finding, "", null);
    }
    if (limits.routeTo() != null) {
      return next -> refuse(call, finding, "", limits.routeTo());
    }
    if (limits.trim() == RequestLimits.Trim.NOTHING) {
      return next -> refuse(call, finding, "", null);
    }
    Finding trimmed = trimmed(call);
    if (trimmed == null) {
      return next ->
          refuse(call, finding, "; leaving out what may be left out does not help", null);
    }
    int bytes = call.request().body().length - trimmed.call.request().body().length;
    return next -> {
      call.context().journal().trimmed(limits.trim().word(), Math.max(0, bytes));
      return next.proceed(noted(call, trimmed));
    };
  }

  /** What must not cost more, or be longer, may not be sent because nobody could tell. */
  @Override
  public WireResponse insteadOfUnguarded(ModelCall call) {
    return Refused.answer(
        call,
        RefusalKind.BLOCKED,
        "whether this call is within the limits of flyball.request could not be told (see the log)");
  }

  private static ModelCall noted(ModelCall call, Finding finding) {
    Long before = call.facts().maxOutputTokens();
    Long now = finding.call.facts().maxOutputTokens();
    if (now != null && !now.equals(before)) {
      call.context().journal().shortenedTo(now);
    }
    return finding.call;
  }

  private CompletionStage<WireResponse> refuse(
      ModelCall call, Finding finding, String more, String instead) {
    notices.inMinute(
        "flyball.request " + finding.kind,
        () ->
            (instead == null ? "a call is refused: " : "a call goes to " + instead + ": ")
                + finding.told
                + more
                + " (told once in a minute)");
    return Completions.completed(
        Refused.answer(call, finding.kind, finding.excess + more, instead));
  }

  /** Whether the call goes where those go that are too much. */
  private boolean isRouted(ModelCall call) {
    return limits.routeTo() != null && limits.routeTo().equals(call.target());
  }

  /** The call after as few steps as are enough; null when all of them are not. */
  private Finding trimmed(ModelCall call) {
    String protocol = call.facts().protocol().id();
    byte[] body = call.request().body();
    Trimming trimming =
        limits.trim() == RequestLimits.Trim.MIDDLE
            ? Trimming.middle(protocol, body)
            : Trimming.oldestTurns(protocol, body);
    int low = 1;
    int high = trimming.steps();
    Finding enough = high == 0 ? null : after(trimming, high, call);
    if (enough == null || !enough.fits()) {
      return null;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      Finding finding = after(trimming, middle, call);
      if (finding.fits()) {
        enough = finding;
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return enough;
  }

  private Finding after(Trimming trimming, int step, ModelCall call) {
    return judge(call.withRequest(call.request().withBody(trimming.at(step))));
  }

  /** Whether the call is within its limits however many tokens it has, without counting them. */
  private boolean fitsAnyhow(ModelCall call) {
    ModelCall limited = withOutput(call, limits.maxOutputTokens());
    if (limited == null) {
      return false;
    }
    if (bounds.hasMedia(limited)) {
      return false;
    }
    MostInput input = bounds.roughInput(limited);
    long most = mostInput(limited);
    return (most == 0 || input.tokens() <= most)
        && (maxCost == Long.MAX_VALUE
            || bounds.isPriced(limited)
                && bounds.usd(limited, input, bounds.output(limited)) <= maxCost);
  }

  private Finding judge(ModelCall call) {
    ModelCall limited = withOutput(call, limits.maxOutputTokens());
    if (limited == null) {
      return Finding.blocked(
          "the answer cannot be limited to the "
              + limits.maxOutputTokens()
              + " tokens that flyball.request.max-output-tokens allows");
    }
    MostInput input = bounds.measuredInput(limited);
    boolean counted = false;
    long most = mostInput(limited);
    if (most > 0 && input.tokens() > most) {
      input = bounds.countedInput(limited);
      counted = true;
      if (input.tokens() > most) {
        return Finding.tooLarge(
            "the prompt has up to "
                + input.tokens()
                + " tokens, more than the "
                + most
                + (isRouted(limited)
                    ? " of the context window of the target " + limited.target()
                    : " that flyball.request.max-input-tokens allows"));
      }
    }
    return maxCost == Long.MAX_VALUE ? Finding.fitting(limited) : priced(limited, input, counted);
  }

  /** How many tokens a prompt may have there; 0 when that is not limited. */
  private long mostInput(ModelCall call) {
    if (!isRouted(call)) {
      return limits.maxInputTokens();
    }
    return limits.routeWindow() > 0
        ? limits.routeWindow()
        : windows.of(call.facts().provider(), call.request().host(), call.facts().model());
  }

  private Finding priced(ModelCall call, MostInput roughInput, boolean counted) {
    if (!bounds.isPriced(call)) {
      return limits.admitsUnpriced()
          ? Finding.fitting(call)
          : Finding.blocked(
              withoutPrice(call.facts().model()),
              withoutPrice(ShownNames.ofThisJvm().shown(call.facts().model())));
    }
    long output = bounds.output(call);
    if (bounds.usd(call, roughInput, output) <= maxCost) {
      return Finding.fitting(call);
    }
    MostInput input = counted ? roughInput : bounds.countedInput(call);
    long cost = bounds.usd(call, input, output);
    if (cost <= maxCost) {
      return Finding.fitting(call);
    }
    long choices = call.facts().answers();
    long affordable =
        bounds.affordableOutput(call, input, output, BudgetUnit.USD, maxCost) / choices;
    ModelCall shorter =
        affordable >= Math.max(1, Math.min(smallest.of(call), output / choices))
            ? withOutput(call, affordable)
            : null;
    return shorter != null
        ? Finding.fitting(shorter)
        : Finding.tooLarge(
            "a prompt of up to "
                + input.tokens()
                + " tokens costs, with an answer worth having, more than the "
                + BudgetUnit.USD.inWords(maxCost)
                + " that flyball.request.max-cost allows; the whole call could cost "
                + BudgetUnit.USD.inWords(cost));
  }

  private static String withoutPrice(String model) {
    return "the model "
        + model
        + " has no known price, and flyball.request.max-cost limits it; give it a price with"
        + " flyball.prices.file, or let such calls pass uncounted with"
        + " flyball.budget.unpriced=admit";
  }

  /**
   * The call with an answer of at most so many tokens; null when its API does not let us say so.
   *
   * @param most of each choice; 0: any number
   */
  private ModelCall withOutput(ModelCall call, long most) {
    long choices = call.facts().answers();
    if (most == 0 || bounds.output(call) / choices <= most) {
      return call;
    }
    byte[] body = call.facts().protocol().limitOutput(call.facts(), call.request().body(), most);
    return body == null
        ? null
        : call.withRequest(call.request().withBody(body), call.facts().withMaxOutputTokens(most));
  }

  /** A call within its limits, or why it is not. */
  private static final class Finding {
    final ModelCall call;
    final RefusalKind kind;
    final String excess;

    /** The same as it may stand in the log. */
    final String told;

    private Finding(ModelCall call, RefusalKind kind, String excess, String told) {
      this.call = call;
      this.kind = kind;
      this.excess = excess;
      this.told = told;
    }

    static Finding fitting(ModelCall call) {
      return new Finding(call, null, null, null);
    }

    static Finding tooLarge(String excess) {
      return new Finding(null, RefusalKind.PROMPT_TOO_LARGE, excess, excess);
    }

    static Finding blocked(String excess) {
      return blocked(excess, excess);
    }

    static Finding blocked(String excess, String told) {
      return new Finding(null, RefusalKind.BLOCKED, excess, told);
    }

    boolean fits() {
      return call != null;
    }
  }
}
