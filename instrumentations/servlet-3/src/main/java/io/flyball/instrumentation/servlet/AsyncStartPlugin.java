package io.flyball.instrumentation.servlet;

import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;

/** Asked nothing: all is done where tasks of the JDK are. */
public final class AsyncStartPlugin implements Plugin {

  public AsyncStartPlugin(Gateway unused) {}
}
