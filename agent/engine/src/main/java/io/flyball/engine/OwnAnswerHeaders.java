package io.flyball.engine;

import io.flyball.wire.Headers;

/**
 * The headers that say on an answer what Flyball did. What a provider says under these names (a
 * gateway with a Flyball of its own, or somebody who wants to be taken for ours) goes on under
 * another one: the application would take it for what was done here.
 */
final class OwnAnswerHeaders {
  static final String CALL = "x-flyball-call";
  static final String ATTEMPTS = "x-flyball-attempts";
  static final String TARGET = "x-flyball-target";
  static final String RETRY = "x-flyball-retry";
  static final String COST = "x-flyball-cost-usd";

  private static final String[] NAMES = {
    CALL, ATTEMPTS, TARGET, RETRY, COST, "x-flyball-cache", "x-flyball-refusal"
  };

  /** In front of what follows the {@code x-}. */
  private static final String UPSTREAM = "x-upstream-";

  private OwnAnswerHeaders() {}

  /** The headers of a provider's answer, those that have our names under other ones. */
  static Headers notOfOthers(Headers headers) {
    Headers.Builder renamed = null;
    for (int i = 0; i < headers.size(); i++) {
      if (!Headers.isForFlyball(headers.name(i)) || !isOurs(headers.name(i))) {
        continue;
      }
      if (renamed == null) {
        renamed = headers.toBuilder();
        for (String name : NAMES) {
          renamed.remove(name);
        }
      }
      renamed.add(UPSTREAM + headers.name(i).substring("x-".length()), headers.value(i));
    }
    return renamed == null ? headers : renamed.build();
  }

  private static boolean isOurs(String name) {
    for (String ours : NAMES) {
      if (ours.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
