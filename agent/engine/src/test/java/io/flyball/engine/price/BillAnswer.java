package io.flyball.engine.price;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The answer of a provider or gateway that says in its own way, at some place, what was used. */
final class BillAnswer {
  final String host;
  final String path;
  final String request;
  final String body;
  private final Bill bill;
  private final Random random;

  BillAnswer(Bill bill, Random random) {
    this.bill = bill;
    this.random = random;
    String model = bill.model.id;
    boolean stream = random.nextBoolean();
    String begin = "{\"model\":\"" + model + "\",\"stream\":" + stream + ",\"max_tokens\":9000000,";
    switch (bill.model.dialect) {
      case ANTHROPIC:
      case VERTEX:
        // A gateway in front of Vertex AI has its names of models.
        boolean direct = bill.model.dialect == Bill.Dialect.ANTHROPIC;
        host = direct ? "api.anthropic.com" : "gateway.example";
        path = "/v1/messages";
        request = begin + "\"messages\":[]" + asked("speed", bill.speed) + "}";
        body = stream ? messagesStream() : messages();
        break;
      case GEMINI:
        host = "generativelanguage.googleapis.com";
        path = "/v1beta/models/" + model + (stream ? ":streamGenerateContent" : ":generateContent");
        request = "{\"contents\":[]}";
        body = stream ? generateStream() : generated(1, true);
        break;
      case RESPONSES:
        host = "api.openai.com";
        path = "/v1/responses";
        request = begin + "\"input\":\"\"" + asked("service_tier", bill.tier) + "}";
        body = stream ? responsesStream() : response();
        break;
      default:
        host = host(bill.model.dialect);
        path =
            bill.model.dialect == Bill.Dialect.AZURE
                ? "/openai/deployments/mine/chat/completions"
                : "/v1/chat/completions";
        request = begin + "\"messages\":[]" + asked("service_tier", bill.tier) + "}";
        body = stream ? chatStream() : chat();
    }
  }

  private static String host(Bill.Dialect dialect) {
    switch (dialect) {
      case OPENAI:
        return "api.openai.com";
      case AZURE:
        return "us1.openai.azure.com";
      case DEEPSEEK:
        return "api.deepseek.com";
      case GROQ:
        return "api.groq.com";
      case COHERE:
        return "api.cohere.com";
      case OPENROUTER:
        return "openrouter.ai";
      case VERCEL:
        return "ai-gateway.vercel.sh";
      case PERPLEXITY:
        return "api.perplexity.ai";
      case XAI:
        return "api.x.ai";
      case DEEPINFRA:
        return "api.deepinfra.com";
      default:
        return "gateway.example";
    }
  }

  private static String asked(String name, String value) {
    return value == null ? "" : ",\"" + name + "\":\"" + value + "\"";
  }

  private UsageJson json() {
    return new UsageJson(random);
  }

  private boolean coin() {
    return random.nextBoolean();
  }

  // OpenAI and those who speak its format

  /** The share of what was used in the end that is told: all, or as much as there is so far. */
  private UsageJson chatUsage(long of) {
    Bill.Dialect dialect = bill.model.dialect;
    boolean apart = dialect == Bill.Dialect.REASONS_APART || dialect == Bill.Dialect.XAI;
    long input = bill.input() / of;
    long output = (bill.output() - (apart ? bill.thought : 0)) / of;
    if (dialect == Bill.Dialect.CACHE_APART && apartIsClear()) {
      input = bill.text / of;
    }
    UsageJson usage = json();
    boolean other = dialect == Bill.Dialect.ONE_API && coin();
    usage.with(other ? "input_tokens" : "prompt_tokens", input);
    usage.with(other ? "output_tokens" : "completion_tokens", output);
    if (dialect == Bill.Dialect.ONE_API) {
      usage.twin(other ? "prompt_tokens" : "input_tokens");
      usage.twin(other ? "completion_tokens" : "output_tokens");
    }
    boolean clear = dialect == Bill.Dialect.CACHE_APART && apartIsClear();
    boolean total = apart || (dialect == Bill.Dialect.CACHE_APART && !clear) || coin();
    if (total) {
      long elsewhere = apart ? bill.thought / of : 0;
      elsewhere += clear ? bill.cached / of + bill.written5m / of : 0;
      usage.with("total_tokens", input + output + elsewhere);
    } else if (!clear && coin()) {
      // One that says less than its parts is wrong, and they are right.
      usage.with("total_tokens", Math.min(input, output));
    } else {
      usage.twin("total_tokens");
    }
    if (dialect == Bill.Dialect.CACHE_APART) {
      usage.perhaps("cache_read_input_tokens", bill.cached / of);
      usage.perhaps("cache_creation_input_tokens", bill.written5m / of);
    } else if (dialect == Bill.Dialect.DEEPSEEK) {
      usage.perhaps("prompt_cache_hit_tokens", bill.cached / of);
      usage.perhaps("prompt_cache_miss_tokens", bill.text / of);
    }
    boolean plain = dialect != Bill.Dialect.CACHE_APART && dialect != Bill.Dialect.DEEPSEEK;
    usage.with(
        other ? "input_tokens_details" : "prompt_tokens_details",
        json()
            .perhaps("cached_tokens", plain ? bill.cached / of : 0)
            .perhaps("cache_write_tokens", plain ? bill.written5m / of : 0)
            .perhaps("audio_tokens", bill.heard / of)
            .twin("image_tokens"));
    UsageJson details = json().perhaps("audio_tokens", bill.spoken / of).twin("image_tokens");
    // Reasoning that is told nowhere but in the total is told there.
    if (!apart || coin()) {
      details.perhaps("reasoning_tokens", bill.thought / of);
    }
    usage.with(other ? "output_tokens_details" : "completion_tokens_details", details);
    if (of == 1) {
      charge(usage);
    }
    return usage;
  }

  /** Without a total that says it, a cache that is smaller than the input may be within it. */
  private boolean apartIsClear() {
    return bill.cached + bill.written5m > 0;
  }

  private void charge(UsageJson usage) {
    BigDecimal amount = bill.stated;
    switch (bill.model.dialect) {
      case OPENROUTER:
        if (bill.ownKey) {
          usage.with("cost", amount.multiply(new BigDecimal("0.05")));
          usage.with("is_byok", true);
          usage.with("cost_details", json().with("upstream_inference_cost", amount));
        } else {
          usage.with("cost", amount);
          if (coin()) {
            usage.with("is_byok", false);
          }
          usage.with(
              "cost_details", json().with("upstream_inference_cost", coin() ? amount : null));
        }
        break;
      case PERPLEXITY:
        usage.with(
            "cost",
            json()
                .with("input_tokens_cost", new BigDecimal("0.000001"))
                .with("request_cost", new BigDecimal("0.006"))
                .with("total_cost", amount)
                .with("currency", coin() ? "USD" : null));
        usage.perhaps("num_search_queries", bill.searches);
        break;
      case XAI:
        usage.with("cost_in_usd_ticks", amount.movePointRight(10).longValueExact());
        // A gateway in front of it that knows no price, or a lower one.
        usage.with("estimated_cost", coin() ? BigDecimal.ZERO : amount.divide(new BigDecimal(2)));
        break;
      case DEEPINFRA:
        usage.with("estimated_cost", amount);
        break;
      case OPENAI:
      case GROQ:
        // A gateway that knows no price.
        switch (random.nextInt(4)) {
          case 0:
            usage.twin("cost_in_usd_ticks");
            break;
          case 1:
            usage.with("cost", json().twin("total_cost"));
            break;
          case 2:
            usage.with("cost_details", json().twin("upstream_inference_cost"));
            break;
          default:
            usage.twin("cost");
        }
        break;
      default:
        break;
    }
  }

  private String tier() {
    if ("auto".equals(bill.tier) && !bill.saysTier) {
      return coin() ? "" : ",\"service_tier\":\"auto\"";
    }
    return bill.tier == null ? "" : ",\"service_tier\":\"" + billedTier() + '"';
  }

  private String billedTier() {
    return "auto".equals(bill.tier) ? "default" : bill.tier;
  }

  private String vercel() {
    return bill.model.dialect == Bill.Dialect.VERCEL
        ? ",\"provider_metadata\":{\"gateway\":{\"cost\":\"" + bill.stated + "\"}}"
        : "";
  }

  private String named() {
    // Azure's deployments have names of their own.
    return "\"model\":\"" + bill.model.id + "\",";
  }

  /** In each choice what it took, or a list of what is billed together. */
  private String inParts() {
    long input = bill.input() / 3;
    long output = bill.output() / 3;
    BigDecimal cost =
        bill.stated == null ? null : bill.stated.divide(new BigDecimal(4)).stripTrailingZeros();
    String one = parts(input, output, cost);
    String other =
        parts(
            bill.input() - input,
            bill.output() - output,
            cost == null ? null : bill.stated.subtract(cost));
    boolean list = coin();
    boolean numbered = coin();
    return "{"
        + named()
        + "\"choices\":["
        + choice(numbered ? "\"index\":0," : "", list ? "" : ",\"usage\":" + one)
        + ","
        + choice(numbered ? "\"index\":1," : "", list ? "" : ",\"usage\":" + other)
        + "]"
        + (list ? ",\"usage\":[" + one + "," + other + "]" : coin() ? ",\"usage\":null" : "")
        + tier()
        + "}";
  }

  private String parts(long input, long output, BigDecimal cost) {
    UsageJson usage = json();
    usage.with("prompt_tokens", input).with("completion_tokens", output);
    if (cost != null) {
      usage.with("estimated_cost", cost);
    }
    return usage.with("total_tokens", input + output).write(true);
  }

  private static String choice(String index, String usage) {
    return "{"
        + index
        + "\"message\":{\"content\":\"hi\"},\"finish_reason\":\"stop\""
        + usage
        + "}";
  }

  /** Whether nothing but input and output has to be told. */
  private boolean isPlain() {
    return (bill.model.dialect == Bill.Dialect.OPENAI
            || bill.model.dialect == Bill.Dialect.DEEPINFRA)
        && bill.cached + bill.written5m + bill.heard + bill.spoken == 0;
  }

  private String chat() {
    if (isPlain() && coin()) {
      return inParts();
    }
    return "{"
        + named()
        + "\"choices\":[{\"message\":{\"content\":\"hi\""
        + (coin() ? vercel() : "")
        + "},\"finish_reason\":\"stop\"}],\"usage\":"
        + chatUsage(1).write(true)
        + vercel()
        + tier()
        + "}";
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  private String chunk(String rest) {
    return event("{" + named() + "\"choices\":[]," + rest + "}");
  }

  private String chatStream() {
    StringBuilder all = new StringBuilder();
    all.append(
        event("{" + named() + "\"choices\":[{\"delta\":{\"content\":\"hi\"}}],\"usage\":null}"));
    if (coin()) {
      all.append(chunk("\"usage\":" + chatUsage(3).write(true)));
    }
    String usage = chatUsage(1).write(true);
    String where =
        bill.model.dialect == Bill.Dialect.GROQ ? "groq" : Bill.pick(random, "last", "choice");
    if (where.equals("groq")) {
      all.append(chunk("\"x_groq\":{\"id\":\"r\",\"usage\":" + usage + "}"));
    } else if (where.equals("choice")) {
      all.append(
          event(
              "{"
                  + named()
                  + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\",\"usage\":"
                  + usage
                  + "}]"
                  + vercel()
                  + tier()
                  + "}"));
    } else {
      all.append(chunk("\"usage\":" + usage + vercel() + tier()));
    }
    if (where.equals("groq")) {
      all.append(chunk("\"usage\":null" + tier()));
    } else if (coin()) {
      // It says less in the end.
      all.append(
          chunk("\"usage\":{\"prompt_tokens\":" + bill.text / 2 + ",\"completion_tokens\":0}"));
    } else if (coin()) {
      all.append(chunk("\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}"));
    }
    return all.append(event("[DONE]")).toString();
  }

  // The responses API

  private UsageJson responsesUsage() {
    return json()
        .with("input_tokens", bill.input())
        .with("output_tokens", bill.output())
        .with("total_tokens", bill.input() + bill.output())
        .with("input_tokens_details", json().perhaps("cached_tokens", bill.cached))
        .with("output_tokens_details", json().perhaps("reasoning_tokens", bill.thought));
  }

  private List<String> items() {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < bill.searches; i++) {
      items.add(
          "{\"type\":\"web_search_call\",\"id\":\"ws\",\"status\":\"completed\""
              + (coin() ? ",\"action\":{\"type\":\"search\",\"query\":\"q\"}" : "")
              + "}");
    }
    if (coin()) {
      items.add("{\"action\":{\"type\":\"open_page\",\"url\":\"u\"},\"type\":\"web_search_call\"}");
    }
    items.add("{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"hi\"}]}");
    return items;
  }

  private String response(List<String> items) {
    return "{\"object\":\"response\",\"status\":\"completed\","
        + named()
        + "\"output\":["
        + String.join(",", items)
        + "],\"usage\":"
        + responsesUsage().write(true)
        + tier()
        + "}";
  }

  private String response() {
    return response(items());
  }

  private String responsesStream() {
    StringBuilder all = new StringBuilder();
    all.append(
        event(
            "{\"type\":\"response.created\",\"response\":{"
                + named()
                + "\"status\":\"in_progress\",\"usage\":null,\"service_tier\":\"auto\"}}"));
    List<String> items = items();
    for (String item : items) {
      all.append(
          event(
              "{\"type\":\"response.output_item.added\",\"item\":"
                  + item.replace("completed", "in_progress")
                  + "}"));
      if (item.contains("message")) {
        all.append(event("{\"type\":\"response.output_text.delta\",\"delta\":\"hi\"}"));
      }
      all.append(event("{\"type\":\"response.output_item.done\",\"item\":" + item + "}"));
    }
    return all.append(
            event("{\"type\":\"response.completed\",\"response\":" + response(items) + "}"))
        .toString();
  }

  // Anthropic

  /** What is told at the top, and what compacting the conversation took, of which nothing is. */
  private UsageJson messagesUsage(boolean input, boolean output) {
    UsageJson usage = json();
    long compacted = compactedInput();
    if (input) {
      usage.with("input_tokens", bill.text - compacted);
      usage.perhaps("cache_read_input_tokens", bill.cached);
      long written = bill.written5m + bill.written1h;
      boolean split = bill.written1h > 0 || coin();
      // Either of the two ways of saying it may be left out, but not what only one of them says.
      if (!split || coin()) {
        usage.perhaps("cache_creation_input_tokens", written);
      }
      if (split) {
        usage.with(
            "cache_creation",
            json()
                .perhaps("ephemeral_5m_input_tokens", bill.written5m)
                .perhaps("ephemeral_1h_input_tokens", bill.written1h));
      }
    } else if (coin()) {
      usage.twin("input_tokens").twin("cache_read_input_tokens");
    }
    if (output) {
      long said = bill.output() - compactedOutput();
      usage.with("output_tokens", said);
      if (compacted > 0) {
        UsageJson compaction =
            json()
                .with("type", "compaction")
                .with("input_tokens", compacted)
                .with("output_tokens", compactedOutput());
        UsageJson message =
            json()
                .with("type", "message")
                .with("input_tokens", bill.text - compacted)
                .with("output_tokens", said);
        usage.with("iterations", Arrays.asList(compaction, message));
      } else if (coin()) {
        usage.with("iterations", coin() ? null : Collections.emptyList());
      }
      if (bill.searches > 0 || coin()) {
        usage.with("server_tool_use", json().perhaps("web_search_requests", bill.searches));
      }
      if (bill.speed != null) {
        usage.with("speed", bill.speed);
      }
    } else {
      usage.with("output_tokens", 1L);
    }
    if (bill.region != null) {
      usage.with("inference_geo", bill.region);
    }
    usage.with("service_tier", coin() ? "standard" : null);
    return usage;
  }

  /** As the one-api family says it in the answer of Anthropic's API. */
  private UsageJson inOpenAisNames() {
    UsageJson usage = messagesUsage(true, true);
    usage.with("prompt_tokens", bill.input()).with("completion_tokens", bill.output());
    return usage
        .with("total_tokens", bill.input() + bill.output())
        .twin("input_tokens")
        .twin("output_tokens");
  }

  /** A part of the input, the same however often it is asked for. */
  private long compactedInput() {
    return bill.model == Bill.Model.OPUS && bill.text % 2 == 0 ? bill.text / 2 : 0;
  }

  private long compactedOutput() {
    return compactedInput() > 0 ? bill.output() / 3 : 0;
  }

  private String messages() {
    return "{\"type\":\"message\","
        + named()
        + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"stop_reason\":\"end_turn\","
        + "\"usage\":"
        + (compactedInput() == 0 && coin() ? inOpenAisNames() : messagesUsage(true, true))
            .write(true)
        + "}";
  }

  private String messagesStream() {
    return event(
            "{\"type\":\"message_start\",\"message\":{"
                + named()
                + "\"usage\":"
                + messagesUsage(true, false).write(true)
                + "}}")
        + event("{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"hi\"}}")
        + (coin() ? "" : saidOnce())
        + event(
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":"
                + messagesUsage(coin(), true).write(true)
                + "}")
        + event("{\"type\":\"message_stop\"}");
  }

  /** Counts of which the last ones say less. */
  private String saidOnce() {
    return event(
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null},\"usage\":"
                + messagesUsage(coin(), true).write(true)
                + "}")
        + event(
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null},\"usage\":"
                + "{\"output_tokens\":1,\"iterations\":"
                + (coin() ? "null" : "[]")
                + "}}");
  }

  // Google

  private UsageJson generateUsage(long of) {
    UsageJson usage = json();
    long prompt = bill.input() / of;
    usage.with("promptTokenCount", prompt);
    usage.perhaps("cachedContentTokenCount", (bill.cached + bill.heardBefore) / of);
    long candidates = bill.said + bill.spoken + bill.drawn;
    usage.with("candidatesTokenCount", candidates / of);
    boolean total = coin();
    // What nothing but the total tells, it tells.
    boolean told = !total || coin();
    if (told) {
      usage.perhaps("thoughtsTokenCount", bill.thought / of);
    }
    if (total) {
      usage.with("totalTokenCount", (bill.input() + bill.output()) / of);
    } else if (coin()) {
      usage.with("totalTokenCount", Math.min(prompt, candidates / of));
    }
    usage.with(
        "promptTokensDetails",
        Arrays.asList(
            modality("TEXT", prompt - (bill.heard + bill.heardBefore) / of),
            modality("AUDIO", (bill.heard + bill.heardBefore) / of)));
    if (bill.heardBefore > 0 || (bill.cached > 0 && (bill.heard > 0 || coin()))) {
      usage.with(
          "cacheTokensDetails",
          Arrays.asList(
              modality("TEXT", bill.cached / of), modality("AUDIO", bill.heardBefore / of)));
    }
    if (bill.drawn > 0) {
      usage.with(
          "candidatesTokensDetails", Collections.singletonList(modality("IMAGE", bill.drawn / of)));
    }
    if (bill.tier != null) {
      usage.with("trafficType", bill.tier);
    }
    return usage;
  }

  private UsageJson modality(String name, long count) {
    return json().with("modality", name).with("tokenCount", count);
  }

  private String generated(long of, boolean last) {
    long second = bill.searches / 2;
    return "{\"modelVersion\":\""
        + bill.model.id
        + "\",\"candidates\":["
        + candidate(0, bill.searches - second, last)
        + (second > 0 ? "," + candidate(1, second, last) : "")
        + "],\"usageMetadata\":"
        + generateUsage(of).write(true)
        + "}";
  }

  /** One search need not say what was searched for. */
  private String candidate(int index, long searches, boolean last) {
    StringBuilder queries = new StringBuilder();
    for (int i = 0; i < searches; i++) {
      queries.append(i == 0 ? "" : ",").append("\"query ").append(i).append('"');
    }
    String found = "\"groundingChunks\":[{\"web\":{\"uri\":\"u\"}}]";
    boolean unsaid = searches == 1 && coin();
    return "{\"content\":{\"parts\":[{\"text\":\"hi\"}]}"
        + (last ? ",\"finishReason\":\"STOP\"" : "")
        + ",\"groundingMetadata\":{"
        + (unsaid ? found : "\"webSearchQueries\":[" + queries + "]")
        + "},\"index\":"
        + index
        + "}";
  }

  private String generateStream() {
    return event(generated(4, false)) + event(generated(1, true));
  }
}
