package io.flyball.instrumentation.servlet;

import io.flyball.engine.wire.Gateway;
import io.flyball.instrumentation.api.Plugin;

/** Asked nothing: all is done where tasks of the JDK are. */
public final class AsyncStartPlugin implements Plugin {

  public AsyncStartPlugin(Gateway unused) {}
}
