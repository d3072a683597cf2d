package io.flyball.settings;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a value of one kind is written. Texts reach it trimmed and not empty.
 *
 * @param <T> an immutable type with value equality
 */
public abstract class ValueType<T> {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?) ?%");
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?) ?(ms|s|m|h|d)");
  private static final Pattern TOKENS =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?) ?([kKmM]?)(?: ?tokens)?");
  private static final long MAX_TOKENS = 1_000_000_000_000L;
  private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7e]+");
  private static final Map<String, Long> UNIT_MILLIS = unitMillis();
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** Null only for a word that means none. */
  public abstract T parse(String text) throws InvalidValueException;

  /** Whether YAML may give a sequence. */
  public boolean isList() {
    return false;
  }

  /** The value of a sequence; as if its items were joined by commas, where nothing else is said. */
  public T parseItems(List<String> items) throws InvalidValueException {
    return parse(String.join(",", items));
  }

  /** Whether the value is a secret, never to be shown. */
  public boolean isSecret() {
    return false;
  }

  public static ValueType<Boolean> bool() {
    return new ValueType<Boolean>() {
      @Override
      public Boolean parse(String text) throws InvalidValueException {
        if (text.equals("true")) {
          return true;
        }
        if (text.equals("false")) {
          return false;
        }
        throw InvalidValueException.mustBe("true or false");
      }
    };
  }

  public static ValueType<String> text() {
    return new ValueType<String>() {
      @Override
      public String parse(String text) {
        return text;
      }
    };
  }

  public static ValueType<Secret> secret() {
    return new ValueType<Secret>() {
      @Override
      public Secret parse(String text) {
        return new Secret(text);
      }

      @Override
      public boolean isSecret() {
        return true;
      }
    };
  }

  /** A secret that can stand in an HTTP header. */
  public static ValueType<Secret> secretHeader() {
    return new ValueType<Secret>() {
      @Override
      public Secret parse(String text) throws InvalidValueException {
        if (VISIBLE.matcher(text).matches()) {
          return new Secret(text);
        }
        throw InvalidValueException.sensitiveMustBe("one line of visible ASCII characters");
      }

      @Override
      public boolean isSecret() {
        return true;
      }
    };
  }

  /** A word of a fixed set, in any case: the constants' names in lower case with dashes. */
  public static <E extends Enum<E>> ValueType<E> oneOf(Class<E> constants) {
    return new ValueType<E>() {
      @Override
      public E parse(String text) throws InvalidValueException {
        List<String> words = new ArrayList<>();
        for (E constant : constants.getEnumConstants()) {
          String word = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
          if (word.equalsIgnoreCase(text)) {
            return constant;
          }
          words.add(word);
        }
        throw InvalidValueException.mustBe(alternatives(words));
      }
    };
  }

  /** A word of a fixed set, exactly as written there. */
  public static ValueType<String> oneOf(List<String> words) {
    return new ValueType<String>() {
      @Override
      public String parse(String text) throws InvalidValueException {
        if (words.contains(text)) {
          return text;
        }
        throw InvalidValueException.mustBe(alternatives(words));
      }
    };
  }

  /** {@code 0} to {@code 65535}, or {@code off}. */
  public static ValueType<OptionalInt> port() {
    return new ValueType<OptionalInt>() {
      @Override
      public OptionalInt parse(String text) throws InvalidValueException {
        if (text.equals("off")) {
          return OptionalInt.empty();
        }
        if (WHOLE_NUMBER.matcher(text).matches() && Integer.parseInt(text) <= 65_535) {
          return OptionalInt.of(Integer.parseInt(text));
        }
        throw InvalidValueException.mustBe("a port from 0 (any free one) to 65535, or off");
      }
    };
  }

  /** {@code 0%} to {@code 100%}, as a share from 0 to 1. */
  public static ValueType<Double> percent() {
    return new ValueType<Double>() {
      @Override
      public Double parse(String text) throws InvalidValueException {
        Matcher written = PERCENT.matcher(text);
        if (written.matches()) {
          BigDecimal percent = new BigDecimal(written.group(1));
          if (percent.compareTo(HUNDRED) <= 0) {
            return percent.movePointLeft(2).doubleValue();
          }
        }
        throw InvalidValueException.mustBe("a percentage from 0% to 100%, such as 5%");
      }
    };
  }

  /** A whole number from {@code min} to {@code max}, written in digits. */
  public static ValueType<Integer> wholeNumber(int min, int max) {
    return new ValueType<Integer>() {
      @Override
      public Integer parse(String text) throws InvalidValueException {
        if (WHOLE_NUMBER.matcher(text).matches()) {
          int number = Integer.parseInt(text);
          if (number >= min && number <= max) {
            return number;
          }
        }
        throw InvalidValueException.mustBe("a whole number from " + min + " to " + max);
      }
    };
  }

  /** A number with its unit, such as {@code 500ms}, from {@code min} to {@code max}. */
  public static ValueType<Duration> duration(String min, String max) {
    Duration least = durationIn(min);
    Duration most = durationIn(max);
    return new ValueType<Duration>() {
      @Override
      public Duration parse(String text) throws InvalidValueException {
        Duration duration = durationIn(text);
        if (duration != null && duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
          return duration;
        }
        throw InvalidValueException.mustBe(
            "a duration from " + min + " to " + max + ", such as 500ms, 30s, 2m or 1h");
      }
    };
  }

  /** Null when it is none. */
  private static Duration durationIn(String text) {
    Matcher written = DURATION.matcher(text);
    if (!written.matches()) {
      return null;
    }
    long unitMillis = UNIT_MILLIS.get(written.group(2));
    BigDecimal millis = new BigDecimal(written.group(1)).multiply(BigDecimal.valueOf(unitMillis));
    return Duration.ofNanos(millis.movePointRight(6).longValue());
  }

  /** A number of tokens: {@code 200000}, {@code 128k tokens}, {@code 2M}; k is a thousand. */
  public static ValueType<Long> tokens() {
    return new ValueType<Long>() {
      @Override
      public Long parse(String text) throws InvalidValueException {
        Matcher written = TOKENS.matcher(text);
        if (written.matches()) {
          String unit = written.group(2).toLowerCase(Locale.ROOT);
          int zeros = unit.isEmpty() ? 0 : unit.equals("k") ? 3 : 6;
          BigDecimal tokens = new BigDecimal(written.group(1)).movePointRight(zeros);
          boolean whole = tokens.stripTrailingZeros().scale() <= 0;
          if (whole
              && tokens.signum() > 0
              && tokens.compareTo(BigDecimal.valueOf(MAX_TOKENS)) <= 0) {
            return tokens.longValue();
          }
        }
        throw InvalidValueException.mustBe(
            "a number of tokens, such as 200000, 4k tokens or 2M tokens");
      }
    };
  }

  /** A value of another type, or {@code off}, which is null. */
  public static <T> ValueType<T> orOff(ValueType<T> type) {
    return new ValueType<T>() {
      @Override
      public T parse(String text) throws InvalidValueException {
        if (text.equals("off")) {
          return null;
        }
        try {
          return type.parse(text);
        } catch (InvalidValueException e) {
          throw InvalidValueException.mustBe(e.getMessage() + ", or off");
        }
      }
    };
  }

  /** A path of the file system; {@code ~/} is the user's home. */
  public static ValueType<Path> path() {
    return new ValueType<Path>() {
      @Override
      public Path parse(String text) throws InvalidValueException {
        try {
          if (text.equals("~") || text.startsWith("~/")) {
            return Paths.get(System.getProperty("user.home", ""), text.substring(1));
          }
          return Paths.get(text);
        } catch (InvalidPathException e) {
          throw InvalidValueException.mustBe("a path of this file system");
        }
      }
    };
  }

  /** A path, or {@code none}, which is null. */
  public static ValueType<Path> pathOrNone() {
    ValueType<Path> path = path();
    return new ValueType<Path>() {
      @Override
      public Path parse(String text) throws InvalidValueException {
        return text.equals("none") ? null : path.parse(text);
      }
    };
  }

  /** An absolute http or https URL: scheme, host, optional port and path, nothing else. */
  public static ValueType<URI> baseUrl() {
    return new ValueType<URI>() {
      @Override
      public URI parse(String text) throws InvalidValueException {
        if (text.indexOf('@') >= 0) {
          throw InvalidValueException.sensitiveMustBe(
              "a base URL without a user or password in it: credentials stay with the application");
        }
        URI url;
        try {
          url = new URI(text);
        } catch (URISyntaxException e) {
          throw notABaseUrl(text);
        }
        boolean http =
            "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getPort() > 65_535) {
          throw notABaseUrl(text);
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
          throw InvalidValueException.sensitiveMustBe("a base URL without a query or a fragment");
        }
        return url;
      }

      private InvalidValueException notABaseUrl(String text) {
        String rule = "an absolute http or https URL, such as https://gateway.example/v1";
        // What has no scheme may be a key in the wrong line.
        return text.contains("://")
            ? InvalidValueException.mustBe(rule)
            : InvalidValueException.sensitiveMustBe(rule);
      }
    };
  }

  /** One or more values of another type, separated by commas. */
  public static <T> ValueType<List<T>> listOf(ValueType<T> item) {
    return new ValueType<List<T>>() {
      @Override
      public List<T> parse(String text) throws InvalidValueException {
        List<T> items = new ArrayList<>();
        for (String part : text.split(",", -1)) {
          String trimmed = part.trim();
          if (trimmed.isEmpty()) {
            throw InvalidValueException.mustBe("a list without empty items");
          }
          items.add(item.parse(trimmed));
        }
        return Collections.unmodifiableList(items);
      }

      @Override
      public boolean isList() {
        return true;
      }
    };
  }

  private static Map<String, Long> unitMillis() {
    Map<String, Long> millis = new HashMap<>();
    millis.put("ms", 1L);
    millis.put("s", 1_000L);
    millis.put("m", 60_000L);
    millis.put("h", 3_600_000L);
    millis.put("d", 86_400_000L);
    return Collections.unmodifiableMap(millis);
  }

  private static String alternatives(List<String> words) {
    if (words.size() == 1) {
      return words.get(0);
    }
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
