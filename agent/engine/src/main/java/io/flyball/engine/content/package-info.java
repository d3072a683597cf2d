/** Captured content: redaction of what may leave the process. */
package io.flyball.engine.content;
