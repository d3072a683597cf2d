package io.flyball.engine.fleet;

import io.flyball.engine.net.BaseSockets;
import io.flyball.engine.net.Deadline;
import io.flyball.engine.time.Timer;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A connection whose answers are there in time, as a whole and within bounds, or it is of no use
 * any more. For one thread.
 */
final class RedisConnection extends Connection {
  /** The first time a JVM does it, it loads much. */
  private static final int HANDSHAKE_TIMEOUTS = 4;

  private final Sockets sockets;
  private final Timer timer;
  private final int timeoutMillis;
  private boolean handshake;

  // What is being asked; null and unused between.
  private Deadline deadline;
  private int left;

  private RedisConnection(Sockets sockets, JedisClientConfig config, int millis, Timer timer) {
    super(Connection.builder().socketFactory(sockets).clientConfig(config));
    this.sockets = sockets;
    this.timer = timer;
    this.timeoutMillis = millis;
    this.handshake = config.isSsl();
  }

  /**
   * Connects.
   *
   * @param timeoutMillis for connecting, and for each answer
   * @throws redis.clients.jedis.exceptions.JedisException when there is none, or not in time
   */
  static RedisConnection open(RedisAddress address, int timeoutMillis, Timer timer) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(timeoutMillis)
            .socketTimeoutMillis(timeoutMillis)
            .database(address.database())
            .clientName("flyball")
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .ssl(address.isTls());
    BaseSockets tls = null;
    if (address.isTls()) {
      // Of itself Jedis takes the certificate of any host.
      SSLParameters strict = new SSLParameters();
      strict.setEndpointIdentificationAlgorithm("HTTPS");
      tls = new BaseSockets((SSLSocketFactory) SSLSocketFactory.getDefault());
      config.sslParameters(strict).sslSocketFactory(tls);
    }
    if (address.user() != null) {
      config.user(address.user());
    }
    if (address.password() != null) {
      config.password(address.password());
    }
    JedisClientConfig built = config.build();
    Sockets sockets = new Sockets(new HostAndPort(address.host(), address.port()), built, tls);
    RedisConnection connection = new RedisConnection(sockets, built, timeoutMillis, timer);
    try {
      connection.initializeFromClientConfig();
      return connection;
    } catch (RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  /**
   * Asks for something and reads all that is answered.
   *
   * @param answers how many are expected: a server takes its time for each
   */
  <T> T during(int answers, Supplier<T> exchange) {
    return within(timeoutMillis + answers - 1L, exchange);
  }

  private <T> T within(long millis, Supplier<T> exchange) {
    if (deadline != null) {
      return exchange.get();
    }
    left = RedisAnswers.MOST_BYTES;
    deadline = Deadline.in(TimeUnit.MILLISECONDS.toNanos(millis), timer, sockets::cut);
    try {
      return exchange.get();
    } catch (JedisConnectionException failure) {
      throw deadline.isOver()
          ? new JedisConnectionException("no whole answer within " + millis + " ms")
          : failure;
    } finally {
      deadline.close();
      deadline = null;
    }
  }

  @Override
  protected Object protocolRead(RedisInputStream in) {
    return within(
        timeoutMillis,
        () -> {
          RedisAnswers answers = new RedisAnswers(in, left);
          try {
            return answers.next();
          } finally {
            left = answers.left();
          }
        });
  }

  /** TLS shakes hands when the first is written. */
  @Override
  protected void flush() {
    int millis = handshake ? HANDSHAKE_TIMEOUTS * timeoutMillis : timeoutMillis;
    handshake = false;
    within(
        millis,
        () -> {
          super.flush();
          return null;
        });
  }

  /** Without a last word, for which nobody waits. */
  @Override
  public void close() {
    setBroken();
    sockets.cut();
  }

  /** Knows the socket beneath all. */
  private static final class Sockets extends DefaultJedisSocketFactory {
    private final BaseSockets tls;
    private volatile Socket plain;

    Sockets(HostAndPort address, JedisClientConfig config, BaseSockets tls) {
      super(address, config);
      this.tls = tls;
    }

    @Override
    public Socket createSocket() {
      Socket socket = super.createSocket();
      if (tls == null) {
        plain = socket;
      }
      return socket;
    }

    void cut() {
      BaseSockets.cut(tls == null ? plain : tls.latest());
    }
  }
}
