package io.flyball.protocol.conversation;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What models take and reject, where that differs inside one protocol. Tables of facts; a model
 * nobody knows is taken for an ordinary one. Immutable.
 */
final class ModelTraits {
  /** The default limit of an answer where the protocol demands one. */
  static final long DEFAULT_LIMIT = 4096;

  /** The most tokens of an answer, by how the model's name begins; the first row that fits. */
  private static final Object[][] OPENAI_CAPS = {
    {"gpt-5", 128_000L},
    {"gpt-4.1-", 32_768L},
    {"gpt-4.5-", 16_384L},
    {"gpt-4o", 16_384L},
    {"gpt-4-turbo", 4_096L},
    {"gpt-4-1106", 4_096L},
    {"gpt-4-0125", 4_096L},
    {"gpt-4-", 8_192L},
    {"gpt-3.5-", 4_096L},
    {"o1-", 100_000L},
    {"o3-", 100_000L},
    {"o4-", 100_000L},
  };

  private static final Object[][] GEMINI_CAPS = {
    {"gemini-1.5", 8_192L}, {"gemini-2.0", 8_192L}, {"gemini-2.5", 65_536L}, {"gemini-3", 65_536L},
  };

  private static final Pattern REASONING =
      Pattern.compile("(?:.*[^a-z0-9])?(?:o[1-9]|gpt-?[5-9]|codex)(?:[^a-z0-9].*|$)");

  /** Claude's old names have the version before the family. */
  private static final Pattern CLAUDE =
      Pattern.compile(
          ".*claude-(?:(?<oldMajor>\\d)(?:[-.](?<oldMinor>\\d))?-)?(?<family>[a-z]+)"
              + "(?:-(?<major>\\d)(?:[-.](?<minor>\\d{1,2}))?)?(?:[^0-9].*|$)");

  /** Whether temperature, top_p and the like lead to an error. */
  final boolean rejectsSampling;

  /** Whether temperature and top_p exclude each other. */
  final boolean oneSamplingParameter;

  /**
   * OpenAI: whether the limit must be called {@code max_completion_tokens}, and stop is refused.
   */
  final boolean reasons;

  final boolean takesEffort;

  /** Whether to ask for an effort is an error. */
  final boolean rejectsEffort;

  final boolean takesPrefill;

  /** Anthropic: {@code output_config.format} and strict tools. */
  final boolean takesSchema;

  /** Anthropic: whether thinking with a budget is an error. */
  final boolean rejectsThinkingBudget;

  /** Anthropic: system messages between others. */
  final boolean takesLateSystem;

  /** In tokens, null when not known. */
  final Long cap;

  private ModelTraits(Builder builder) {
    this.rejectsSampling = builder.rejectsSampling;
    this.oneSamplingParameter = builder.oneSamplingParameter;
    this.reasons = builder.reasons;
    this.takesEffort = builder.takesEffort;
    this.rejectsEffort = builder.rejectsEffort;
    this.takesPrefill = builder.takesPrefill;
    this.takesSchema = builder.takesSchema;
    this.rejectsThinkingBudget = builder.rejectsThinkingBudget;
    this.takesLateSystem = builder.takesLateSystem;
    this.cap = builder.cap;
  }

  /**
   * @param model null when the application's own stays and is not known
   */
  static ModelTraits of(TargetModel target, String model) {
    String name = model == null ? "" : model.toLowerCase(Locale.ROOT);
    name = name.substring(name.lastIndexOf('/') + 1);
    Builder traits = new Builder();
    if (target.protocol().equals(TargetModel.ANTHROPIC)) {
      anthropic(name, target.anthropicVersion(), traits);
    } else if (target.protocol().equals(TargetModel.GEMINI)) {
      gemini(name, traits);
    } else {
      openAi(name, traits);
    }
    if (target.maxOutputTokens() != null) {
      traits.cap = target.maxOutputTokens();
    }
    return new ModelTraits(traits);
  }

  private static void openAi(String name, Builder traits) {
    traits.reasons = REASONING.matcher(name).matches() && !name.contains("-chat");
    traits.rejectsSampling = traits.reasons;
    traits.takesEffort = traits.reasons;
    traits.rejectsEffort = name.startsWith("gpt-3") || name.startsWith("gpt-4");
    traits.takesSchema = true;
    traits.cap = cap(OPENAI_CAPS, name);
  }

  private static void gemini(String name, Builder traits) {
    traits.takesEffort = name.startsWith("gemini-3") || name.startsWith("gemini-2.5");
    traits.takesPrefill = name.startsWith("gemini-1") || name.startsWith("gemini-2");
    traits.takesSchema = true;
    traits.cap = cap(GEMINI_CAPS, name);
  }

  private static void anthropic(String name, String apiVersion, Builder traits) {
    Matcher claude = CLAUDE.matcher(name);
    int version = claude.matches() ? version(claude) : 0;
    boolean opus = version > 0 && "opus".equals(claude.group("family"));
    boolean newApi = apiVersion != null && apiVersion.compareTo("2026") > 0;
    traits.rejectsSampling = newApi || version >= 50 || (opus && version >= 47);
    traits.oneSamplingParameter = version >= 45 || (opus && version >= 41);
    traits.rejectsThinkingBudget = version >= 50 || (opus && version >= 47);
    traits.takesPrefill = version > 0 && version < 46 && !newApi;
    traits.takesEffort = version >= 46 || (opus && version >= 45);
    traits.takesSchema = version >= 45 || (opus && version >= 41);
    traits.takesLateSystem = newApi;
    traits.cap = version == 0 ? null : (Long) anthropicCap(opus, version);
  }

  private static long anthropicCap(boolean opus, int version) {
    if (version <= 35) {
      return version < 35 ? 4_096 : 8_192;
    }
    if (opus && version < 45) {
      return 32_000;
    }
    return opus && version >= 46 ? 128_000 : 64_000;
  }

  /** 45 for 4.5; 0 when the name says none. */
  private static int version(Matcher claude) {
    boolean old = claude.group("oldMajor") != null;
    String major = claude.group(old ? "oldMajor" : "major");
    String minor = claude.group(old ? "oldMinor" : "minor");
    if (major == null) {
      return 0;
    }
    return Integer.parseInt(major) * 10
        + (minor == null ? 0 : Math.min(9, Integer.parseInt(minor)));
  }

  private static Long cap(Object[][] rows, String name) {
    for (Object[] row : rows) {
      if ((name + '-').startsWith((String) row[0])) {
        return (Long) row[1];
      }
    }
    return null;
  }

  /** The limit the request may carry: the application's, but not above the target's cap. */
  Long limit(Long asked, Losses losses) {
    if (asked != null && cap != null && asked > cap) {
      losses.add("max output tokens above the target's cap");
      return cap;
    }
    return asked;
  }

  private static final class Builder {
    boolean rejectsSampling;
    boolean oneSamplingParameter;
    boolean reasons;
    boolean takesEffort;
    boolean rejectsEffort;
    boolean takesPrefill;
    boolean takesSchema;
    boolean rejectsThinkingBudget;
    boolean takesLateSystem;
    Long cap;
  }
}
