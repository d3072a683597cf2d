package io.flyball.engine.price;

import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What the fees on tools of the provider may be where its list does not simply say it. */
public final class ToolFees {
  private static final int PER_THOUSAND = 3;
  private static final String WEB_SEARCH = "web_search";

  /** What OpenAI's older search costs more than the newer one, with models that do not reason. */
  private static final String PREVIEW = "web_search_preview";

  private static final String CONTAINER = "code_interpreter";
  private static final String QUERY = "google_search";

  /** xAI's, by the source. */
  private static final String LIVE_SEARCH = "live_search";

  private static final String GROUNDED = "grounded_prompt";

  private static final Pattern REASONS =
      Pattern.compile("(?:.*/)?(?:o[1-9]|gpt-[5-9])(?!.*-chat).*");

  /** Dollars per thousand uses: no provider that we know of asks more. */
  private static final Map<String, Integer> DEAREST = dearest();

  /** Of tools that nobody knows: a search is the dearest of those that are used again and again. */
  private static final int DEAREST_OF_ANY = 35;

  private ToolFees() {}

  private static Map<String, Integer> dearest() {
    Map<String, Integer> fees = new HashMap<>();
    fees.put(WEB_SEARCH, 35);
    fees.put(QUERY, 35);
    fees.put("file_search", 10);
    // Some charge for the container, some for each call, of which there may be many.
    fees.put(CONTAINER, 100);
    // The largest at its best, with the previews of it, made of an image that is read closely.
    fees.put("image_generation", 350);
    fees.put("retrieval", 4);
    fees.put("ocr_page", 2);
    fees.put(LIVE_SEARCH, 25);
    return fees;
  }

  /**
   * What the tools that a request offers may cost where the model's list names no fee on them: not
   * known, so as much as the dearest provider asks. Zero where the list names all.
   */
  public static BigDecimal unlisted(Price price, RequestFacts request) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<String, Long> tool : request.toolUses().entrySet()) {
      String name = tool.getKey();
      if (!isListed(price, name)) {
        long fee = DEAREST.getOrDefault(name, DEAREST_OF_ANY);
        sum = sum.add(BigDecimal.valueOf(tool.getValue()).multiply(BigDecimal.valueOf(fee)));
      }
    }
    return sum.movePointLeft(PER_THOUSAND);
  }

  private static boolean isListed(Price price, String name) {
    // One comes with the other: a query and the answer that is made of it, the search and what
    // its older version costs more.
    return price.listsFeeOf(name)
        || name.equals(PREVIEW)
        || name.equals(GROUNDED)
        || (name.equals(QUERY) && price.listsFeeOf(GROUNDED));
  }

  /** Whether a use is charged for, of a tool that the request offers. */
  public static boolean isCharged(String tool, RequestFacts request) {
    return !tool.equals(PREVIEW) || !reasons(request.model());
  }

  /**
   * The usage with what answers do not tell of tools that were used: that searches were of the
   * older version, and how large a container was.
   */
  static Usage charged(Usage usage, RequestFacts request) {
    long searches = usage.toolUses().getOrDefault(WEB_SEARCH, 0L);
    long containers = usage.toolUses().getOrDefault(CONTAINER, 0L);
    // How large each of them was is what was asked for.
    long each = Math.max(1, request.toolUses().getOrDefault(CONTAINER, 1L));
    long larger = Counts.times(containers, each) - containers;
    boolean older =
        searches > 0 && request.toolUses().containsKey(PREVIEW) && isCharged(PREVIEW, request);
    if (!older && larger <= 0) {
      return usage;
    }
    return usage.toBuilder(usage.source())
        .toolUse(PREVIEW, older ? searches : 0)
        .toolUse(CONTAINER, Math.max(0, larger))
        .build();
  }

  private static boolean reasons(String model) {
    return model != null && REASONS.matcher(model.toLowerCase(Locale.ROOT)).matches();
  }
}
