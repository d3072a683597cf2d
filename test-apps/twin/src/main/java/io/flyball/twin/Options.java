package io.flyball.twin;

import com.example.twin.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The command line. */
final class Options {
  static final String USAGE =
      """
      usage: ./flyball twin [--seed N] [--cases N] [--minutes N] [--client NAME] [--okhttp VERSION] [--jdk N]
                            [--case I | --choices N,N/N...]
        --seed     which cases (default: by the clock; it is printed)
        --cases    how many (default 1000)
        --minutes  ends earlier
        --client   okhttp, java-http, url-connection, h1, h2 or one way of calling as a break names it
        --okhttp   3.14.9, 4.12.0 (the default) or 5.5.1
        --jdk      the JDK of the programs under test (default: this one)
        --case     only this case of the seed
        --choices  only the case that is made of these
      Ends with 0 when no call ended worse with the agent, 1 when one did, 2 when it could not be tried.""";

  long seed = System.currentTimeMillis() % 1_000_000;
  int cases = 1000;
  long minutes = Long.MAX_VALUE;
  int onlyCase = -1;
  String choices;
  String okhttp = "4.12.0";
  int jdk;
  int inFlight = 64;
  List<Form> forms = Arrays.asList(Form.values());
  String client;

  /**
   * @throws IllegalArgumentException with what is wrong, for the user
   */
  static Options parse(String... args) {
    Options options = new Options();
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException("'" + args[i] + "' needs a value");
      }
      options.set(args[i], args[i + 1]);
    }
    return options;
  }

  private void set(String name, String value) {
    switch (name) {
      case "--seed" -> seed = number(name, value, Long.MAX_VALUE);
      case "--cases" -> cases = (int) number(name, value, Integer.MAX_VALUE);
      case "--minutes" -> minutes = number(name, value, Integer.MAX_VALUE);
      case "--case" -> onlyCase = (int) number(name, value, Integer.MAX_VALUE);
      case "--choices" -> choices = value;
      case "--client" -> client(value);
      case "--okhttp" -> okhttp = value;
      case "--jdk" -> jdk((int) number(name, value, Integer.MAX_VALUE));
      case "--in-flight" -> inFlight = (int) number(name, value, Integer.MAX_VALUE);
      default -> throw new IllegalArgumentException("unknown option '" + name + "'");
    }
  }

  private static long number(String name, String value, long most) {
    try {
      long number = Long.parseLong(value);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException none) {
      // Told below.
    }
    throw new IllegalArgumentException(name + " needs a whole number, not '" + value + "'");
  }

  /** OkHttp 3 takes a 103 for the answer. */
  boolean takesHintsForAnswers() {
    return okhttp.startsWith("3.");
  }

  private void jdk(int value) {
    if (value < 17) {
      throw new IllegalArgumentException("the programs need a JDK of 17 or later, not " + value);
    }
    jdk = value;
  }

  private void client(String value) {
    client = value;
    List<Form> chosen = new ArrayList<>();
    for (Form form : Form.values()) {
      if (form.client().equals(value)
          || form.name().equals(value.toUpperCase(Locale.ROOT))
          || value.equals("h2") && form.isHttp2()
          || value.equals("h1") && !form.isHttp2()) {
        chosen.add(form);
      }
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException("no client '" + value + "'");
    }
    forms = chosen;
  }

  /** What repeats a case of these choices. */
  String repeat(List<int[]> made) {
    StringBuilder command = new StringBuilder("./flyball twin");
    if (client != null) {
      command.append(" --client ").append(client);
    }
    if (!okhttp.equals("4.12.0")) {
      command.append(" --okhttp ").append(okhttp);
    }
    if (jdk != 0) {
      command.append(" --jdk ").append(jdk);
    }
    command.append(" --choices ").append(Choices.text(made));
    return command.toString();
  }
}
