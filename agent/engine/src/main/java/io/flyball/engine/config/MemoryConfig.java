package io.flyball.engine.config;

import io.flyball.settings.InvalidValueException;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code flyball.memory.*}: what Flyball may hold in the JVM it is a guest of. */
public final class MemoryConfig {
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?) ?%");
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,12}) ?(b|k|kb|kib|m|mb|mib|g|gb|gib)?", Pattern.CASE_INSENSITIVE);
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final long MOST = 1L << 50;

  /** Bytes; of a share, those of the largest heap that this JVM may have. */
  private static final ValueType<Long> BYTES =
      new ValueType<Long>() {
        @Override
        public Long parse(String text) throws InvalidValueException {
          Matcher share = PERCENT.matcher(text);
          if (share.matches()) {
            BigDecimal percent = new BigDecimal(share.group(1));
            if (percent.compareTo(HUNDRED) <= 0) {
              return BigDecimal.valueOf(Runtime.getRuntime().maxMemory())
                  .multiply(percent)
                  .divide(HUNDRED, 0, RoundingMode.DOWN)
                  .longValue();
            }
          }
          Matcher size = SIZE.matcher(text);
          if (size.matches()) {
            long bytes = Long.parseLong(size.group(1));
            int shift = shift(size.group(2));
            if (bytes <= MOST >> shift) {
              return bytes << shift;
            }
          }
          throw InvalidValueException.mustBe(
              "a share of the heap such as 10%, or a size such as 64MB (0 holds nothing)");
        }

        private int shift(String unit) {
          switch (unit == null ? 'b' : unit.toLowerCase(Locale.ROOT).charAt(0)) {
            case 'k':
              return 10;
            case 'm':
              return 20;
            case 'g':
              return 30;
            default:
              return 0;
          }
        }
      };

  static final Property<Long> MAX_HELD =
      Property.of(
              "memory.max-held",
              BYTES,
              "How many bytes of requests and answers Flyball holds at once, all calls together: a"
                  + " share of the largest heap, or a size. A call whose request does not fit goes"
                  + " its way untouched, an answer that does not fit is handed on as it comes. Where"
                  + " a budget blocks, or `flyball.request.*` limits a call, every request is held all"
                  + " the same, because one that is not read could not be charged.")
          .defaultsTo("10%")
          .example("64MB");
  public static final Section<MemoryConfig> SECTION =
      Section.of("Memory", "", MemoryConfig::new, MAX_HELD);

  private final long maxHeldBytes;

  MemoryConfig(Values values) {
    this.maxHeldBytes = values.get(MAX_HELD);
  }

  /** Bytes. */
  public long maxHeldBytes() {
    return maxHeldBytes;
  }
}
