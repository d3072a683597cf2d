package io.flyball.protocol.failure;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;

/**
 * Whether a failed answer is about a field of the request that the application did not send. Many
 * servers refuse what they do not know with a status and a sentence of their own, so that it often
 * can only be said what an answer is surely not about.
 */
public enum AddedField {
  /** The answer names it, or says that a field is not known. */
  NAMED,
  /** Nothing speaks against it. */
  POSSIBLE,
  /** The answer's words are about something else; servers give wrong words, too. */
  UNLIKELY,
  /**
   * Answers with that status are about something else: only whoever has never taken the field may
   * mean it all the same, with a filter or a signature that nobody knows of.
   */
  OTHER;

  /** How servers say that they do not know a field; lower case. */
  private static final String[] REFUSAL_WORDS = {
    "stream_options",
    "include_usage",
    "extra_forbidden",
    "extra inputs",
    "extra fields",
    "unknown field",
    "unknown parameter",
    "unknown name",
    "unrecognized",
    "additional properties",
    "unexpected keyword"
  };

  /** Fields that an answer may name, in quotation marks, as what is wrong with the request. */
  private static final String[] OTHER_FIELDS = {
    "messages",
    "prompt",
    "input",
    "temperature",
    "top_p",
    "max_tokens",
    "max_completion_tokens",
    "tools",
    "tool_choice",
    "tool_calls",
    "tool_call_id",
    "functions",
    "response_format",
    "stop",
    "seed",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "frequency_penalty",
    "presence_penalty",
    "reasoning_effort",
    "parallel_tool_calls",
    "modalities",
    "service_tier"
  };

  /** Names that say no more than the status 404. */
  private static final String[] GENERIC = {"not_found", "not_found_error", "notfound"};

  private static final FailureKind[] KNOWN = {
    FailureKind.QUOTA,
    FailureKind.CONTEXT_WINDOW,
    FailureKind.CONTENT_FILTER,
    FailureKind.AUTHENTICATION,
    FailureKind.RATE_LIMIT,
    FailureKind.OVERLOADED
  };

  /**
   * Of an answer with an error status.
   *
   * @param header gives the first value of a header of the answer by its name in any case, or null
   * @param body decoded, perhaps cut short
   */
  public static AddedField inAnswer(int status, Function<String, String> header, byte[] body) {
    ErrorBody error = ErrorBody.read(body);
    error.awsType(header.apply("x-amzn-errortype"));
    String text = new String(body, StandardCharsets.UTF_8);
    boolean told = error.name() != null || error.message() != null;
    if (namesIt(text.toLowerCase(Locale.ROOT))) {
      // Whatever the status: gateways and filters in front of servers have their own.
      return NAMED;
    }
    return mayRefuse(status) ? of(told ? error : ErrorBody.of(null, text), text) : OTHER;
  }

  /** Whether servers refuse with that status what they do not know, without a word about it. */
  private static boolean mayRefuse(int status) {
    switch (status) {
      case 400:
      case 404:
      case 405:
      case 406:
      case 415:
      case 422:
      case 500:
      case 501:
      case 502:
      case 520:
        return true;
      default:
        return false;
    }
  }

  private static boolean namesIt(String words) {
    return words.contains("stream_options") || words.contains("include_usage");
  }

  /**
   * Of an error inside an answer with status 200.
   *
   * @param type the provider's code or type, or null
   * @param message the provider's words, or null
   */
  public static AddedField inEvent(String type, String message) {
    ErrorBody error = ErrorBody.of(type, message);
    String words = message == null ? "" : message;
    return of(error, type == null ? words : words + '\n' + type);
  }

  private static AddedField of(ErrorBody error, String all) {
    for (FailureKind kind : KNOWN) {
      if (error.says(kind)) {
        return UNLIKELY;
      }
    }
    String words = all.toLowerCase(Locale.ROOT);
    for (String word : REFUSAL_WORDS) {
      if (words.contains(word)) {
        return NAMED;
      }
    }
    return namesWhatIsNotThere(error) || quotesOtherField(words) ? UNLIKELY : POSSIBLE;
  }

  /** The error's own name in an answer with an error status; null when it has none. */
  public static String nameOf(byte[] body) {
    return ErrorBody.read(body).name();
  }

  private static boolean namesWhatIsNotThere(ErrorBody error) {
    if (!error.isNamed(FailureKind.NOT_FOUND)) {
      return false;
    }
    for (String generic : GENERIC) {
      if (generic.equalsIgnoreCase(error.name())) {
        return false;
      }
    }
    return true;
  }

  private static boolean quotesOtherField(String words) {
    for (String field : OTHER_FIELDS) {
      for (int at = words.indexOf(field); at >= 0; at = words.indexOf(field, at + 1)) {
        int after = at + field.length();
        boolean quoted = at > 0 && "'\"`".indexOf(words.charAt(at - 1)) >= 0;
        // Also messages[0].content; but not the key of an object, as in {"input":null}.
        if (quoted
            && after < words.length()
            && "'\"`.[".indexOf(words.charAt(after)) >= 0
            && !isKey(words, after)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isKey(String words, int quote) {
    int i = quote + 1;
    while (i < words.length() && words.charAt(i) <= ' ') {
      i++;
    }
    return i < words.length() && words.charAt(quote) == '"' && words.charAt(i) == ':';
  }
}
