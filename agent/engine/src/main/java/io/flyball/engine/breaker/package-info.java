/** Leaves targets alone that fail. */
package io.flyball.engine.breaker;
