/**
 * The local window into Flyball: metrics, a read-only API and a dashboard, over the JDK's HTTP
 * server.
 */
package io.flyball.console;
