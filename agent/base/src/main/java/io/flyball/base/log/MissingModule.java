package io.flyball.base.log;

/**
 * The module of the JDK that a failure is for want of: an image made by {@code jlink} has those
 * that its maker named, and a class of another is not there.
 */
final class MissingModule {
  /** The packages of modules that something of ours asks for, in the form of a class's path. */
  private static final String[][] MODULES = {
    {"java/util/logging/", "java.logging"},
    {"java/lang/instrument/", "java.instrument"},
    {"java/lang/management/", "java.management"},
    {"javax/management/", "java.management"},
    {"java/net/http/", "java.net.http"},
    {"javax/naming/", "java.naming"},
    {"java/sql/", "java.sql"},
    {"java/beans/", "java.desktop"},
    {"sun/misc/", "jdk.unsupported"},
    {"com/sun/tools/attach/", "jdk.attach"},
  };

  private static final int DEEPEST = 20;

  private MissingModule() {}

  /** Its name; null where it is none of that, or nobody knows which. */
  static String of(Throwable failure) {
    Throwable each = failure;
    for (int depth = 0; each != null && depth < DEEPEST; depth++) {
      if (each instanceof NoClassDefFoundError || each instanceof ClassNotFoundException) {
        String missing = String.valueOf(each.getMessage()).replace('.', '/');
        for (String[] module : MODULES) {
          if (missing.startsWith(module[0])) {
            return module[1];
          }
        }
      }
      each = each.getCause();
    }
    return null;
  }
}
