/**
 * What users may set: a class for each section, its properties with their meaning and what they are
 * read to, and {@link io.flyball.engine.config.Sections}, which lists them. Everything else
 * (sources, messages, the printed effective configuration, {@code docs/configuration.md}) follows
 * from the properties; {@link io.flyball.settings} does it.
 */
package io.flyball.engine.config;
