/**
 * How settings are declared, read, judged, shown and read again. Knows no setting but the file's: a
 * {@link io.flyball.settings.Section} brings its {@link io.flyball.settings.Property properties},
 * what they are read to, and {@link io.flyball.settings.Rule rules} for what concerns several; all
 * sections together are a {@link io.flyball.settings.Schema}. {@link
 * io.flyball.settings.ConfigLoader} reads agent arguments, system properties, the environment and a
 * YAML file by it, {@link io.flyball.settings.ConfigWatcher} reads them again.
 */
package io.flyball.settings;
