package io.flyball.engine.content;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.protocol.ResponseFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a provider calls things by (models, errors, reasons to finish) as it may be shown without
 * content being captured: redacted and cut, since an error's code may repeat the key that was
 * refused. Runs on the record thread after pricing, which knows models by their true names. Not
 * thread safe.
 */
public final class ProviderNames {
  private static final int LONGEST = 256;
  private static final int REMEMBERED = 512;

  private final UnaryOperator<String> redaction;

  private final Map<String, String> shown =
      new LinkedHashMap<String, String>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param redaction what happens to a name, usually {@link Redactor#redact}
   */
  public ProviderNames(UnaryOperator<String> redaction) {
    this.redaction = redaction;
  }

  /** The record with names that may be shown; the same object when all of them may. */
  public CallRecord apply(CallRecord record) {
    ResponseFacts response = shown(record.response());
    String error = shown(record.errorType());
    boolean same = isSame(response, record.response()) && isSame(error, record.errorType());
    List<AttemptRecord> attempts = new ArrayList<>(record.attempts().size());
    for (AttemptRecord attempt : record.attempts()) {
      AttemptRecord one = shown(attempt);
      same &= isSame(one, attempt);
      attempts.add(one);
    }
    return same
        ? record
        : record.toBuilder()
            .response(response)
            .attempts(attempts)
            .outcome(record.outcome(), record.status(), error)
            .build();
  }

  private AttemptRecord shown(AttemptRecord attempt) {
    ResponseFacts response = shown(attempt.response());
    String error = shown(attempt.errorType());
    return isSame(response, attempt.response()) && isSame(error, attempt.errorType())
        ? attempt
        : attempt.toBuilder()
            .response(response)
            .outcome(attempt.outcome(), attempt.status(), error)
            .build();
  }

  private ResponseFacts shown(ResponseFacts facts) {
    return facts == null ? null : facts.withNames(this::shown);
  }

  private String shown(String name) {
    if (name == null) {
      return null;
    }
    String known = shown.get(name);
    if (known == null) {
      String redacted = redaction.apply(name);
      known = redacted.length() > LONGEST ? redacted.substring(0, LONGEST) : redacted;
      shown.put(name, known);
    }
    return known.equals(name) ? name : known;
  }

  /** Nothing was shown otherwise: names that may be are themselves. */
  private static boolean isSame(Object shown, Object known) {
    return shown == known;
  }
}
