/** Flyball's own log: a few lines for the operator, written without any logging library. */
package io.flyball.base.log;
