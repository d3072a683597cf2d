/** What is told of calls: spans, metrics, and the history that the console shows. */
package io.flyball.engine.telemetry;
