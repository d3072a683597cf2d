package io.flyball.engine.fleet;

import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareRequest;
import io.flyball.engine.time.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis, or a Valkey, over one connection. All of a fleet's keys are in one hash slot. */
public final class RedisStore implements FleetStore {
  private static final Pattern RUN = Pattern.compile("(?m)^run_id:(\\S+)");
  private static final int PIPELINED = 200;

  /** A JVM that says nothing for that long has left its name to another process. */
  private static final long NAME_MILLIS = 2_500;

  private static final long ALIVE_MILLIS = 5_000;

  /** So long are JVMs given to say what they have, after the server has come back without it. */
  static final long COMING_BACK_MILLIS = 2_000;

  private final RedisConnection connection;
  private final RedisErrors errors;
  private final String prefix;
  private final String run;
  private final String greet;
  private final String beat;
  private final String spend;
  private final String lend;
  private String process;
  private long number = System.currentTimeMillis() * 1_000;

  private RedisStore(RedisConnection connection, String prefix, RedisErrors errors)
      throws IOException {
    this.connection = connection;
    this.errors = errors;
    this.prefix = prefix + ":{fleet}:";
    this.run = runOfServer();
    this.greet = load("greet.lua");
    this.beat = load("beat.lua");
    this.spend = load("spend.lua");
    this.lend = load("lend.lua");
  }

  /**
   * Connects.
   *
   * @param prefix of all keys
   * @param timeoutMillis for connecting, and for each answer as a whole
   * @param timer ends what a server draws out
   * @param redaction what is done with a server's own words before they are told
   * @throws IOException when there is none, it is another's, or it does not answer
   */
  public static RedisStore connect(
      RedisAddress address,
      String prefix,
      int timeoutMillis,
      Timer timer,
      UnaryOperator<String> redaction)
      throws IOException {
    RedisConnection connection = null;
    try {
      connection = RedisConnection.open(address, timeoutMillis, timer);
      return new RedisStore(connection, prefix, new RedisErrors(address, redaction));
    } catch (IOException failure) {
      close(connection);
      throw failure;
    } catch (RuntimeException failure) {
      close(connection);
      throw new RedisErrors(address, redaction).failed(failure);
    }
  }

  private static void close(RedisConnection connection) {
    if (connection != null) {
      connection.close();
    }
  }

  private String runOfServer() throws IOException {
    Matcher found = RUN.matcher(text(ask(Protocol.Command.INFO, "server")));
    return found.find() ? found.group(1) : "";
  }

  private String load(String script) throws IOException {
    return text(ask(Protocol.Command.SCRIPT, "LOAD", resource(script)));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = RedisStore.class.getResourceAsStream(name)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
      return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public boolean greet(String jvm, String process) throws IOException {
    this.process = process;
    Object free =
        ask(
            Protocol.Command.EVALSHA,
            greet,
            "3",
            prefix + "epoch",
            prefix + "jvms",
            prefix + "processes",
            jvm,
            process,
            run,
            Long.toString(NAME_MILLIS));
    return number(free) == 1;
  }

  @Override
  public Beat beat(String jvm, String process, long since, List<Hint> hints) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            Arrays.asList(
                beat,
                "5",
                prefix + "epoch",
                prefix + "jvms",
                prefix + "processes",
                prefix + "recalls",
                prefix + "hints",
                jvm,
                process,
                Long.toString(since),
                Long.toString(ALIVE_MILLIS)));
    for (Hint hint : hints) {
      arguments.add(hint.target().replace('\t', ' '));
      arguments.add(Long.toString(hint.millis()));
    }
    List<?> answer = list(ask(Protocol.Command.EVALSHA, arguments.toArray(new String[0])));
    return new Beat(
        number(answer.get(0)) == 1,
        number(answer.get(1)),
        number(answer.get(2)),
        (int) number(answer.get(3)),
        texts(answer.get(4)),
        texts(answer.get(5)));
  }

  @Override
  public List<ShareAnswer> exchange(String jvm, List<ShareRequest> requests) throws IOException {
    List<ShareAnswer> answers = new ArrayList<>(requests.size());
    for (int from = 0; from < requests.size(); from += PIPELINED) {
      List<ShareRequest> some = requests.subList(from, Math.min(requests.size(), from + PIPELINED));
      for (Object answer : pipelined(jvm, some)) {
        answers.add(answer(list(answer)));
      }
    }
    return answers;
  }

  private List<Object> pipelined(String jvm, List<ShareRequest> requests) throws IOException {
    try {
      return connection.during(
          requests.size(),
          () -> {
            requests.forEach(request -> send(jvm, request));
            return connection.getMany(requests.size());
          });
    } catch (JedisException failure) {
      throw errors.failed(failure);
    }
  }

  private void send(String jvm, ShareRequest request) {
    boolean spent = request.kind() == ShareRequest.Kind.SPENT;
    connection.sendCommand(
        Protocol.Command.EVALSHA,
        spent ? spend : lend,
        "4",
        prefix + "account:" + request.account(),
        prefix + "recalls",
        prefix + "epoch",
        prefix + "jvms",
        // What is lent is lent to this run: the next one does not know what it used.
        spent ? jvm : process,
        Long.toString(++number),
        Long.toString(request.limit()),
        Long.toString(request.used()),
        Long.toString(request.keep()),
        Long.toString(request.need()),
        Long.toString(request.demand()),
        Long.toString(request.ahead()),
        Long.toString(request.expiresAt()),
        request.account(),
        Long.toString(COMING_BACK_MILLIS),
        Long.toString(spent ? ALIVE_MILLIS : request.lentMillis()));
  }

  private ShareAnswer answer(List<?> parts) throws IOException {
    long outcome = number(parts.get(0));
    if (outcome < 0) {
      // Our clock has gone back since the last run.
      number = Math.max(number, number(parts.get(1)));
      return null;
    }
    return new ShareAnswer(
        outcome == 0
            ? ShareAnswer.Outcome.GRANTED
            : outcome == 1 ? ShareAnswer.Outcome.DENIED : ShareAnswer.Outcome.TOO_EARLY,
        number(parts.get(1)),
        number(parts.get(2)),
        number(parts.get(3)),
        number(parts.get(4)));
  }

  @Override
  public void leave(String jvm) throws IOException {
    ask(Protocol.Command.ZREM, prefix + "jvms", jvm);
    ask(Protocol.Command.HDEL, prefix + "processes", jvm);
  }

  private Object ask(ProtocolCommand command, String... arguments) throws IOException {
    try {
      return connection.during(
          1,
          () -> {
            connection.sendCommand(command, arguments);
            return connection.getOne();
          });
    } catch (JedisException failure) {
      throw errors.failed(failure);
    }
  }

  private long number(Object answer) throws IOException {
    if (answer instanceof Long) {
      return (Long) answer;
    }
    throw unexpected(answer);
  }

  private List<?> list(Object answer) throws IOException {
    if (answer instanceof List) {
      return (List<?>) answer;
    }
    throw unexpected(answer);
  }

  private String text(Object answer) throws IOException {
    if (answer instanceof byte[]) {
      return new String((byte[]) answer, StandardCharsets.UTF_8);
    }
    throw unexpected(answer);
  }

  private List<String> texts(Object answer) throws IOException {
    List<?> items = list(answer);
    if (items.isEmpty()) {
      return Collections.emptyList();
    }
    List<String> texts = new ArrayList<>(items.size());
    for (Object item : items) {
      texts.add(text(item));
    }
    return texts;
  }

  /** An error among other answers is one of them. */
  private IOException unexpected(Object answer) {
    return answer instanceof JedisException
        ? errors.failed((JedisException) answer)
        : new IOException("an answer that is none of Redis'");
  }

  @Override
  public void close() {
    close(connection);
  }
}
