package io.flyball.wire;

/**
 * Who makes a call: place in the code, logging context and trace of a thread of the application, as
 * {@link Gateway#caller} found them. Immutable; means something only to the gateway that made it.
 */
public interface Caller {}
