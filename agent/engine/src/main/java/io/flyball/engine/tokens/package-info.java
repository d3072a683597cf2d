/** Counting tokens where providers did not report them. */
package io.flyball.engine.tokens;
