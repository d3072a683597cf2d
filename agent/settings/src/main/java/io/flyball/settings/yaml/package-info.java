/** Files that users name: read within bounds, whatever they turn out to be. */
package io.flyball.settings.yaml;
