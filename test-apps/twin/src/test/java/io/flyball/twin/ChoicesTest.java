package io.flyball.twin;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.twin.Form;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A case can be made again from what a report says of it, and nothing else. */
class ChoicesTest {
  private final Cases cases = new Cases(Arrays.asList(Form.values()), false);

  @Test
  void aCaseIsMadeAgainFromItsSeedAndFromItsChoices() {
    for (int i = 0; i < 300; i++) {
      TwinCase made = cases.make(Choices.random(5, i));
      assertThat(cases.make(Choices.random(5, i))).hasToString(made.toString());
      assertThat(cases.make(Choices.parse(Choices.text(made.choices()))))
          .hasToString(made.toString());
    }
  }

  @Test
  void withoutChoicesItIsTheSimplestCase() {
    TwinCase simplest = cases.make(Choices.of(List.of()));
    assertThat(simplest.calls()).hasSize(1);
    assertThat(simplest.calls().get(0).replies()).hasSize(1);
    assertThat(simplest.calls().get(0).replies().get(0).isAnswer()).isTrue();
  }

  @Test
  void callsAreLeftOutWithoutChangingTheOthers() {
    for (int i = 0; i < 300; i++) {
      TwinCase made = cases.make(Choices.random(6, i));
      int last = made.calls().size() - 1;
      TwinCase alone = cases.make(Choices.of(Cases.only(made.choices(), last, last)));
      assertThat(alone.calls()).hasSize(1);
      assertThat(alone.calls().get(0).body()).isEqualTo(made.calls().get(last).body());
    }
  }

  /** Cuts, statuses, encodings and clients all turn up early. */
  @Test
  void casesAreOfManyKinds() {
    List<TwinCase.Call> calls =
        IntStream.range(0, 2000)
            .mapToObj(i -> cases.make(Choices.random(7, i)))
            .flatMap(made -> made.calls().stream())
            .collect(Collectors.toList());
    assertThat(calls.stream().map(TwinCase.Call::form)).contains(Form.values());
    List<Reply> replies =
        calls.stream().flatMap(call -> call.replies().stream()).collect(Collectors.toList());
    assertThat(replies.stream().map(Reply::status).distinct().count()).isGreaterThan(35);
    assertThat(replies.stream().filter(Reply::isWhole).count()).isLessThan(replies.size());
    assertThat(replies.stream().map(Reply::coding))
        .contains("gzip", "deflate", "gzip-members", "raw-deflate", "false-gzip");
    assertThat(replies.stream().map(Reply::truth)).contains(Reply.Truth.values());
  }

  @Test
  void lostDoubledAndForeignWordsAreSeen() {
    List<String> words = List.of(Words.word(0, 'a'), Words.word(1, 'a'), Words.word(2, 'a'));
    byte[] whole = Dialect.CHAT.whole(String.join("", words)).getBytes(StandardCharsets.UTF_8);
    assertThat(Words.delivered(whole)).isEqualTo(Words.of(words));
    assertThat(Words.areInOrder(List.of("w0a~", "w1a~"))).isTrue();
    assertThat(Words.areInOrder(List.of("w0a~", "w2a~"))).isFalse();
    assertThat(Words.areInOrder(List.of("w0a~", "w0a~"))).isFalse();
    assertThat(Words.areInOrder(List.of("w0a~", "w1b~"))).isFalse();
  }
}
