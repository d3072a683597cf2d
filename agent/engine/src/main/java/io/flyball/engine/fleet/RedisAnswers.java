package io.flyball.engine.fleet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * Reads answers of RESP 2 and believes no size in them: what they take of memory is no more than
 * some times what was read of them, and that is bounded.
 */
final class RedisAnswers {
  /** Much more than a fleet of thousands of JVMs has to say. */
  static final int MOST_BYTES = 8 * 1024 * 1024;

  private static final int LONGEST_LINE = 64 * 1024;
  private static final int DEEPEST = 8;
  private static final int FEW = 16;

  private final RedisInputStream in;
  private int left;

  /**
   * @param most bytes that may be read
   */
  RedisAnswers(RedisInputStream in, int most) {
    this.in = in;
    this.left = most;
  }

  /** How many bytes may still be read. */
  int left() {
    return left;
  }

  /**
   * The next answer.
   *
   * @return bytes, a number, a list of these, or null; in a list an exception is an error
   * @throws JedisDataException when the answer is an error
   * @throws JedisConnectionException when it is none of Redis' answers, or beyond a bound
   */
  Object next() {
    return next(0);
  }

  private Object next(int depth) {
    byte kind = one();
    switch (kind) {
      case '+':
        return line();
      case '-':
        throw new JedisDataException(new String(line(), StandardCharsets.UTF_8));
      case ':':
        return number();
      case '$':
        return bulk(number());
      case '*':
        return items(number(), depth);
      default:
        throw new JedisConnectionException("an answer that is none of Redis'");
    }
  }

  private byte[] bulk(long length) {
    if (length < 0) {
      return null;
    }
    if (length > left) {
      throw tooLarge();
    }
    byte[] bytes = new byte[(int) length];
    for (int at = 0; at < bytes.length; ) {
      int read = in.read(bytes, at, bytes.length - at);
      if (read < 0) {
        throw new JedisConnectionException("the connection ended within an answer");
      }
      at += read;
    }
    left -= bytes.length;
    one();
    one();
    return bytes;
  }

  private List<Object> items(long count, int depth) {
    if (count < 0) {
      return null;
    }
    if (count > left || depth == DEEPEST) {
      throw tooLarge();
    }
    List<Object> items = new ArrayList<>((int) Math.min(count, FEW));
    for (long i = 0; i < count; i++) {
      try {
        items.add(next(depth + 1));
      } catch (JedisDataException error) {
        items.add(error);
      }
    }
    return items;
  }

  private long number() {
    String text = new String(line(), StandardCharsets.US_ASCII);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new JedisConnectionException("an answer that is none of Redis'");
    }
  }

  /** To the line end, without it. */
  private byte[] line() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (byte next = one(); next != '\n'; next = one()) {
      if (next != '\r') {
        line.write(next);
      }
      if (line.size() > LONGEST_LINE) {
        throw tooLarge();
      }
    }
    return line.toByteArray();
  }

  private byte one() {
    if (left <= 0) {
      throw tooLarge();
    }
    left--;
    return in.readByte();
  }

  private static JedisException tooLarge() {
    return new JedisConnectionException("an answer that is too large");
  }
}
