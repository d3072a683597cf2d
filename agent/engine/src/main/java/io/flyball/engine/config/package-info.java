/**
 * What the user may set: one typed, immutable tree ({@link io.flyball.engine.config.FlyballConfig})
 * read from agent arguments, system properties, the environment and a YAML file.
 *
 * <p>To add a section: one class such as {@link io.flyball.engine.config.ConsoleConfig} with its
 * {@code Property} constants and its {@code Section}, one line in {@code Schema}, one accessor in
 * {@link io.flyball.engine.config.FlyballConfig}. Everything else (sources, messages, the printed
 * effective configuration, {@code docs/configuration.md}) follows from the constants.
 */
package io.flyball.engine.config;
