/** Export to a collector by OTLP over HTTP. */
package io.flyball.engine.telemetry.otlp;
