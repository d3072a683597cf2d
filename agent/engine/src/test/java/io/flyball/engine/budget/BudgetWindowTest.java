package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows around the changes of clocks: one after the other, none of them twice. */
class BudgetWindowTest {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final int MINUTES_PER_DAY = 24 * 60;

  /** Berlin, the United States, half an hour only, and a clock that is set back over midnight. */
  private static final String[] ZONES = {
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "America/Havana"
  };

  static List<Arguments> changesAndLengths() {
    List<Arguments> all = new ArrayList<>();
    for (String id : ZONES) {
      ZoneId zone = ZoneId.of(id);
      Instant from = Instant.parse("2025-01-15T00:00:00Z");
      for (int i = 0; i < 2; i++) {
        ZoneOffsetTransition change = zone.getRules().nextTransition(from);
        from = change.getInstant();
        for (String window : lengths()) {
          all.add(Arguments.of(zone, change, window));
        }
      }
    }
    ZoneId minutePastMidnight = ZoneId.of("America/St_Johns");
    ZoneOffsetTransition back =
        minutePastMidnight.getRules().nextTransition(Instant.parse("2010-10-01T00:00:00Z"));
    for (String window : lengths()) {
      all.add(Arguments.of(minutePastMidnight, back, window));
    }
    return all;
  }

  private static List<String> lengths() {
    List<String> all = new ArrayList<>();
    for (int minutes = 1; minutes <= MINUTES_PER_DAY; minutes++) {
      if (MINUTES_PER_DAY % minutes == 0) {
        all.add(minutes + "m");
      }
    }
    for (String each : new String[] {"1d", "2d", "7d", "1mo", "3mo"}) {
      all.add(each);
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("changesAndLengths")
  void eachMomentIsInOneWindow(ZoneId zone, ZoneOffsetTransition change, String written) {
    BudgetWindow window = BudgetWindow.of(written, zone);
    long change0 = change.toEpochSecond() * 1_000;
    long end = window.startOf(change0 - 50 * HOUR);
    while (end < change0 + 50 * HOUR) {
      long start = end;
      end = window.endOf(start);
      assertThat(end).isGreaterThan(start);
      long step = Math.max(MINUTE, (end - start) / 40);
      for (long at = start; at < end; at += step) {
        assertThat(window.startOf(at)).as("start at %s", Instant.ofEpochMilli(at)).isEqualTo(start);
        assertThat(window.endOf(at)).as("end at %s", Instant.ofEpochMilli(at)).isEqualTo(end);
      }
      assertThat(window.startOf(end - 1)).isEqualTo(start);
      assertThat(window.startOf(end)).isEqualTo(end);
    }
  }

  /** What a user calls one window has one limit; and nobody waits for twice as long as it says. */
  @ParameterizedTest
  @MethodSource("changesAndLengths")
  void noWindowComesTwice(ZoneId zone, ZoneOffsetTransition change, String written) {
    if (!written.endsWith("m")) {
      return;
    }
    long length = Integer.parseInt(written.substring(0, written.length() - 1)) * MINUTE;
    long changedBy = Math.abs(change.getDuration().toMillis());
    BudgetWindow window = BudgetWindow.of(written, zone);
    long change0 = change.toEpochSecond() * 1_000;
    List<String> names = new ArrayList<>();
    for (long at = window.startOf(change0 - 50 * HOUR);
        at < change0 + 50 * HOUR;
        at = window.endOf(at)) {
      long lasts = window.endOf(at) - at;
      assertThat(lasts).isLessThan(2 * length);
      if (change.isOverlap()) {
        assertThat(lasts).isGreaterThanOrEqualTo(length);
      }
      names.add(nameOf(at, zone, length));
    }
    if (length > changedBy) {
      assertThat(names).doesNotHaveDuplicates();
    }
  }

  @Test
  void aCapitalLetterMayMeanAMonth() {
    assertThatThrownBy(() -> BudgetWindow.of("1M", ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1mo for a month");
    assertThat(BudgetWindow.of("1MO", ZoneOffset.UTC))
        .isEqualTo(BudgetWindow.of("1mo", ZoneOffset.UTC));
  }

  private static String nameOf(long at, ZoneId zone, long length) {
    ZonedDateTime local = Instant.ofEpochMilli(at).atZone(zone);
    LocalDate day = local.toLocalDate();
    LocalTime time = local.toLocalTime();
    return day + " " + time.toSecondOfDay() * 1_000L / length;
  }
}
