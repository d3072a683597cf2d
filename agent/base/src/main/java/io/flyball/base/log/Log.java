package io.flyball.base.log;

import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One line per event, such as {@code 2026-11-21T03:00:00.000Z flyball INFO message}. Thread safe,
 * never throws, takes no lock and no buffer: a line is one write.
 *
 * <p>The message of an exception that is not ours may hold prompt text or a secret. So an exception
 * is logged as its class and the place in our code it passed, and in full only at level debug.
 */
public final class Log {
  private static final int MAX_PLACES = 1_000;
  private static final String OWN_CODE = "io.flyball.";

  private final Consumer<String> lines;
  private final Clock clock;
  private final Set<String> places = ConcurrentHashMap.newKeySet();
  private volatile Level level;
  private volatile UnaryOperator<String> redaction = text -> text;

  private Log(Level level, Consumer<String> lines, Clock clock) {
    this.level = Objects.requireNonNull(level, "level");
    this.lines = Objects.requireNonNull(lines, "lines");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * A log to the process's standard error, or appended to a file. When the file cannot be written,
   * lines go to standard error, with one line that says so.
   *
   * @param file null for standard error; missing folders are made
   */
  public static Log open(Level level, Path file) {
    Consumer<String> standardError = new StandardError();
    Clock clock = Clock.systemUTC();
    if (file == null) {
      return new Log(level, standardError, clock);
    }
    Log fallback = new Log(level, standardError, clock);
    return new Log(level, new LogFile(file, fallback), clock);
  }

  /**
   * A log to somewhere else.
   *
   * @param lines takes one line at a time, without its line end
   */
  public static Log to(Level level, Consumer<String> lines, Clock clock) {
    return new Log(level, lines, clock);
  }

  /** From now on; used when the configuration changes. */
  public void setLevel(Level level) {
    this.level = Objects.requireNonNull(level, "level");
  }

  /**
   * What is done from now on with words that are not ours: the messages of exceptions, which are
   * told at level debug.
   */
  public void redactWith(UnaryOperator<String> redaction) {
    this.redaction = Objects.requireNonNull(redaction, "redaction");
  }

  /** Whether lines of that level are written. */
  public boolean isEnabled(Level line) {
    return line != Level.OFF && line.compareTo(level) <= 0;
  }

  public void error(String message) {
    log(Level.ERROR, message);
  }

  public void warn(String message) {
    log(Level.WARN, message);
  }

  public void info(String message) {
    log(Level.INFO, message);
  }

  public void debug(String message) {
    log(Level.DEBUG, message);
  }

  /** Never with prompt text or a secret in the message. Line breaks become spaces. */
  public void log(Level line, String message) {
    if (isEnabled(line)) {
      write(line, message);
    }
  }

  /** The message with what is safe to tell of the failure, and its stack trace at level debug. */
  public void log(Level line, String message, Throwable failure) {
    if (!isEnabled(line)) {
      return;
    }
    try {
      write(line, message + ": " + describe(failure));
      if (isEnabled(Level.DEBUG)) {
        writeTrace(failure);
      }
    } catch (Throwable brokenFailure) {
      write(line, message);
    }
  }

  /**
   * The same as {@link #log(Level, String)}, but only the first time for that place.
   *
   * @param place one of few distinct values
   */
  public void once(String place, Level line, String message) {
    if (isFirst(place)) {
      log(line, message);
    }
  }

  /** Whether nothing was asked for that place before. */
  boolean isFirst(String place) {
    return places.size() < MAX_PLACES && places.add(place);
  }

  /**
   * The classes of a failure and of its root cause, our own frame nearest to it, and the module of
   * the JDK that is missing if it is that.
   */
  static String describe(Throwable failure) {
    StringBuilder description = new StringBuilder(failure.getClass().getName());
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
      root = root.getCause();
    }
    if (root != failure) {
      description.append(" caused by ").append(root.getClass().getName());
    }
    StackTraceElement frame = ownFrame(root);
    if (frame == null) {
      frame = ownFrame(failure);
    }
    if (frame != null) {
      description.append(" at ").append(frame);
    }
    String module = MissingModule.of(failure);
    if (module != null) {
      description.append(" (this Java has no module ").append(module).append(')');
    }
    return description.toString();
  }

  private static StackTraceElement ownFrame(Throwable failure) {
    for (StackTraceElement frame : failure.getStackTrace()) {
      if (frame.getClassName().startsWith(OWN_CODE)) {
        return frame;
      }
    }
    return null;
  }

  private void writeTrace(Throwable failure) {
    Throwable current = failure;
    for (int depth = 0; current != null && depth < 20; depth++) {
      write(Level.DEBUG, (depth == 0 ? "" : "caused by ") + redaction.apply(current.toString()));
      for (StackTraceElement frame : current.getStackTrace()) {
        write(Level.DEBUG, "  at " + frame);
      }
      current = current.getCause();
    }
  }

  private void write(Level line, String message) {
    try {
      StringBuilder text = new StringBuilder(80);
      appendTime(text);
      text.append(" flyball ").append(line.name()).append(' ');
      for (int i = 0; i < message.length(); i++) {
        char c = message.charAt(i);
        text.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
      }
      writeLine(text.toString());
    } catch (Throwable nowhereToTell) {
      // A log that cannot be written must not harm the application.
    }
  }

  /** A line that is complete. */
  void writeLine(String line) {
    lines.accept(line);
  }

  /** As {@code java.time.format} would write it, whose classes cost start-up time. */
  private void appendTime(StringBuilder text) {
    OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
    appendNumber(text, now.getYear(), 4).append('-');
    appendNumber(text, now.getMonthValue(), 2).append('-');
    appendNumber(text, now.getDayOfMonth(), 2).append('T');
    appendNumber(text, now.getHour(), 2).append(':');
    appendNumber(text, now.getMinute(), 2).append(':');
    appendNumber(text, now.getSecond(), 2).append('.');
    appendNumber(text, now.getNano() / 1_000_000, 3).append('Z');
  }

  private static StringBuilder appendNumber(StringBuilder text, int number, int digits) {
    String written = Integer.toString(number);
    for (int i = written.length(); i < digits; i++) {
      text.append('0');
    }
    return text.append(written);
  }
}
