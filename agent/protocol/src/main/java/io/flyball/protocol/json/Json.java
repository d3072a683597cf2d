package io.flyball.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;

/** How this module reads JSON: limits wide enough for real prompts, finite for hostile ones. */
final class Json {
  /** Characters of one string; an image inlined in an answer is the largest in practice. */
  private static final int LONGEST_STRING = 16 << 20;

  private static final int DEEPEST_NESTING = 1000;
  private static final int KEPT_BUFFERS = 16;

  /**
   * Field names are not interned, because they come from peers. Buffers are pooled here and not in
   * thread locals, which would keep the agent's classes alive on the application's threads.
   */
  static final JsonFactory FACTORY = builder(constraints()).build();

  /** Takes what lenient parsers of the application may take. */
  static final JsonFactory LENIENT =
      builder(constraints().maxNameLength(LONGEST_STRING).maxNumberLength(LONGEST_STRING))
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .enable(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonReadFeature.ALLOW_MISSING_VALUES)
          .build();

  private Json() {}

  private static StreamReadConstraints.Builder constraints() {
    return StreamReadConstraints.builder()
        .maxStringLength(LONGEST_STRING)
        .maxNestingDepth(DEEPEST_NESTING);
  }

  private static JsonFactoryBuilder builder(StreamReadConstraints.Builder constraints) {
    return new JsonFactoryBuilder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .recyclerPool(new BufferPool(KEPT_BUFFERS))
        .streamReadConstraints(constraints.build());
  }
}
