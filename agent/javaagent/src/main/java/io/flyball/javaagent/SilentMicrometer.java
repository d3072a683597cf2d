package io.flyball.javaagent;

import io.micrometer.common.util.internal.logging.InternalLogger;
import io.micrometer.common.util.internal.logging.InternalLoggerFactory;
import java.lang.reflect.Proxy;

/**
 * Keeps Micrometer, ours, from logging: that would be through java.util.logging, which is the
 * application's, and which is initialised but once, with what the application has said by then.
 */
final class SilentMicrometer extends InternalLoggerFactory {
  private SilentMicrometer() {}

  /** Before the first class of Micrometer is used. */
  static void install() {
    InternalLoggerFactory.setDefaultFactory(new SilentMicrometer());
  }

  @Override
  protected InternalLogger newInstance(String name) {
    return (InternalLogger)
        Proxy.newProxyInstance(
            InternalLogger.class.getClassLoader(),
            new Class<?>[] {InternalLogger.class},
            (logger, method, arguments) -> {
              if (method.getReturnType() == boolean.class) {
                return false;
              }
              return method.getName().equals("name") ? name : null;
            });
  }
}
