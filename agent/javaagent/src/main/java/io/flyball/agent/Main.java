package io.flyball.agent;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Map;

/**
 * The command line: {@code java -jar flyball-agent.jar COMMAND}. Ends with 0, with 1 when what was
 * asked for is not so (a bad configuration), with 2 when it could not be done.
 */
public final class Main {
  private static final String COMMANDS = "io.flyball.javaagent.Commands";

  private Main() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) {
    int status;
    try {
      status = run(arguments);
    } catch (UsageException e) {
      Stderr.line(e.getMessage());
      status = 2;
    } catch (IOException | ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
      Stderr.line(
          cause instanceof NoClassDefFoundError
              ? lacking((NoClassDefFoundError) cause)
              : String.valueOf(cause));
      status = 2;
    } catch (NoClassDefFoundError e) {
      Stderr.line(lacking(e));
      status = 2;
    }
    System.out.flush();
    System.exit(status);
  }

  /** An image made by jlink has what its maker named. */
  private static String lacking(NoClassDefFoundError error) {
    return "this Java ("
        + System.getProperty("java.home")
        + ") lacks "
        + String.valueOf(error.getMessage()).replace('/', '.')
        + ": run the command with the java of a JDK";
  }

  @SuppressWarnings("SystemOut")
  private static int run(String[] arguments)
      throws UsageException, IOException, ReflectiveOperationException {
    String command = arguments.length == 0 ? "help" : arguments[0];
    String[] rest =
        arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
    AgentJar jar = AgentJar.own();
    if (Arrays.asList(rest).contains("--help")) {
      System.out.println(usage());
      return 0;
    }
    switch (command) {
      case "help":
      case "-h":
      case "--help":
        System.out.println(usage());
        return 0;
      case "version":
      case "--version":
        System.out.println("flyball " + jar.version());
        return 0;
      case "list":
        list(jar);
        return 0;
      case "attach":
        return attach(jar, rest);
      case "demo":
        System.out.println("The demo is in the project's folder: ./flyball demo");
        return 0;
      default:
        return inside(jar, command, rest);
    }
  }

  /** Main classes alone: arguments may hold secrets. */
  @SuppressWarnings("SystemOut")
  private static void list(AgentJar jar) throws UsageException {
    String own = AttachApi.ownPid();
    for (Map.Entry<Long, String> program : AttachApi.find().list().entrySet()) {
      String pid = program.getKey().toString();
      if (!pid.equals(own)) {
        String main = program.getValue().trim().split("\\s", 2)[0];
        System.out.println(
            pid
                + " "
                + (main.isEmpty() ? "(unknown)" : main)
                + (RunningJvm.of(pid).hasOpen(jar.file()) ? " (has Flyball)" : ""));
      }
    }
  }

  @SuppressWarnings("SystemOut")
  private static int attach(AgentJar jar, String[] arguments)
      throws UsageException, IOException, ReflectiveOperationException {
    if (arguments.length == 0 || !arguments[0].matches("[0-9]+")) {
      throw new UsageException("attach needs a process id; 'list' shows them");
    }
    String[] settings = Arrays.copyOfRange(arguments, 1, arguments.length);
    for (String setting : settings) {
      if (setting.indexOf('=') < 1) {
        throw new UsageException("'" + setting + "' is not key=value");
      }
    }
    String pid = arguments[0];
    try (AttachApi.Jvm jvm = AttachApi.find().connect(pid)) {
      if (jvm.state().isOn()) {
        System.out.println(
            pid
                + " has Flyball already; a second attachment changes nothing, its settings neither");
        return 1;
      }
      String good =
          (String)
              commands(jar)
                  .getMethod("attachedWith", String.class, String.class, Map.class)
                  .invoke(null, pid, String.join(",", settings), jvm.properties());
      if (good == null) {
        System.out.println(
            "not attached to "
                + pid
                + ", where nothing has changed: with what is said above Flyball, or its export,"
                + " would be off there; mend that and attach again");
        return 1;
      }
      jvm.load(jar.file(), good);
      AttachState state = jvm.state();
      if (!state.isOn()) {
        System.out.println(
            (state.isOff() ? state.why() + '\n' : "")
                + "Flyball is off in "
                + pid
                + (state.isOff()
                    ? "; attach again when that is mended"
                    : ": flyball.enabled=false there, or what its standard error says"));
        return 1;
      }
    }
    System.out.println("attached to " + pid + "; its own log says how it goes on there");
    return 0;
  }

  /** Commands that need the engine. */
  private static int inside(AgentJar jar, String command, String[] arguments)
      throws UsageException, IOException, ReflectiveOperationException {
    Object status =
        commands(jar)
            .getMethod("run", String.class, String[].class)
            .invoke(null, command, arguments);
    if (status == null) {
      throw new UsageException("unknown command '" + command + "'\n" + usage());
    }
    return (Integer) status;
  }

  private static Class<?> commands(AgentJar jar) throws IOException, ClassNotFoundException {
    AgentClassLoader loader = new AgentClassLoader(jar.file(), AgentClassLoader.runningRelease());
    return Class.forName(COMMANDS, true, loader);
  }

  private static String usage() {
    return "usage: java -jar flyball-agent.jar COMMAND\n"
        + "  attach PID [key=value ...]  attaches to a running JVM of this user\n"
        + "  list                        shows the running JVMs of this user, and (on Linux) which\n"
        + "                              have Flyball\n"
        + "  check-config [--offline] FILE\n"
        + "                              says what is wrong with a configuration file;\n"
        + "                              --offline: the secrets it names need not be here\n"
        + "  prices                      prints the price catalogue\n"
        + "  cost EVENTS.jsonl ... --model MODEL [--provider NAME] [--prices FILE]\n"
        + "                              what the calls of event files would cost on another model\n"
        + "  version                     prints the version\n"
        + "or attach it at start: java -javaagent:flyball-agent.jar[=key=value,...] ...";
  }
}
