package io.flyball.engine.budget;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The stretches of the calendar a budget is for: {@code 1m}, {@code 15m}, {@code 1h}, {@code 1d},
 * {@code 7d} (from Monday), {@code 1mo}. Minutes and hours are counted from midnight by the zone's
 * clock. Each moment is in exactly one. Immutable.
 */
public final class BudgetWindow {
  private static final Pattern WRITTEN = Pattern.compile("([1-9]\\d{0,3})(m|h|d|mo)");
  private static final long MILLIS_PER_MINUTE = 60_000;
  private static final int MINUTES_PER_HOUR = 60;
  private static final int MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;
  private static final int MONTHS_PER_YEAR = 12;
  private static final int MOST_DAYS = 366;

  /** Weeks begin on Monday. */
  private static final LocalDate FIRST_DAY =
      LocalDate.ofEpochDay(0).with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));

  private final int count;
  private final String unit;
  private final ZoneId zone;

  /** Null when it is counted in days or months. */
  private final HourWindows hours;

  private BudgetWindow(int count, String unit, ZoneId zone) {
    this.count = count;
    this.unit = unit;
    this.zone = zone;
    long minutes = minutes();
    this.hours = minutes == 0 ? null : new HourWindows(zone, minutes * MILLIS_PER_MINUTE);
  }

  /**
   * Reads a window.
   *
   * @throws IllegalArgumentException when it is none; the message says what one is
   */
  public static BudgetWindow of(String written, ZoneId zone) {
    if (written.trim().endsWith("M")) {
      throw new IllegalArgumentException("1m for a minute or 1mo for a month: M may mean either");
    }
    Matcher parts = WRITTEN.matcher(written.trim().toLowerCase(Locale.ROOT));
    if (parts.matches()) {
      int count = Integer.parseInt(parts.group(1));
      String unit = parts.group(2);
      if (fits(count, unit)) {
        return new BudgetWindow(count, unit, zone);
      }
    }
    throw new IllegalArgumentException(
        "a window such as 1m, 15m, 1h, 6h, 1d, 7d or 1mo; minutes and hours must divide a day,"
            + " months a year");
  }

  private static boolean fits(int count, String unit) {
    switch (unit) {
      case "m":
        return MINUTES_PER_DAY % count == 0;
      case "h":
        return MINUTES_PER_DAY / MINUTES_PER_HOUR % count == 0;
      case "mo":
        return MONTHS_PER_YEAR % count == 0;
      default:
        return count <= MOST_DAYS;
    }
  }

  /** When the window around that moment began; milliseconds since the epoch, both. */
  public long startOf(long epochMillis) {
    return hours == null ? millis(firstDay(epochMillis)) : hours.startOf(epochMillis);
  }

  /** When the window around that moment ends; milliseconds since the epoch, both. */
  public long endOf(long epochMillis) {
    return hours == null ? millis(after(firstDay(epochMillis))) : hours.endOf(epochMillis);
  }

  private LocalDate after(LocalDate firstDay) {
    return unit.equals("d") ? firstDay.plusDays(count) : firstDay.plusMonths(count);
  }

  /** 0 when it is counted in days or months. */
  private long minutes() {
    return unit.equals("m") ? count : unit.equals("h") ? count * MINUTES_PER_HOUR : 0;
  }

  private LocalDate firstDay(long epochMillis) {
    LocalDate day = Instant.ofEpochMilli(epochMillis).atZone(zone).toLocalDate();
    if (unit.equals("d")) {
      day = day.minusDays(Math.floorMod(ChronoUnit.DAYS.between(FIRST_DAY, day), (long) count));
    } else {
      day = LocalDate.of(day.getYear(), (day.getMonthValue() - 1) / count * count + 1, 1);
    }
    // A clock that is set back just after midnight says yesterday again.
    LocalDate next = after(day);
    return millis(next) <= epochMillis ? next : day;
  }

  private long millis(LocalDate day) {
    return day.atStartOfDay(zone).toInstant().toEpochMilli();
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof BudgetWindow)) {
      return false;
    }
    BudgetWindow that = (BudgetWindow) other;
    return count == that.count && unit.equals(that.unit) && zone.equals(that.zone);
  }

  @Override
  public int hashCode() {
    return (count * 31 + unit.hashCode()) * 31 + zone.hashCode();
  }

  @Override
  public String toString() {
    return count + unit + ' ' + zone;
  }
}
