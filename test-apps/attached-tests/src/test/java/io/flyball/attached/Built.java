package io.flyball.attached;

import java.io.File;

/** Where the build put what these tests run. */
final class Built {
  private static final File ROOT = new File(System.getProperty("flyball.root", "../.."));

  private Built() {}

  static File agentJar() {
    return existing(new File(ROOT, "agent/javaagent/target/flyball-agent.jar"));
  }

  /** The agent with the scripted stage of the contract tests in it. */
  static File testingAgentJar() {
    return existing(new File(ROOT, "agent/javaagent/target/flyball-agent-testing.jar"));
  }

  static File file(String path) {
    return existing(new File(ROOT, path));
  }

  /** The jar of a test application. */
  static File application(String folder) {
    File target = new File(ROOT, "test-apps/" + folder + "/target");
    File[] jars =
        target.listFiles(
            (dir, name) -> name.startsWith("flyball-app-" + folder) && name.endsWith(".jar"));
    if (jars == null || jars.length == 0) {
      throw new IllegalStateException("not built: " + target + " has no application jar");
    }
    return jars[0];
  }

  /** The class path of a test application: its jar and its libraries. */
  static String classPath(String folder) {
    return application(folder).getPath()
        + File.pathSeparator
        + new File(ROOT, "test-apps/" + folder + "/target/lib").getPath()
        + File.separator
        + "*";
  }

  private static File existing(File file) {
    if (!file.exists()) {
      throw new IllegalStateException("not built: " + file);
    }
    return file;
  }
}
