package io.flyball.engine.content;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import java.util.ArrayList;
import java.util.List;

/**
 * Names in the record of a call that come from outside, as the application asks for them and as the
 * provider says them (models, errors, reasons to finish), as they may be shown without content
 * being captured: see {@link ShownNames}; an error's code may repeat the key that was refused. Runs
 * on the record thread after pricing, which knows models by their true names.
 */
public final class ProviderNames {
  private static final int FIRST_OF_ERRORS = 400;

  private final ShownNames names;

  public ProviderNames(ShownNames names) {
    this.names = names;
  }

  /** The record with names that may be shown; the same object when all of them may. */
  public CallRecord apply(CallRecord record) {
    RequestFacts request = shown(record.request());
    ResponseFacts response = shown(record.response());
    String error = error(record.errorType(), record.status());
    boolean same =
        isSame(request, record.request())
            && isSame(response, record.response())
            && isSame(error, record.errorType());
    List<AttemptRecord> attempts = new ArrayList<>(record.attempts().size());
    for (AttemptRecord attempt : record.attempts()) {
      AttemptRecord one = shown(attempt);
      same &= isSame(one, attempt);
      attempts.add(one);
    }
    return same
        ? record
        : record.toBuilder()
            .request(request)
            .response(response)
            .attempts(attempts)
            .outcome(record.outcome(), record.status(), error)
            .build();
  }

  private AttemptRecord shown(AttemptRecord attempt) {
    RequestFacts request = shown(attempt.request());
    ResponseFacts response = shown(attempt.response());
    String error = error(attempt.errorType(), attempt.status());
    return isSame(request, attempt.request())
            && isSame(response, attempt.response())
            && isSame(error, attempt.errorType())
        ? attempt
        : attempt.toBuilder()
            .request(request)
            .response(response)
            .outcome(attempt.outcome(), attempt.status(), error)
            .build();
  }

  private RequestFacts shown(RequestFacts facts) {
    return facts == null ? null : facts.withNames(names::shown);
  }

  private ResponseFacts shown(ResponseFacts facts) {
    return facts == null ? null : facts.withNames(names::shown, names::shownOnce);
  }

  /** What has a status of its own is known by that. */
  private String error(String type, int status) {
    return type == null || ShownNames.isName(type) || status < FIRST_OF_ERRORS
        ? names.shown(type)
        : Integer.toString(status);
  }

  /** Nothing was shown otherwise: names that may be are themselves. */
  private static boolean isSame(Object shown, Object known) {
    return shown == known;
  }
}
