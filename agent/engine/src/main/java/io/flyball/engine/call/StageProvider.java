package io.flyball.engine.call;

/**
 * Adds a stage from another jar on the agent's loader, found with {@link java.util.ServiceLoader}.
 * Added stages stand between attribution and metering's attempt, so what they do is accounted for.
 */
public interface StageProvider {

  Stage create();
}
