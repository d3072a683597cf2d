package io.flyball.engine;

/**
 * Models as their providers list them: the plain facts that the reference of what a request may
 * cost is made of, written here once more. Dollars for a million tokens.
 */
enum DearestModel {
  GPT_4O(Api.CHAT, "https://api.openai.com/v1/chat/completions", "gpt-4o", 2.5, 10, 16_384),
  GPT_4O_MINI(
      Api.CHAT, "https://api.openai.com/v1/chat/completions", "gpt-4o-mini", 0.15, 0.6, 16_384),
  GPT_41_MINI(
      Api.CHAT, "https://api.openai.com/v1/chat/completions", "gpt-4.1-mini", 0.4, 1.6, 32_768),
  GPT_5(Api.CHAT, "https://api.openai.com/v1/chat/completions", "gpt-5", 1.25, 10, 128_000),
  GPT_55(Api.CHAT, "https://api.openai.com/v1/chat/completions", "gpt-5.5", 5, 30, 128_000),
  GPT_56(Api.CHAT, "https://api.openai.com/v1/chat/completions", "gpt-5.6-terra", 2, 12, 128_000),
  GPT_AUDIO(Api.CHAT, "https://api.openai.com/v1/chat/completions", "gpt-audio", 2.5, 10, 16_384),
  TUNED(
      Api.CHAT,
      "https://api.openai.com/v1/chat/completions",
      "ft:gpt-4o-mini-2024-07-18:acme::1",
      0.3,
      1.2,
      16_384),
  AZURE(
      Api.CHAT,
      "https://us1.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01",
      "gpt-4o",
      2.5,
      10,
      16_384),
  OPENROUTER(
      Api.CHAT,
      "https://openrouter.ai/api/v1/chat/completions",
      "anthropic/claude-sonnet-4.6",
      3,
      15,
      128_000),
  GROK(Api.CHAT, "https://api.x.ai/v1/chat/completions", "grok-4", 3, 15, 128_000),
  ONE_API(Api.CHAT, "https://gateway.example/v1/chat/completions", "gpt-4o", 2.5, 10, 16_384),
  LLAMA_CPP(Api.CHAT, "http://localhost:8080/v1/chat/completions", "qwen-vl", 0, 0, 16_384),
  OLLAMA(Api.CHAT, "http://localhost:11434/v1/chat/completions", "llava", 0, 0, 16_384),
  INSTRUCT(
      Api.COMPLETIONS,
      "https://api.openai.com/v1/completions",
      "gpt-3.5-turbo-instruct",
      1.5,
      2,
      4_096),
  RESPONSES_5(Api.RESPONSES, "https://api.openai.com/v1/responses", "gpt-5", 1.25, 10, 128_000),
  RESPONSES_O4(Api.RESPONSES, "https://api.openai.com/v1/responses", "o4-mini", 1.1, 4.4, 100_000),
  EMBEDDINGS(
      Api.EMBEDDINGS, "https://api.openai.com/v1/embeddings", "text-embedding-3-small", 0.02, 0, 0),
  SONNET(
      Api.MESSAGES, "https://api.anthropic.com/v1/messages", "claude-sonnet-4-6", 3, 15, 128_000),
  SONNET_45(
      Api.MESSAGES,
      "https://api.anthropic.com/v1/messages",
      "claude-sonnet-4-5-20250929",
      3,
      15,
      64_000),
  OPUS(Api.MESSAGES, "https://api.anthropic.com/v1/messages", "claude-opus-4-8", 5, 25, 128_000),
  FLASH(
      Api.GENERATE,
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent",
      "gemini-2.5-flash",
      0.3,
      2.5,
      65_536),
  PRO(
      Api.GENERATE,
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent",
      "gemini-2.5-pro",
      1.25,
      10,
      65_536),
  PRO_3(
      Api.GENERATE,
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro-preview:generateContent",
      "gemini-3-pro-preview",
      2,
      12,
      65_536);

  /** The form of the request. */
  enum Api {
    CHAT,
    COMPLETIONS,
    RESPONSES,
    EMBEDDINGS,
    MESSAGES,
    GENERATE
  }

  final Api api;
  final String url;
  final String id;
  final double input;
  final double output;
  final long longest;

  DearestModel(Api api, String url, String id, double input, double output, long longest) {
    this.api = api;
    this.url = url;
    this.id = id;
    this.input = input;
    this.output = output;
    this.longest = longest;
  }

  boolean isOpenAis() {
    return url.contains("api.openai.com") || this == AZURE || this == ONE_API;
  }

  /** Of longer prompts some are dearer as a whole, and so are their answers. */
  double inputAt(double tokens) {
    boolean doubled =
        (this == GPT_56 && tokens > 272_000)
            || ((this == PRO || this == PRO_3 || this == SONNET_45) && tokens > 200_000);
    return doubled ? 2 * input : input;
  }

  double outputAt(double tokens) {
    return inputAt(tokens) > input ? 1.5 * output : output;
  }

  /** Sounds in a prompt. */
  double audioInput() {
    return this == GPT_AUDIO ? 32 : this == FLASH ? 1 : input;
  }

  /** The dearest kind of answer. */
  double dearestOutput(double tokens) {
    return this == GPT_AUDIO ? 64 : outputAt(tokens);
  }

  /** What the dearest service that may be got costs more, by what the request says of it. */
  double tier(String asked) {
    boolean dear = "priority".equals(asked) || "auto".equals(asked);
    if (!dear || !isOpenAis()) {
      return "priority".equals(asked) && api == Api.GENERATE ? 1.8 : 1;
    }
    switch (this) {
      case GPT_4O:
      case ONE_API:
        return 1.7;
      case GPT_41_MINI:
        return 1.75;
      case GPT_55:
        return 2.5;
      case RESPONSES_O4:
        return 1.8181818182;
      case AZURE:
        return 1.7;
      case GPT_4O_MINI:
        return 1.6666666667;
      default:
        return 2;
    }
  }

  /** Tokens of an image, by the provider's documents; of an unknown size those of the largest. */
  double image(long width, long height, String detail) {
    switch (this) {
      case GPT_4O:
      case AZURE:
      case ONE_API:
        return tiles(85, 170, width, height, detail);
      case GPT_AUDIO:
        return tiles(85, 170, width, height, detail);
      case GPT_4O_MINI:
      case TUNED:
        return tiles(2833, 5667, width, height, detail);
      case GPT_5:
      case RESPONSES_5:
        return tiles(70, 140, width, height, detail);
      case GPT_41_MINI:
        return patches(32, 1536, 1.62, width, height);
      case RESPONSES_O4:
        return patches(32, 1536, 1.72, width, height);
      case GPT_55:
      case GPT_56:
        boolean high = "high".equals(detail) || "low".equals(detail);
        return patches(32, high ? 2_500 : 10_000, 1.2, width, height);
      case SONNET:
      case SONNET_45:
      case OPENROUTER:
        return patches(28, 1_568, 1, width, height);
      case OPUS:
        return patches(28, 4_784, 1, width, height);
      case FLASH:
      case PRO:
        return crops(width, height);
      case PRO_3:
        return 1_120;
      default:
        // Qwen's models, which take the largest images of those that run at home.
        return patches(28, 16_384, 1, width, height);
    }
  }

  private static double tiles(int base, int tile, long width, long height, String detail) {
    if ("low".equals(detail)) {
      return base;
    }
    double w = width == 0 ? 2_048 : width;
    double h = height == 0 ? 768 : height;
    double fit = Math.min(1, 2_048 / Math.max(w, h));
    w *= fit;
    h *= fit;
    double shrink = Math.min(1, 768 / Math.min(w, h));
    w = Math.floor(w * shrink);
    h = Math.floor(h * shrink);
    return base + tile * Math.max(1, Math.ceil(w / 512)) * Math.max(1, Math.ceil(h / 512));
  }

  private static double patches(int side, int most, double factor, long width, long height) {
    double count =
        width == 0 ? most : Math.ceil((double) width / side) * Math.ceil((double) height / side);
    return Math.floor(Math.min(most, count) * factor);
  }

  private static double crops(long width, long height) {
    if (width == 0) {
      return 16 * 258;
    }
    return width <= 384 && height <= 384
        ? 258
        : 258 * Math.ceil(width / 768.0) * Math.ceil(height / 768.0);
  }

  /** Tokens that a prompt may have. */
  double window() {
    switch (this) {
      case GPT_4O:
      case GPT_4O_MINI:
      case TUNED:
      case AZURE:
      case ONE_API:
      case GPT_AUDIO:
        return 128_000;
      case RESPONSES_O4:
      case LLAMA_CPP:
      case OLLAMA:
      case SONNET:
      case OPENROUTER:
        return 200_000;
      case GROK:
        return 256_000;
      case GPT_5:
      case RESPONSES_5:
        return 400_000;
      default:
        return 1_000_000;
    }
  }

  /** Tokens of a page of a PDF: its text, where that is billed, and its image. */
  double page() {
    if (this == PRO_3) {
      return 560;
    }
    return this == FLASH || this == PRO ? 258 : 3_000 + image(1_700, 2_200, null);
  }

  /** Tokens of a second of sound. */
  double audioSecond() {
    return api == Api.GENERATE ? 32 : 10;
  }

  /** Tokens of a second of film, of one image a second. */
  double filmSecond() {
    return this == PRO_3 ? 70 + 32 : 300;
  }
}
