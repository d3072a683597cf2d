package io.flyball.engine.budget;

import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.StoredInput;
import io.flyball.protocol.StoredInput.Kind;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many tokens of what providers keep the model reads where a request names it, as usage has
 * told: an answer may be continued by its id, a conversation grows by each answer, and Gemini
 * reports how much of a prompt was stored content. Bounded; what was not asked for longest is
 * forgotten, and then not known. Thread safe.
 */
public final class StoredSizes implements CallListener {
  /** Of a size that is not known. */
  static final long UNKNOWN = -1;

  private static final int MOST = 4_096;

  /** What a turn is wrapped in. */
  private static final long WRAPPING = 32;

  private static final String RESPONSES = "openai.responses";

  private final Map<StoredInput, Long> tokens =
      new LinkedHashMap<StoredInput, Long>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StoredInput, Long> eldest) {
          return size() > MOST;
        }
      };

  /** {@link #UNKNOWN} where no usage has told it. */
  long of(StoredInput input) {
    if (input.id() == null) {
      return UNKNOWN;
    }
    synchronized (tokens) {
      Long known = tokens.get(input);
      return known == null ? UNKNOWN : known;
    }
  }

  @Override
  public void callEnded(CallRecord record) {
    ResponseFacts response = record.response();
    if (response == null || !response.tellsUsage()) {
      return;
    }
    Usage usage = response.usage();
    if (response.id() != null && record.request().protocol().id().equals(RESPONSES)) {
      remember(new StoredInput(Kind.RESPONSE, response.id()), usage.total());
    }
    for (StoredInput input : record.request().storedInputs()) {
      long read = read(input.kind(), usage);
      if (input.id() != null && read > 0) {
        remember(input, read);
      }
    }
  }

  /** How long that is by what was reported of a call that names it; 0 when it does not say. */
  private static long read(Kind kind, Usage usage) {
    switch (kind) {
      case CONVERSATION:
        return usage.total();
      case PROMPT:
        return usage.input();
      case CACHE:
        return usage.cacheRead();
      default:
        return 0;
    }
  }

  private void remember(StoredInput input, long read) {
    synchronized (tokens) {
      tokens.put(input, Counts.plus(read, WRAPPING));
    }
  }
}
