package io.flyball.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;

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
  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .recyclerPool(new BufferPool(KEPT_BUFFERS))
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(LONGEST_STRING)
                  .maxNestingDepth(DEEPEST_NESTING)
                  .build())
          .build();

  private Json() {}
}
