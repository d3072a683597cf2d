/**
 * How a capability - retries, circuit breakers, budgets - is made known to the rest: one folder
 * that brings its settings, its stages with their place, its metrics and what the console shows of
 * it. A {@link io.flyball.engine.capability.Capability} is what stands in the list of those there
 * are, {@link io.flyball.engine.capability.Installed} one that works in a JVM, {@link
 * io.flyball.engine.capability.House} what that is given.
 */
package io.flyball.engine.capability;
