/** The event file: one JSON object per call. */
package io.flyball.engine.event;
