package io.flyball.protocol;

import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects which tools of the provider a request offers that are charged for by use, under the
 * names that price files have for them, and how often they may be used.
 */
public final class HostedTools {
  private static final String WEB_SEARCH = "web_search";

  /** How often a tool is taken to be used where the request does not say how often at most. */
  private static final long USUAL_MOST = 10;

  private static final String PREVIEW = "web_search_preview";
  private static final String CONTAINER = "code_interpreter";

  /** OpenRouter's search finds five results unless told otherwise, and each is charged for. */
  private static final long RESULTS = 5;

  /** Gigabytes of the largest container; the fee on one grows with them. */
  private static final long LARGEST_CONTAINER = 64;

  private static final String IMAGE = "image_generation";
  private static final String FILE_SEARCH = "file_search";
  private static final String OPENROUTER = "openrouter:";

  /** Another model that the one that is asked may ask. */
  private static final String ADVISER = "advisor";

  /**
   * Those that are charged for once, however often they are used, or that are seldom used twice.
   */
  private static final List<String> ONCE = Arrays.asList(CONTAINER, IMAGE);

  /** What the beginning of a type says is charged for; the first that fits. */
  private static final String[][] CHARGED = {
    {WEB_SEARCH, WEB_SEARCH},
    {"x_search", WEB_SEARCH},
    {"browser_search", WEB_SEARCH},
    {"browser_automation", WEB_SEARCH},
    {"openrouter:web_search", WEB_SEARCH},
    // Moonshot's are searches.
    {"builtin_function", WEB_SEARCH},
    {FILE_SEARCH, FILE_SEARCH},
    {"collections_search", FILE_SEARCH},
    {"attachment_search", FILE_SEARCH},
    {CONTAINER, CONTAINER},
    {"code_execution", CONTAINER},
    {IMAGE, IMAGE},
    {"openrouter:image_generation", IMAGE},
    {"retrieval", "retrieval"},
  };

  /** The application's own, and those of providers' that cost their tokens only. */
  private static final String[] FREE = {
    "function",
    "custom",
    "tool",
    "mcp",
    "local_shell",
    "shell",
    "apply_patch",
    "computer",
    "bash",
    "text_editor",
    "memory",
    "web_fetch",
    "tool_search",
    "namespace",
    "openrouter:datetime",
    ADVISER
  };

  /** Null as long as there is none. */
  private Map<String, Long> uses;

  /** Of those, what a limit on the uses of all tools together holds for. */
  private final Map<String, Long> limited = new TreeMap<>();

  private Long most;

  /** They are named with the day of their version. */
  private static final String DATED = "_20";

  /** Of the tool at hand. */
  private String type;

  /** What else it is called where its type stands twice; null as long as there is none. */
  private List<String> otherTypes;

  private int described;

  private Long mostOfTool;
  private String model;
  private boolean inContainer;
  private long gigabytes;

  /** Null as long as there is none. */
  private List<String> advisers;

  private long advice;

  /** A tool begins. */
  public void begin() {
    type = null;
    otherTypes = null;
    model = null;
    mostOfTool = null;
    inContainer = false;
    gigabytes = 1;
  }

  /** Its type, as OpenAI and Anthropic write it. */
  public void type(JsonValue value) {
    String told = value.text();
    if (told == null) {
      return;
    }
    if (told.contains(DATED)) {
      described++;
    }
    if (type == null) {
      type = told.toLowerCase(Locale.ROOT);
    } else {
      otherTypes = otherTypes == null ? new ArrayList<>(1) : otherTypes;
      otherTypes.add(told.toLowerCase(Locale.ROOT));
    }
  }

  /** How many are described to the model by the provider: bash, an editor and the like. */
  public int described() {
    return described;
  }

  /** The model that the tool is made of. */
  public void model(JsonValue value) {
    model = value.text();
  }

  /** How often it may be used. */
  public void most(JsonValue value) {
    mostOfTool = larger(mostOfTool, value.countAtMost());
  }

  /** How often it may be used, where a server may not heed that: no less than usual. */
  public void mostIfMore(JsonValue value) {
    mostOfTool = larger(larger(mostOfTool, value.countAtMost()), USUAL_MOST);
  }

  /** The kind of surroundings that it runs in. */
  public void environment(JsonValue value) {
    String kind = value.text();
    inContainer |= kind != null && kind.startsWith("container");
  }

  /** The memory of its container: {@code 4g}. */
  public void memory(JsonValue value) {
    String text = value.text();
    if (text == null) {
      return;
    }
    boolean known = text.equals("1g") || text.equals("4g") || text.equals("16g");
    long told = known ? Long.parseLong(text.substring(0, text.length() - 1)) : LARGEST_CONTAINER;
    gigabytes = Math.max(gigabytes, told);
  }

  /** How often all tools together may be used. */
  public void mostOfAll(long times) {
    most = times;
  }

  private static Long larger(Long known, Long told) {
    return told == null || (known != null && known > told) ? known : told;
  }

  /** The tool is over; of several types it may be of any. */
  public void end() {
    endOfType();
    for (int i = 0; otherTypes != null && i < otherTypes.size(); i++) {
      type = otherTypes.get(i);
      endOfType();
    }
  }

  private void endOfType() {
    if (type != null && type.startsWith(ADVISER)) {
      advise();
    }
    String name = priced();
    if (name == null) {
      return;
    }
    if (ONCE.contains(name)) {
      offer(name, name.equals(CONTAINER) ? gigabytes : 1);
      return;
    }
    long most = mostOfTool == null ? USUAL_MOST : mostOfTool;
    if (type.startsWith(OPENROUTER)) {
      most = Counts.times(most, RESULTS);
    }
    limit(name, most);
    if (type.startsWith(PREVIEW)) {
      limit(PREVIEW, most);
    }
  }

  private void limit(String name, long most) {
    offer(name, most);
    limited.merge(name, most, Counts::plus);
  }

  /** A plugin of OpenRouter's that searches is over. */
  public void endSearchPlugin() {
    offer(WEB_SEARCH, mostOfTool == null ? RESULTS : mostOfTool);
  }

  private void advise() {
    advisers = advisers == null ? new ArrayList<>() : advisers;
    if (model != null) {
      advisers.add(model);
    }
    advice = Counts.plus(advice, mostOfTool == null ? USUAL_MOST : mostOfTool);
  }

  /** The models that may be asked by the one that is asked. */
  public List<String> advisers() {
    return advisers == null ? Collections.emptyList() : advisers;
  }

  /** How often they may be asked. */
  public long advice() {
    return advice;
  }

  /**
   * The tool at hand as price files call it; null where it costs its tokens only. One that nobody
   * knows goes by its own name.
   */
  private String priced() {
    if (type == null) {
      return null;
    }
    if (type.equals("shell") && inContainer) {
      return CONTAINER;
    }
    for (String[] charged : CHARGED) {
      if (type.startsWith(charged[0])) {
        return charged[1];
      }
    }
    for (String free : FREE) {
      if (type.startsWith(free)) {
        return null;
      }
    }
    return type;
  }

  private static long usualMost(String name) {
    return ONCE.contains(name) ? 1 : USUAL_MOST;
  }

  /**
   * A tool is offered; offered twice, it may be used as often as both say.
   *
   * @param times at most
   */
  public void offer(String name, long times) {
    uses = uses == null ? new TreeMap<>() : uses;
    uses.merge(name, times, Counts::plus);
  }

  /** As {@link #offer(String, long)}, where nobody says how often. */
  public void offer(String name) {
    offer(name, usualMost(name));
  }

  /** For {@link RequestFacts.Builder#toolUses}; null when none is offered. */
  public Map<String, Long> uses() {
    if (uses != null && most != null) {
      long all = most;
      limited.forEach(
          (name, times) -> uses.merge(name, Math.min(times, all) - times, (a, b) -> a + b));
      limited.clear();
    }
    return uses;
  }

  /** A search by a model that does so by itself, or by the name it is asked for under. */
  public void offerSearch(boolean byResults) {
    offer(WEB_SEARCH, byResults ? RESULTS : USUAL_MOST);
  }
}
