package io.flyball.instrumentation.testing.wall;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flyball.instrumentation.testing.provider.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The one answer of every healthy model of a {@link Wall}, sixty words long. */
public final class SixtyWords {
  /** The whole text, its words parted by single spaces. */
  public static final String TEXT =
      "A governor on a steam engine has two small weights that turn with the shaft and rise as it"
          + " runs too fast so that a lever closes the valve a little before anything breaks and when"
          + " the load grows they sink again and the valve opens which is why the mill below hears"
          + " one steady note all day and night";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> WORDS = Arrays.asList(TEXT.split(" "));
  private static final long BETWEEN_WORDS_MILLIS = 1;

  private final WallAttempt asked;
  private final String id;

  SixtyWords(WallAttempt asked) {
    this.asked = asked;
    this.id = "chatcmpl-wall-" + asked.number();
  }

  /** The answer that is no stream. */
  byte[] plain() {
    ObjectNode answer = object("chat.completion");
    ObjectNode choice = answer.putArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", "stop");
    choice.putObject("message").put("role", "assistant").put("content", TEXT);
    answer.set("usage", usage());
    return answer.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Head and role of a stream. */
  Answer beginning() {
    return opened(Answer.events());
  }

  /** The same after the head has been there for a while. */
  Answer slowBeginning(long millis) {
    return opened(Answer.events().pause(millis, TimeUnit.MILLISECONDS));
  }

  private Answer opened(Answer head) {
    return head.event(delta().put("role", "assistant").put("content", "").toString(this));
  }

  /** Some of the words, each in an event of its own. */
  Answer words(Answer before, int from, int to) {
    Answer answer = before;
    for (int i = from; i < to; i++) {
      String word = (i == 0 ? "" : " ") + WORDS.get(i);
      answer =
          answer
              .event(delta().put("content", word).toString(this))
              .pause(BETWEEN_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    }
    return answer;
  }

  Answer end(Answer before, boolean done) {
    Answer answer = before.event(delta().finished("stop").toString(this));
    if (asked.asksForUsage()) {
      ObjectNode last = object("chat.completion.chunk");
      last.putArray("choices");
      last.set("usage", usage());
      answer = answer.event(last.toString());
    }
    return (done ? answer.event("[DONE]") : answer).end();
  }

  Answer whole() {
    return end(words(beginning(), 0, WORDS.size()), true);
  }

  static int count() {
    return WORDS.size();
  }

  private ObjectNode object(String type) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("object", type)
        .put("created", 1_700_000_000)
        .put("model", asked.model());
  }

  private ObjectNode usage() {
    return JSON.createObjectNode()
        .put("prompt_tokens", asked.promptTokens())
        .put("completion_tokens", WORDS.size())
        .put("total_tokens", asked.promptTokens() + WORDS.size());
  }

  private static Delta delta() {
    return new Delta();
  }

  /** One choice of a stream's event. */
  private static final class Delta {
    private final ObjectNode choice = JSON.createObjectNode().put("index", 0);
    private final ObjectNode delta = choice.putObject("delta");

    Delta() {
      choice.putNull("finish_reason");
    }

    Delta put(String name, String value) {
      delta.put(name, value);
      return this;
    }

    Delta finished(String reason) {
      choice.put("finish_reason", reason);
      return this;
    }

    String toString(SixtyWords words) {
      ObjectNode event = words.object("chat.completion.chunk");
      event.putArray("choices").add(choice);
      return event.toString();
    }
  }
}
