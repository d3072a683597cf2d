package io.flyball.engine.content;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a provider calls things by (models, errors, reasons to finish) as it may be shown without
 * content being captured: only what can be a name, since there may be a sentence of the prompt in
 * its place, and redacted, since an error's code may repeat the key that was refused. Runs on the
 * record thread after pricing, which knows models by their true names. Not thread safe.
 */
public final class ProviderNames {
  /** What is shown of what is no name. */
  public static final String OTHER = "other";

  private static final int LONGEST = 256;
  private static final int FIRST_OF_ERRORS = 400;
  private static final int REMEMBERED = 512;

  /** Of names, besides letters and digits: paths, classes, versions, addresses of resources. */
  private static final String SIGNS = "_-.:/@#$+~=[]";

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
    ResponseFacts response = shown(record.response(), record.answeredRequest().model());
    String error = error(record.errorType(), record.status());
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
    RequestFacts sent = attempt.request();
    ResponseFacts response = shown(attempt.response(), sent == null ? null : sent.model());
    String error = error(attempt.errorType(), attempt.status());
    return isSame(response, attempt.response()) && isSame(error, attempt.errorType())
        ? attempt
        : attempt.toBuilder()
            .response(response)
            .outcome(attempt.outcome(), attempt.status(), error)
            .build();
  }

  /**
   * @param asked what the application calls the model: that is no text of the provider's
   */
  private ResponseFacts shown(ResponseFacts facts, String asked) {
    return facts == null
        ? null
        : facts.withNames(
            name -> name != null && name.equals(asked) ? redacted(name) : shown(name), this::id);
  }

  /** What has a status of its own is known by that. */
  private String error(String type, int status) {
    return type == null || isName(type) || status < FIRST_OF_ERRORS
        ? shown(type)
        : Integer.toString(status);
  }

  private String shown(String name) {
    return name == null ? null : isName(name) ? redacted(name) : OTHER;
  }

  private String redacted(String name) {
    String known = shown.get(name);
    if (known == null) {
      known = cut(redaction.apply(name));
      shown.put(name, known);
    }
    return known.equals(name) ? name : known;
  }

  /** Each is seen once, and not remembered. */
  private String id(String id) {
    return id == null ? null : isName(id) ? redaction.apply(id) : OTHER;
  }

  private static String cut(String name) {
    return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
  }

  /** One word in ASCII: other scripts write sentences without a blank. */
  private static boolean isName(String name) {
    if (name.isEmpty() || name.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 128 || !(Characters.isLetterOrDigit(c) || SIGNS.indexOf(c) >= 0)) {
        return false;
      }
    }
    return true;
  }

  /** Nothing was shown otherwise: names that may be are themselves. */
  private static boolean isSame(Object shown, Object known) {
    return shown == known;
  }
}
