package io.flyball.engine.fleet;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;

/**
 * Where a Redis is and who asks it: {@code redis[s]://[user[:password]@]host[:port][/database]}.
 * Immutable; shows no password.
 */
public final class RedisAddress {
  private static final int USUAL_PORT = 6379;
  private static final int MOST_DATABASES = 100_000;

  private final String host;
  private final int port;
  private final boolean tls;
  private final int database;
  private final String user;
  private final String password;

  private RedisAddress(
      String host, int port, boolean tls, int database, String user, String password) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.database = database;
    this.user = user;
    this.password = password;
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException when it is none; the message says what one is, and repeats
   *     nothing
   */
  public static RedisAddress of(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw notAnAddress();
    }
    boolean tls = "rediss".equalsIgnoreCase(uri.getScheme());
    boolean plain = "redis".equalsIgnoreCase(uri.getScheme());
    boolean more = uri.getRawQuery() != null || uri.getRawFragment() != null;
    int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
    if (!tls && !plain || uri.getHost() == null || more || port == 0 || port > 65_535) {
      throw notAnAddress();
    }
    String user = null;
    String password = null;
    if (uri.getUserInfo() != null) {
      int colon = uri.getRawUserInfo().indexOf(':');
      String[] parts = uri.getUserInfo().split(":", 2);
      user = parts[0].isEmpty() ? null : parts[0];
      password = colon < 0 ? null : parts[1];
    }
    String host = uri.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    return new RedisAddress(host, port, tls, database(uri.getPath()), user, password);
  }

  private static int database(String path) {
    if (path == null || path.isEmpty() || path.equals("/")) {
      return 0;
    }
    try {
      int database = Integer.parseInt(path.substring(1));
      if (database >= 0 && database < MOST_DATABASES) {
        return database;
      }
    } catch (NumberFormatException e) {
      // As wrong as one that is too large.
    }
    throw notAnAddress();
  }

  private static IllegalArgumentException notAnAddress() {
    return new IllegalArgumentException(
        "a URL such as redis://redis.internal:6379/0, or rediss:// for TLS");
  }

  /** The same with another user or password where they are not null. */
  public RedisAddress with(String otherUser, String otherPassword) {
    return new RedisAddress(
        host,
        port,
        tls,
        database,
        otherUser == null ? user : otherUser,
        otherPassword == null ? password : otherPassword);
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  boolean isTls() {
    return tls;
  }

  int database() {
    return database;
  }

  /** Null for the default one. */
  String user() {
    return user;
  }

  /** Null for none. */
  String password() {
    return password;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof RedisAddress)) {
      return false;
    }
    RedisAddress that = (RedisAddress) other;
    return host.equals(that.host)
        && port == that.port
        && tls == that.tls
        && database == that.database
        && Objects.equals(user, that.user)
        && Objects.equals(password, that.password);
  }

  @Override
  public int hashCode() {
    return Objects.hash(host, port, tls, database, user, password);
  }

  /** For the log. */
  @Override
  public String toString() {
    return (tls ? "rediss://" : "redis://") + host + ':' + port + '/' + database;
  }
}
