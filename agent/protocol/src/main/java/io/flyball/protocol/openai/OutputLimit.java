package io.flyball.protocol.openai;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonSplice;
import java.util.Arrays;

/**
 * The fields that limit an answer: each API has its own name for it, chat completions an old and a
 * new one, and servers take one in the place of another. All that are there are set, because it is
 * not known which one counts.
 */
final class OutputLimit {
  private static final String OLD = "max_tokens";
  private static final String CURRENT = "max_completion_tokens";
  private static final String OF_RESPONSES = "max_output_tokens";
  private static final String[] NAMES = {OLD, CURRENT, OF_RESPONSES};

  private static final JsonShape<OutputLimit> SHAPE = shape();

  private final int[] there = new int[NAMES.length];

  /** Whether one is where gateways take it from, and where nothing is set. */
  private boolean elsewhere;

  private OutputLimit() {}

  private static JsonShape<OutputLimit> shape() {
    JsonShape.Builder<OutputLimit> top = JsonShape.builder();
    JsonShape.Builder<OutputLimit> inner = JsonShape.builder();
    for (int i = 0; i < NAMES.length; i++) {
      int name = i;
      top.kind(NAMES[i], (limit, kind) -> limit.there[name]++);
      inner.kind(NAMES[i], (limit, kind) -> limit.elsewhere = true);
    }
    JsonShape<OutputLimit> elsewhere = inner.build();
    return top.inside(OpenAiRequest.EXTRA_BODY, elsewhere)
        .inside(OpenAiRequest.DEFERRED, elsewhere)
        .kind(OpenAiRequest.DEFERRED, (limit, kind) -> limit.elsewhere |= kind == JsonKind.OBJECT)
        .build();
  }

  /**
   * The request with that limit, in every field that it uses, and in one that its API and provider
   * know; null when it is not well-formed, or names a limit twice, or in letters of another case:
   * nobody knows which one would count.
   *
   * @param provider {@code gen_ai.provider.name}
   */
  static byte[] set(byte[] body, OpenAiApi api, String provider, long tokens) {
    OutputLimit limit = new OutputLimit();
    OutputLimit any = new OutputLimit();
    boolean read =
        JsonDocument.read(body, SHAPE, limit) && JsonDocument.readInAnyCase(body, SHAPE, any);
    if (!read || any.elsewhere || !Arrays.equals(limit.there, any.there)) {
      return null;
    }
    String own = own(api, provider, limit);
    byte[] changed = body;
    for (int i = 0; i < NAMES.length && changed != null; i++) {
      if (limit.there[i] > 1) {
        return null;
      }
      if (limit.there[i] > 0 || NAMES[i].equals(own)) {
        changed = JsonSplice.set(changed, Long.toString(tokens), NAMES[i]);
      }
    }
    return changed;
  }

  private static String own(OpenAiApi api, String provider, OutputLimit limit) {
    if (api == OpenAiApi.RESPONSES) {
      return OF_RESPONSES;
    }
    if (api == OpenAiApi.COMPLETIONS) {
      return OLD;
    }
    boolean old = limit.there[0] > 0;
    boolean current = limit.there[1] > 0;
    boolean knowsCurrent = provider.equals("openai") || provider.equals("azure.ai.openai");
    return current || (!old && knowsCurrent) ? CURRENT : OLD;
  }
}
