package io.flyball.attached;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

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
    return classPath(folder, "lib");
  }

  /**
   * The same with other libraries.
   *
   * @param libraries a folder of the application's build
   */
  static String classPath(String folder, String libraries) {
    return application(folder).getPath()
        + File.pathSeparator
        + new File(ROOT, "test-apps/" + folder + "/target/" + libraries).getPath()
        + File.separator
        + "*";
  }

  /**
   * The class path of an instrumentation's contract tests: the tests, what the contract needs,
   * JUnit's console, and the client library when the JDK does not bring it.
   *
   * @param library {@code okhttp-4.12.0}, or null for a client of the JDK
   */
  static String contractClassPath(String instrumentation, String library) {
    List<String> path = new ArrayList<>();
    path.add(contractTests(instrumentation).getPath());
    path.add(file("instrumentations/" + instrumentation + "/target/classes").getPath());
    path.add(file("instrumentations/testing/target/classes").getPath());
    path.add(jarsIn("instrumentations/testing/target/lib"));
    path.add(jarsIn("test-apps/attached-tests/target/contract/junit"));
    if (library != null) {
      path.add(jarsIn("test-apps/attached-tests/target/contract/" + library));
    }
    return String.join(File.pathSeparator, path);
  }

  /** The test classes of an instrumentation. */
  static File contractTests(String instrumentation) {
    return file("instrumentations/" + instrumentation + "/target/test-classes");
  }

  private static String jarsIn(String folder) {
    return file(folder).getPath() + File.separator + "*";
  }

  private static File existing(File file) {
    if (!file.exists()) {
      throw new IllegalStateException("not built: " + file);
    }
    return file;
  }
}
