package io.flyball.engine.budget;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.StoredInput;
import io.flyball.protocol.StoredInput.Kind;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * How many tokens of what providers keep the model reads where a request names it, as usage has
 * told: an answer may be continued by its id, a version of a prompt used again, and Gemini reports
 * how much of a prompt was stored content. Only what never changes is remembered, and only for the
 * host that keeps it: a conversation may grow where nobody sees it. Bounded; what was not asked for
 * longest is forgotten, and then not known. Thread safe.
 */
public final class StoredSizes implements CallListener {
  private static final int MOST = 4_096;

  /** What a turn is wrapped in. */
  private static final long WRAPPING = 32;

  private static final String RESPONSES = "openai.responses";

  /** What one host keeps. */
  private static final class Key {
    final String host;
    final int port;
    final StoredInput input;

    Key(String host, int port, StoredInput input) {
      this.host = host == null ? "" : host.toLowerCase(Locale.ROOT);
      this.port = port;
      this.input = input;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key
          && ((Key) other).port == port
          && ((Key) other).host.equals(host)
          && ((Key) other).input.equals(input);
    }

    @Override
    public int hashCode() {
      return Objects.hash(host, port, input);
    }
  }

  private final Map<Key, Long> tokens =
      new LinkedHashMap<Key, Long>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
          return size() > MOST;
        }
      };

  /** Tokens of what the request names, as far as they are known. */
  long known(RequestFacts request, String host, int port) {
    long all = 0;
    for (StoredInput input : request.storedInputs()) {
      Long known = of(input, host, port);
      all = known == null ? all : Counts.plus(all, known);
    }
    return all;
  }

  /**
   * Tokens at most of what the request names and no usage has told the length of: no more than the
   * context window holds.
   */
  long unknown(RequestFacts request, String host, int port, CostBounds.Windows windows) {
    for (StoredInput input : request.storedInputs()) {
      if (of(input, host, port) == null) {
        long window = windows.mostOf(request, host);
        return window == 0 ? CostBounds.Windows.USUAL : window;
      }
    }
    return 0;
  }

  /**
   * Tokens at most of all that the request names: what is reserved for it, and what counts where
   * nobody says how long the prompt was.
   */
  public long most(RequestFacts request, String host, int port, CostBounds.Windows windows) {
    return Counts.plus(known(request, host, port), unknown(request, host, port, windows));
  }

  /** Null where no usage has told it. */
  private Long of(StoredInput input, String host, int port) {
    if (input.id() == null) {
      return null;
    }
    synchronized (tokens) {
      return tokens.get(new Key(host, port, input));
    }
  }

  @Override
  public void callEnded(CallRecord record) {
    for (AttemptRecord attempt : record.attempts()) {
      RequestFacts sent = attempt.request() == null ? record.request() : attempt.request();
      learn(attempt, sent, attempt.response());
    }
  }

  private void learn(AttemptRecord attempt, RequestFacts sent, ResponseFacts said) {
    if (said == null || !tellsInput(attempt, said)) {
      return;
    }
    Usage usage = said.usage();
    if (said.id() != null && sent.protocol().id().equals(RESPONSES)) {
      remember(attempt, new StoredInput(Kind.RESPONSE, said.id()), usage.total());
    }
    for (StoredInput input : sent.storedInputs()) {
      long read = read(input.kind(), usage);
      if (input.id() != null && read > 0) {
        remember(attempt, input, read);
      }
    }
  }

  /** Usage that leaves the prompt out, or is told before the end, is not the length of it. */
  private static boolean tellsInput(AttemptRecord attempt, ResponseFacts said) {
    Usage usage = said.usage();
    return usage != null
        && usage.source() == Usage.Source.REPORTED
        && usage.input() > 0
        && (attempt.outcome() == Outcome.SUCCESS || said.complete());
  }

  /** How long that is by what was reported of a call that names it; 0 when it does not say. */
  private static long read(Kind kind, Usage usage) {
    switch (kind) {
      case PROMPT:
        return usage.input();
      case CACHE:
        return usage.cacheRead();
      default:
        return 0;
    }
  }

  private void remember(AttemptRecord attempt, StoredInput input, long read) {
    synchronized (tokens) {
      tokens.put(new Key(attempt.host(), attempt.port(), input), Counts.plus(read, WRAPPING));
    }
  }
}
