package io.flyball.engine;

import io.flyball.engine.DearestModel.Api;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A request put together of parts that each change what may be billed for it, and the plain
 * reference of the dearest bill that it can get. A part can be left out, so that what breaks a law
 * can be told with nothing else around it.
 */
final class DearestRequest {
  /** Longer texts of nothing but tokens of one byte. */
  private static final String[] LIMITS = {
    "1",
    "64",
    "4096",
    "100000",
    "2147483647",
    "4611686018427387904",
    "9223372036854775807",
    "9223372036854775808",
    "1e30",
    "0",
    "-1",
    "\"700\"",
    "700.0",
    "\"7e2\"",
    "\"7_000\"",
    "\" 7,000\\n\""
  };

  /** What the provider keeps of a conversation is no longer than any of its models reads. */
  private static final double MOST_KEPT = 200_000;

  private static final double UNBOUNDED = 1e19;

  /** Anthropic's API takes no request without a limit. */
  private static final long ALWAYS_LIMITED = 1_000;

  /** One thing that a request says, and what comes of it. */
  static final class Part {
    /**
     * A field at the top of the request, of its configuration, a tool, or a piece of the prompt.
     */
    final String place;

    final String json;
    double text;
    double image;
    double audio;
    double other;

    /** Tokens of an answer; -1: no limit; 0: says nothing of it. */
    double limit;

    double choices = 1;
    double prompts;
    double foretold;
    double fees;
    double grounded;
    double written = 1;
    double speed = 1;
    double region = 1;
    double dearestModel = 1;
    boolean tool;
    boolean spoken;
    String tier;

    Part(String place, String json) {
      this.place = place;
      this.json = json;
    }
  }

  final DearestModel model;
  final List<Part> parts;

  private DearestRequest(DearestModel model, List<Part> parts) {
    this.model = model;
    this.parts = parts;
  }

  DearestRequest without(Part left) {
    List<Part> rest = new ArrayList<>(parts);
    rest.remove(left);
    return new DearestRequest(model, rest);
  }

  static DearestRequest of(long seed) {
    Random random = new Random(seed);
    DearestModel[] all = DearestModel.values();
    DearestModel model = all[random.nextInt(all.length)];
    List<Part> parts = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      Part part = part(model, random);
      boolean again = part != null && part.text == MOST_KEPT;
      if (part != null && !(again && parts.stream().anyMatch(p -> p.text == MOST_KEPT))) {
        parts.add(part);
      }
    }
    Collections.shuffle(parts, random);
    return new DearestRequest(model, parts);
  }

  private static Part part(DearestModel model, Random random) {
    switch (random.nextInt(9)) {
      case 0:
      case 1:
        return limit(model, random);
      case 2:
        return choices(model, random);
      case 3:
        return tier(model, random);
      case 4:
        return tool(model, random);
      case 5:
        return text(model, random);
      case 6:
        return rare(model, random);
      default:
        return media(model, random);
    }
  }

  private static Part limit(DearestModel model, Random random) {
    String value = pick(random, LIMITS);
    String name;
    String place = "top";
    switch (model.api) {
      case CHAT:
        name = pick(random, "max_tokens", "max_completion_tokens");
        break;
      case RESPONSES:
        name = "max_output_tokens";
        break;
      case GENERATE:
        name = pick(random, "maxOutputTokens", "max_output_tokens");
        place = pick(random, "generationConfig", "generation_config");
        break;
      case EMBEDDINGS:
        return null;
      default:
        name = "max_tokens";
    }
    Part part = new Part(place, "\"" + name + "\":" + value);
    double tokens = Double.parseDouble(value.replaceAll("\"|_|,|\\\\n", ""));
    part.limit = tokens <= 0 ? -1 : tokens;
    return part;
  }

  private static Part choices(DearestModel model, Random random) {
    int n = random.nextInt(40);
    Part part;
    switch (model.api) {
      case CHAT:
        part = new Part("top", "\"" + pick(random, "n", "N") + "\":" + number(random, n));
        break;
      case COMPLETIONS:
        if (n % 2 == 0) {
          part = new Part("prompts", "\"Hi\"");
          part.prompts = 1;
          part.text = 1;
          return part;
        }
        part = new Part("top", "\"" + pick(random, "n", "best_of") + "\":" + n);
        break;
      case GENERATE:
        part =
            new Part(
                pick(random, "generationConfig", "generation_config"),
                "\""
                    + pick(random, "candidateCount", "candidate_count")
                    + "\":"
                    + number(random, n));
        break;
      default:
        return null;
    }
    part.choices = Math.max(1, n);
    return part;
  }

  /** Written as some server or other takes it. */
  private static String number(Random random, int n) {
    return pick(random, "" + n, "\"" + n + "\"", "\"\\t" + n + "\"", n + "e0", "\"" + n + "e0\"");
  }

  private static Part tier(DearestModel model, Random random) {
    String tier = pick(random, "auto", "default", "flex", "priority");
    if (model.api == Api.GENERATE) {
      Part part =
          new Part(
              "top", "\"" + pick(random, "serviceTier", "service_tier") + "\":\"" + tier + "\"");
      part.tier = tier;
      return part;
    }
    if (model.api == Api.MESSAGES) {
      if (model == DearestModel.OPUS && random.nextBoolean()) {
        Part part = new Part("top", "\"speed\":\"fast\"");
        part.speed = 2;
        return part;
      }
      Part part = new Part("top", "\"inference_geo\":\"us\"");
      part.region = 1.1;
      return part;
    }
    Part part = new Part("top", "\"service_tier\":\"" + tier + "\"");
    part.tier = tier;
    return part;
  }

  private static Part tool(DearestModel model, Random random) {
    String filler = letters(random.nextInt(3) == 0 ? 5_000 : 3);
    String function =
        "{\"name\":\"f\",\"description\":\"" + filler + "\",\"parameters\":{\"type\":\"object\"}}";
    int uses = random.nextInt(30);
    Part part;
    switch (model.api) {
      case MESSAGES:
        int which = random.nextInt(4);
        if (which == 0) {
          part = new Part("tools", "{\"type\":\"bash_20250124\",\"name\":\"bash\"}");
          part.text = 735;
          part.tool = true;
        } else if (which == 1) {
          boolean bounded = random.nextBoolean();
          part =
              new Part(
                  "tools",
                  "{\"type\":\"web_search_20250305\",\"name\":\"web_search\""
                      + (bounded ? ",\"max_uses\":" + uses : "")
                      + "}");
          part.tool = true;
          part.fees = 0.01 * (bounded ? uses : 10);
        } else {
          part = new Part("tools", function.replace("parameters", "input_schema"));
          part.text = filler.length();
          part.tool = true;
        }
        return part;
      case RESPONSES:
        switch (random.nextInt(4)) {
          case 0:
            part =
                new Part(
                    "tools",
                    "{\"type\":\""
                        + pick(random, "web_search", "web_search_preview_2025_03_11")
                        + "\"}");
            part.fees = 0.01 * 10;
            return part;
          case 1:
            part = new Part("tools", "{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_1\"]}");
            part.fees = 0.0025 * 10;
            return part;
          case 2:
            part =
                new Part(
                    "tools", "{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}");
            part.fees = 0.03;
            return part;
          default:
            part = new Part("tools", "{\"type\":\"image_generation\"}");
            part.fees = 0.25;
            return part;
        }
      case GENERATE:
        if (random.nextBoolean()) {
          part =
              new Part("tools", "{\"" + pick(random, "googleSearch", "google_search") + "\":{}}");
          // An answer is charged for once, or each query.
          part.fees = model == DearestModel.PRO_3 ? 0.014 * 10 : 0;
          part.grounded = model == DearestModel.PRO_3 ? 0 : 0.035;
          return part;
        }
        part = new Part("tools", "{\"functionDeclarations\":[" + function + "]}");
        part.text = filler.length();
        return part;
      case CHAT:
        part = new Part("tools", "{\"type\":\"function\",\"function\":" + function + "}");
        part.text = filler.length();
        return part;
      default:
        return null;
    }
  }

  private static Part text(DearestModel model, Random random) {
    // Of characters that are a token each; a long one changes what some models cost.
    String text = letters(random.nextInt(12) == 0 ? 300_000 : random.nextInt(2_000));
    Part part;
    switch (model.api) {
      case COMPLETIONS:
        part = new Part("prompts", "\"" + text + "\"");
        part.prompts = 1;
        break;
      case EMBEDDINGS:
        part = new Part("prompts", "\"" + text + "\"");
        break;
      case GENERATE:
        part = new Part("content", "{\"text\":\"" + text + "\"}");
        break;
      case RESPONSES:
        part = new Part("content", "{\"type\":\"input_text\",\"text\":\"" + text + "\"}");
        break;
      default:
        part = new Part("content", "{\"type\":\"text\",\"text\":\"" + text + "\"}");
    }
    part.text = text.length();
    return part;
  }

  private static Part rare(DearestModel model, Random random) {
    Part part;
    if (model == DearestModel.GPT_AUDIO) {
      part = new Part("top", "\"modalities\":[\"text\",\"audio\"]");
      part.spoken = true;
      return part;
    }
    if (model == DearestModel.GPT_4O && random.nextBoolean()) {
      String text = letters(random.nextInt(3_000));
      part = new Part("top", "\"prediction\":{\"type\":\"content\",\"content\":\"" + text + "\"}");
      part.foretold = text.length();
      return part;
    }
    if (model == DearestModel.OPENROUTER && random.nextInt(3) == 0) {
      String small = "\"openai/gpt-4o-mini\"";
      String dear = "\"anthropic/claude-opus-4.8\"";
      String list = "[" + small + "," + dear + "]";
      String instead = "[{" + small + ":[" + dear + "]}]";
      part =
          new Part(
              "top",
              pick(
                  random,
                  "\"models\":" + list,
                  "\"models\":[{\"model\":" + dear + "}]",
                  "\"fallbacks\":" + instead,
                  "\"context_window_fallbacks\":" + instead,
                  "\"content_policy_fallbacks\":" + instead,
                  "\"extra_body\":{\"fallbacks\":" + list + "}",
                  "\"providerOptions\":{\"gateway\":{\"models\":" + list + "}}",
                  "\"plugins\":[{\"id\":\"auto-router\",\"allowed_models\":" + list + "}]"));
      part.dearestModel = 5.0 / 3;
      return part;
    }
    if (model.api == Api.MESSAGES || model == DearestModel.OPENROUTER) {
      boolean hour = random.nextBoolean();
      String mark =
          "\"cache_control\":{\"type\":\"ephemeral\"" + (hour ? ",\"ttl\":\"1h\"" : "") + "}";
      part =
          random.nextBoolean()
              ? new Part("top", mark)
              : new Part("content", "{\"type\":\"text\",\"text\":\"Hi\"," + mark + "}");
      part.text = 2;
      part.written = hour ? 2 : 1.25;
      return part;
    }
    if (model == DearestModel.GPT_56) {
      part = new Part("top", "\"prompt_cache_key\":\"k\"");
      part.written = 1.25;
      return part;
    }
    if (model.api == Api.RESPONSES) {
      part = new Part("top", "\"previous_response_id\":\"resp_1\"");
      part.text = MOST_KEPT;
      return part;
    }
    return null;
  }

  private static Part media(DearestModel model, Random random) {
    boolean looks = model.api != Api.COMPLETIONS && model.api != Api.EMBEDDINGS;
    if (!looks) {
      return null;
    }
    switch (random.nextInt(5)) {
      case 0:
        return document(model, random);
      case 1:
        return sound(model, random);
      default:
        return image(model, random);
    }
  }

  private static Part image(DearestModel model, Random random) {
    long width = size(random);
    long height = size(random);
    String detail =
        model.api == Api.CHAT || model.api == Api.RESPONSES
            ? pick(random, null, null, "auto", "low", "high", "original")
            : null;
    boolean named = random.nextInt(4) == 0;
    String[] drawn = made(random, width, height);
    String said = detail == null ? "" : ",\"detail\":\"" + detail + "\"";
    String address = "https://images.example/a.png";
    String data = slashes(random, drawn[1]);
    String url = named ? address : dataUrl(random, drawn[0], data);
    String json;
    switch (model.api) {
      case RESPONSES:
        if (random.nextInt(3) == 0) {
          // It says nothing of what of it is looked at.
          Part made = ofBefore(random, named ? null : data, url);
          made.image = named ? model.image(0, 0, null) : model.image(width, height, null);
          return made;
        }
        json =
            named && random.nextBoolean()
                ? "{\"type\":\"input_image\",\"file_id\":\"file-1\"" + said + "}"
                : "{\"type\":\"input_image\"" + said + ",\"image_url\":\"" + url + "\"}";
        break;
      case MESSAGES:
        String source =
            named
                ? pick(
                    random,
                    "{\"type\":\"url\",\"url\":\"" + address + "\"}",
                    "{\"type\":\"file\",\"file_id\":\"file_1\"}")
                : "{\"type\":\"base64\",\"data\":\""
                    + data
                    + "\",\"media_type\":\""
                    + drawn[0]
                    + "\"}";
        String block = "{\"source\":" + source + ",\"type\":\"image\"}";
        json =
            random.nextInt(3) == 0
                ? "{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":[" + block + "]}"
                : block;
        break;
      case GENERATE:
        String part =
            named
                ? pick(
                    random,
                    "{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"" + address + "\"}}",
                    "{\"file_data\":{\"mime_type\":\"image/png\",\"file_uri\":\""
                        + address
                        + "\"}}")
                : pick(
                    random,
                    "{\"inlineData\":{\"mimeType\":\""
                        + drawn[0]
                        + "\",\"data\":\""
                        + data
                        + "\"}}",
                    "{\"inline_data\":{\"data\":\""
                        + data
                        + "\",\"mime_type\":\""
                        + drawn[0]
                        + "\"}}");
        json = part;
        break;
      default:
        json = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"" + said + "}}";
    }
    Part part = new Part("content", json);
    part.image = named ? model.image(0, 0, detail) : model.image(width, height, detail);
    return part;
  }

  /**
   * An image that stands in what was said before, or with a tool.
   *
   * @param data null: it is only named
   */
  private static Part ofBefore(Random random, String data, String url) {
    switch (random.nextInt(3)) {
      case 0:
        String type = "\"type\":\"image_generation_call\"";
        String result = "\"result\":" + (data == null ? "null" : '"' + data + '"');
        String id = "\"id\":\"ig_1\"";
        return new Part(
            "items",
            pick(
                random,
                "{" + type + "," + id + "," + result + "}",
                "{" + result + "," + id + "," + type + "}"));
      case 1:
        String at = "\"url\":\"" + url + "\"";
        String image =
            pick(random, "{\"type\":\"image\"," + at + "}", "{" + at + ",\"type\":\"image\"}");
        return new Part(
            "items",
            "{\"type\":\"code_interpreter_call\",\"id\":\"ci_1\",\"code\":\"x\",\"outputs\":["
                + pick(random, "", "{\"type\":\"logs\",\"logs\":\"x\"},")
                + image
                + "]}");
      default:
        String mask =
            data == null
                ? pick(random, "\"file_id\":\"file-1\"", "\"image_url\":\"" + url + "\"")
                : "\"image_url\":\"" + url + "\"";
        Part tool =
            new Part(
                "tools", "{\"type\":\"image_generation\",\"input_image_mask\":{" + mask + "}}");
        tool.fees = 0.25;
        return tool;
    }
  }

  private static String[] made(Random random, long width, long height) {
    switch (random.nextInt(4)) {
      case 0:
        return new String[] {"image/png", MadeMedia.png(width, height)};
      case 1:
        return new String[] {"image/jpeg", MadeMedia.jpeg(width, height)};
      case 2:
        return new String[] {"image/gif", MadeMedia.gif(width, height)};
      default:
        return new String[] {"image/webp", MadeMedia.webp(random.nextInt(3), width, height)};
    }
  }

  private static Part document(DearestModel model, Random random) {
    int pages = 1 + random.nextInt(random.nextInt(5) == 0 ? 90 : 6);
    boolean named = random.nextInt(4) == 0;
    String data =
        slashes(random, MadeMedia.pdf(pages, random.nextBoolean(), random.nextInt(4) > 0));
    String url = dataUrl(random, "application/pdf", data);
    String address = "https://files.example/a.pdf";
    String json;
    switch (model.api) {
      case RESPONSES:
        json =
            "{\"type\":\"input_file\","
                + (named
                    ? pick(random, "\"file_id\":\"file-1\"", "\"file_url\":\"" + address + "\"")
                    : "\"filename\":\"a.pdf\",\"file_data\":\"" + url + "\"")
                + "}";
        break;
      case MESSAGES:
        json =
            "{\"type\":\"document\",\"source\":"
                + (named
                    ? "{\"type\":\"url\",\"url\":\"" + address + "\"}"
                    : "{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\""
                        + data
                        + "\"}")
                + "}";
        break;
      case GENERATE:
        json =
            named
                ? "{\"fileData\":{\"fileUri\":\""
                    + address
                    + "\",\"mimeType\":\"application/pdf\"}}"
                : "{\"inlineData\":{\"data\":\"" + data + "\",\"mimeType\":\"application/pdf\"}}";
        break;
      default:
        if (random.nextInt(3) == 0) {
          String at = named ? address : url;
          String value = random.nextBoolean() ? "{\"url\":\"" + at + "\"}" : "\"" + at + "\"";
          json = "{\"type\":\"document_url\",\"document_url\":" + value + "}";
          break;
        }
        json =
            "{\"type\":\"file\",\"file\":"
                + (named
                    ? "{\"file_id\":\"file-1\"}"
                    : "{\"filename\":\"a.pdf\",\"file_data\":\"" + url + "\"}")
                + "}";
    }
    Part part = new Part("content", json);
    // What is more than a prompt may have is refused, and costs nothing.
    part.other = Math.min(model.window(), (named ? 100 : pages) * model.page());
    return part;
  }

  private static Part sound(DearestModel model, Random random) {
    int seconds = 1 + random.nextInt(20);
    boolean wav = random.nextBoolean();
    String data =
        wav ? MadeMedia.wav(pick(random, 100, 16_000, 96_000), seconds) : MadeMedia.mp3(seconds);
    Part part;
    if (model == DearestModel.GPT_AUDIO) {
      part =
          new Part(
              "content",
              "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\""
                  + data
                  + "\",\"format\":\""
                  + (wav ? "wav" : "mp3")
                  + "\"}}");
    } else if (model.api == Api.GENERATE) {
      if (random.nextInt(3) == 0) {
        part =
            new Part(
                "content",
                "{\"inlineData\":{\"mimeType\":\"video/mp4\",\"data\":\""
                    + MadeMedia.mp4(seconds)
                    + "\"}}");
        part.other = seconds * model.filmSecond();
        return part;
      }
      part =
          new Part(
              "content",
              "{\"inlineData\":{\"mimeType\":\"audio/"
                  + (wav ? "wav" : "mp3")
                  + "\",\"data\":\""
                  + data
                  + "\"}}");
    } else {
      return null;
    }
    part.audio = seconds * model.audioSecond();
    return part;
  }

  private static int pick(Random random, int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** In letters of any case, and perhaps with parameters that nobody needs. */
  private static String dataUrl(Random random, String type, String data) {
    String name = random.nextInt(4) == 0 ? ";name=" + letters(random.nextInt(600)) : "";
    return pick(random, "data:", "data:", "DATA:")
        + type
        + name
        + pick(random, ";base64,", ";base64,", ";BASE64,")
        + data;
  }

  /** Written as some do, who escape what needs none. */
  private static String slashes(Random random, String base64) {
    switch (random.nextInt(3)) {
      case 0:
        return base64.replace("/", "\\/");
      case 1:
        return base64.replace("=", "\\u003d").replace("+", "\\u002b");
      default:
        return base64;
    }
  }

  private static long size(Random random) {
    return random.nextInt(4) == 0 ? 1 + random.nextInt(9_000) : 1 + random.nextInt(2_100);
  }

  private static String letters(int count) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append((char) ('a' + i % 26));
    }
    return text.toString();
  }

  private String at(String place) {
    List<String> there = new ArrayList<>();
    for (Part part : parts) {
      if (part.place.equals(place)) {
        there.add(part.json);
      }
    }
    return String.join(",", there);
  }

  /** The body that is sent. */
  String body() {
    StringBuilder body = new StringBuilder("{");
    if (model.api != Api.GENERATE) {
      body.append("\"model\":\"").append(model.id).append("\",");
    }
    String content = at("content");
    String some = content.isEmpty() ? "" : "," + content;
    String prompts = at("prompts");
    switch (model.api) {
      case COMPLETIONS:
        body.append("\"prompt\":[\"Hi\"")
            .append(prompts.isEmpty() ? "" : "," + prompts)
            .append(']');
        break;
      case EMBEDDINGS:
        body.append("\"input\":[\"Hi\"").append(prompts.isEmpty() ? "" : "," + prompts).append(']');
        break;
      case RESPONSES:
        body.append(
                "\"input\":["
                    + (at("items").isEmpty() ? "" : at("items") + ",")
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"Hi\"}")
            .append(some)
            .append("]}]");
        break;
      case GENERATE:
        body.append("\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}")
            .append(some)
            .append("]}]");
        break;
      default:
        body.append(
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}")
            .append(some)
            .append("]}]");
    }
    for (String config : new String[] {"generationConfig", "generation_config"}) {
      String fields = at(config);
      if (!fields.isEmpty()) {
        body.append(",\"").append(config).append("\":{").append(fields).append('}');
      }
    }
    String tools = at("tools");
    if (!tools.isEmpty()) {
      body.append(",\"tools\":[").append(tools).append(']');
    }
    String top = at("top");
    if (model.api == Api.MESSAGES && !top.contains("max_tokens")) {
      body.append(",\"max_tokens\":").append(ALWAYS_LIMITED);
    }
    return body.append(top.isEmpty() ? "" : ",").append(top).append('}').toString();
  }

  private double input() {
    double tokens = 2;
    // That there are tools is told to the model once.
    tokens += parts.stream().anyMatch(part -> part.tool) ? 530 : 0;
    for (Part part : parts) {
      tokens += part.text + part.image + part.audio + part.other;
    }
    return tokens;
  }

  private double output() {
    if (model.api == Api.EMBEDDINGS) {
      return 0;
    }
    double most = 0;
    boolean unlimited = false;
    double choices = 1;
    double prompts = 1;
    double foretold = 0;
    for (Part part : parts) {
      unlimited |= part.limit < 0;
      most = Math.max(most, part.limit);
      choices = Math.max(choices, part.choices);
      prompts += part.prompts;
      foretold += part.foretold;
    }
    // Nobody answers with more than the model can.
    long longest =
        model.api == Api.MESSAGES && most == 0 && !unlimited ? ALWAYS_LIMITED : model.longest;
    most = unlimited || most == 0 ? longest : Math.min(most, longest);
    return (most + foretold) * choices * prompts;
  }

  /** Tokens of the dearest bill, prompt and answer. */
  double tokens() {
    return Math.min(UNBOUNDED, input() + output());
  }

  /** Dollars of the dearest bill. */
  double cost() {
    double input = input();
    double audio = 0;
    double written = model == DearestModel.GPT_56 ? 1.25 : 1;
    double speed = 1;
    double region = 1;
    double dearestModel = 1;
    double tier = 1;
    double fees = 0;
    double grounded = 0;
    boolean spoken = false;
    for (Part part : parts) {
      audio += part.audio;
      written = Math.max(written, part.written);
      speed = Math.max(speed, part.speed);
      region = Math.max(region, part.region);
      dearestModel = Math.max(dearestModel, part.dearestModel);
      tier = Math.max(tier, model.tier(part.tier));
      fees += part.fees;
      grounded = Math.max(grounded, part.grounded);
      spoken |= part.spoken;
    }
    double out = spoken ? model.dearestOutput(input) : model.outputAt(input);
    double tokens =
        (input - audio) * model.inputAt(input) * written
            + audio * Math.max(model.audioInput(), model.inputAt(input) * written)
            + output() * out;
    return tokens / 1e6 * speed * region * tier * dearestModel + fees + grounded;
  }
}
