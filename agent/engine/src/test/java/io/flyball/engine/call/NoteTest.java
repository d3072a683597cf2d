package io.flyball.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NoteTest {
  private final CallJournal journal = new CallJournal();

  @Test
  void whatIsNotNotedIsNotThere() {
    assertThat(journal.noted(Note.word("cache"))).isNull();
    assertThat(journal.notes()).isEmpty();
  }

  @Test
  void theFirstWordCountsAndAFlagStays() {
    Note<String> word = Note.word("cache");
    Note<Boolean> flag = Note.flag("hot");
    journal.note(word, "miss");
    journal.note(word, "hit");
    journal.note(flag, false);
    journal.note(flag, true);
    journal.note(flag, false);

    assertThat(journal.noted(word)).isEqualTo("miss");
    assertThat(journal.noted(flag)).isTrue();
    assertThat(journal.notes()).hasToString("{cache=miss, hot=true}");
  }

  @Property(tries = 200)
  void sumsNeverTurnAround(@ForAll @Size(min = 1, max = 5) List<@LongRange(min = 0) Long> values) {
    Note<Long> sum = Note.sum("bytes");
    CallJournal each = new CallJournal();
    BigInteger exact = BigInteger.ZERO;
    for (long value : values) {
      each.note(sum, value);
      exact = exact.add(BigInteger.valueOf(value));
    }

    assertThat(each.noted(sum))
        .isEqualTo(exact.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact());
  }

  @Test
  void whatWasTakenOutDoesNotChangeAnyMore() {
    Note<Long> sum = Note.sum("bytes");
    journal.note(sum, 1L);
    Map<Note<?>, Object> before = journal.notes();
    journal.note(sum, 1L);

    assertThat(before).containsEntry(sum, 1L);
  }
}
