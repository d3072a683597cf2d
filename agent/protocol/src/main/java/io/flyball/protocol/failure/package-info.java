/**
 * What a failed answer means: whether asking again can help, whom the failure is charged to, and
 * how long the provider wants to be left alone. {@link io.flyball.protocol.failure.FailureReader}
 * is the way in.
 */
package io.flyball.protocol.failure;
