package io.flyball.protocol.failure;

import java.util.regex.Pattern;

/**
 * What the sentences of the providers mean, where they have no name for it or many share one. Each
 * line is a part of a sentence that was seen, in lower case.
 */
final class ErrorTexts {
  private static final String[] CONTEXT_WINDOW = {
    // OpenAI, Azure, vLLM, DeepSeek, Mistral, OpenRouter and Fireworks say the first.
    "maximum context length",
    "exceeds the context window",
    "reduce the length of the messages",
    "longer than the maximum model length",
    "too long to fit into the model",
    "longer than the model's context length",
    "exceeds the model's context length",
    // Anthropic
    "prompt is too long",
    "exceed context limit",
    // Bedrock
    "input is too long",
    "too many input tokens",
    "input tokens exceeds maximum length",
    "maximum prompt length is",
    // Ollama, llama.cpp, LM Studio
    "exceeds the context length",
    "exceeded max context length",
    "exceeds the available context size",
    "greater than the context length",
    // Cohere
    "total number of tokens in the prompt cannot exceed",
    "too many tokens: ",
    // Text Generation Inference, Together
    "`inputs` must have less than",
    "`inputs` tokens + `max_new_tokens` must be",
    // DashScope, Z.ai, Moonshot, MiniMax, GitHub, watsonx
    "range of input length should be",
    "prompt exceeds max length",
    "exceeded model token limit",
    "context window exceeds limit",
    "cannot exceed the total tokens limit"
  };

  /** Gemini and Vertex, which put a number in between; GitHub Copilot. */
  private static final Pattern TOKEN_COUNT =
      Pattern.compile(
          "(input|prompt) token count[^.\n]{0,60}(exceeds the|\\) exceeds|only supports up to)");

  private static final String[] CONTENT_FILTER = {
    "content management policy",
    "rejected as a result of our safety system",
    "flagged as potentially violating",
    "blocked by content filtering policy",
    "responsible ai practices",
    "content exists risk",
    "inappropriate content",
    "content violates usage guidelines",
    // OpenRouter's moderation
    "requires moderation"
  };

  private static final String[] QUOTA = {
    "credit balance is too low",
    "specified api usage limits",
    "insufficient balance",
    "insufficient credits",
    "used all available credits",
    "monthly spending limit",
    "billing hard limit",
    "billing to be enabled",
    "budget has been exceeded",
    "key limit exceeded",
    "api calls / month"
  };

  /** Words that OpenAI says of an empty account, and Google of any limit. */
  private static final String[] QUOTA_UNLESS_GOOGLE = {
    "exceeded your current quota", "plan and billing details"
  };

  private static final String[] AUTHENTICATION = {
    "api key not valid", "incorrect api key", "invalid api key"
  };

  private ErrorTexts() {}

  /**
   * @param words in lower case, without quotations
   */
  static boolean mean(FailureKind kind, String words, boolean google) {
    switch (kind) {
      case QUOTA:
        return contains(words, QUOTA) || (!google && contains(words, QUOTA_UNLESS_GOOGLE));
      case CONTEXT_WINDOW:
        return contains(words, CONTEXT_WINDOW) || TOKEN_COUNT.matcher(words).find();
      case CONTENT_FILTER:
        return contains(words, CONTENT_FILTER);
      case AUTHENTICATION:
        return contains(words, AUTHENTICATION);
      default:
        return false;
    }
  }

  private static boolean contains(String words, String[] parts) {
    for (String part : parts) {
      if (words.contains(part)) {
        return true;
      }
    }
    return false;
  }
}
