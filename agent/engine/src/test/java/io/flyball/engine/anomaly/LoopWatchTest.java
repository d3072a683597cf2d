package io.flyball.engine.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoopWatchTest {
  private static final Attribution ACME =
      new Attribution("acme", "agent", "u1", null, null, "A.run");
  private static final Attribution OTHER =
      new Attribution("other", "agent", "u1", null, null, "A.run");

  private final AnomalySettings settings =
      new AnomalySettings(4, 600_000, 86_400_000, 1, 500_000, 100, 20);
  private final Notices notices = new Notices();
  private final LoopWatch watch = new LoopWatch(settings, 50, notices);
  private final ConversationReader reader = new ConversationReader();
  private final List<Anomaly> told = new ArrayList<>();
  private long now = 1_000_000_000_000L;

  /** How an agent's history looks on the wire. */
  enum Format {
    CHAT(
        "{'model':'m','messages':[{'role':'system','content':'It is @now'},",
        "],'tools':[{'type':'function','function':{'name':'f'}}]}",
        ",{'role':'user','content':'@text'}",
        ",{'role':'assistant','content':null,'tool_calls':[{'id':'c@id','type':'function','function':"
            + "{'name':'f','arguments':'{\\'q\\':\\'@arguments\\'}'}}]},"
            + "{'role':'tool','tool_call_id':'c@id','content':'@result'}"),
    RESPONSES(
        "{'input':[",
        "],'instructions':'x'}",
        ",{'type':'message','role':'user','content':[{'type':'input_text','text':'@text'}]}",
        ",{'type':'reasoning','id':'rs_@id','summary':[]},{'type':'function_call','call_id':'c@id',"
            + "'name':'f','arguments':'{\\'q\\':\\'@arguments\\'}'},"
            + "{'type':'function_call_output','call_id':'c@id','output':'@result'}"),
    MESSAGES(
        "{'messages':[",
        "],'system':'x'}",
        ",{'role':'user','content':[{'type':'text','text':'@text'}]}",
        ",{'role':'assistant','content':[{'type':'tool_use','id':'t@id','name':'f',"
            + "'input':{'q':'@arguments'}}]},{'role':'user','content':[{'type':'tool_result',"
            + "'tool_use_id':'t@id','content':[{'type':'text','text':'@result'}]}]}") {
      /** The mark for the provider's cache moves to the last message. */
      @Override
      String request(String messages) {
        return super.request(
            messages.replaceFirst(
                "\"text\":\"([^\"]*)\"(?!.*\"text\")",
                "\"cache_control\":{\"type\":\"ephemeral\"},\"text\":\"$1\""));
      }
    },
    GEMINI(
        "{'systemInstruction':{'parts':[{'text':'x'}]},'contents':[",
        "]}",
        ",{'role':'user','parts':[{'text':'@text'}]}",
        ",{'role':'model','parts':[{'functionCall':{'name':'f','args':{'q':'@arguments'}}}]},"
            + "{'role':'user','parts':[{'functionResponse':{'name':'f',"
            + "'response':{'r':'@result'}}}]}");

    private final String before;
    private final String after;
    private final String user;
    private final String step;

    Format(String before, String after, String user, String step) {
      this.before = before;
      this.after = after;
      this.user = user;
      this.step = step;
    }

    private static String json(String text) {
      return text.replace('\'', '"');
    }

    /** Each message begins with a comma. */
    String request(String messages) {
      return json(before).replace("@now", String.valueOf(System.nanoTime()))
          + messages.substring(1)
          + json(after);
    }

    String user(String text) {
      return json(user).replace("@text", text);
    }

    String step(int id, String arguments, String result) {
      return json(step)
          .replace("@id", String.valueOf(id))
          .replace("@arguments", arguments)
          .replace("@result", result);
    }
  }

  private void call(Format format, String messages, Attribution whose, long pause) {
    now += pause;
    Conversation conversation =
        reader.read(format.request(messages).getBytes(StandardCharsets.UTF_8), whose);
    watch.called(conversation, whose, now, now + 800, false);
    now += 800;
    told.addAll(notices.take());
  }

  private String agent(Format format, String messages, int steps, boolean same) {
    String all = messages;
    for (int i = 0; i < steps; i++) {
      call(format, all, ACME, 200);
      all += format.step(i, same ? "again" : "step " + i, "result " + i);
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void anAgentOfThirtyStepsIsNoLoop(Format format) {
    for (int run = 0; run < 20; run++) {
      agent(format, format.user("do " + run), 30, false);
    }
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void anAgentThatGoesOnAndOnIsFoundOnce(Format format) {
    String all = agent(format, format.user("do it"), 100, false);
    assertThat(told).isEmpty();
    agent(format, all, 30, false);
    assertThat(told).hasSize(1);
    assertThat(told.get(0).kind()).isEqualTo(Anomaly.Kind.LOOP);
    assertThat(told.get(0).count()).isEqualTo(100);
    assertThat(told.get(0).attribution()).isEqualTo(ACME);
    watch.look(now + 299_000);
    assertThat(notices.take()).isEmpty();
    watch.look(now + 301_000);
    List<Anomaly> ended = notices.take();
    assertThat(ended).hasSize(1);
    assertThat(ended.get(0).end()).isEqualTo(Anomaly.End.OVER);
    assertThat(ended.get(0).inAll()).isEqualTo(29);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void theSameToolCallAgainAndAgainIsFound(Format format) {
    String all = agent(format, format.user("do it"), 20, true);
    assertThat(told).isEmpty();
    agent(format, all, 10, true);
    assertThat(told).hasSize(1);
    assertThat(told.get(0).kind()).isEqualTo(Anomaly.Kind.TOOL_LOOP);
    assertThat(told.get(0).count()).isEqualTo(20);
    assertThat(told.get(0).toString()).doesNotContain("again").doesNotContain("do it");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void testsThatAreRunAfterEveryChangeAreNoLoop(Format format) {
    String all = format.user("fix it");
    for (int i = 0; i < 30; i++) {
      call(format, all, ACME, 200);
      all += format.step(i, i % 2 == 0 ? "run tests" : "edit " + i, "result " + i);
    }
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void aPersonWhoTalksForHoursIsNoLoop(Format format) {
    String all = "";
    for (int turn = 0; turn < 150; turn++) {
      all += format.user("turn " + turn);
      for (int step = 0; step < 3; step++) {
        call(format, all, ACME, step == 0 ? 4_000 : 200);
        all += format.step(turn * 10 + step, "same question", "r");
      }
    }
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void twoProgramsThatTalkToEachOtherAreALoop(Format format) {
    String all = "";
    for (int turn = 0; turn < 110; turn++) {
      all += format.user("turn " + turn);
      call(format, all, ACME, 300);
      all += format.user("answer " + turn).replace("\"user\"", "\"assistant\"");
    }
    assertThat(told).hasSize(1);
    assertThat(told.get(0).kind()).isEqualTo(Anomaly.Kind.LOOP);
  }

  @Test
  void conversationsThatBeginAlikeAreNotOne() {
    String[] chats = new String[40];
    for (int i = 0; i < chats.length; i++) {
      chats[i] = Format.CHAT.user("Hi");
    }
    for (int step = 0; step < 20; step++) {
      for (int i = 0; i < chats.length; i++) {
        call(Format.CHAT, chats[i], ACME, 1);
        chats[i] += Format.CHAT.step(step, i + " " + step, "r");
      }
    }
    assertThat(told).isEmpty();
  }

  @Test
  void theSameRequestAgainIsNoGrowth() {
    for (int i = 0; i < 500; i++) {
      call(Format.CHAT, Format.CHAT.user("ping"), ACME, 10);
    }
    assertThat(told).isEmpty();
  }

  @Test
  void aPersonWhoTakesOverEndsIt() {
    String all = agent(Format.CHAT, Format.CHAT.user("do it"), 105, false);
    assertThat(told).hasSize(1);
    call(Format.CHAT, all + Format.CHAT.user("stop"), ACME, 10_000);
    assertThat(told).hasSize(2);
    assertThat(watch.anomalies()).isEmpty();
  }

  @Test
  void whatIsRefusedGoesOn() {
    String all = agent(Format.CHAT, Format.CHAT.user("do it"), 105, false);
    Conversation again =
        reader.read(
            Format.CHAT.request(all + Format.CHAT.user("retry")).getBytes(StandardCharsets.UTF_8),
            ACME);
    watch.called(again, ACME, now + 10_000, now + 10_000, true);
    assertThat(notices.take()).isEmpty();
    assertThat(watch.anomalies()).hasSize(1);
  }

  @Test
  void releasedByHandItMayDoAsMuchAgain() {
    String all = agent(Format.CHAT, Format.CHAT.user("do it"), 25, true);
    assertThat(watch.release(told.get(0).id(), now)).isTrue();
    assertThat(notices.take().get(0).end()).isEqualTo(Anomaly.End.RELEASED);
    told.clear();
    all = agent(Format.CHAT, all, 15, true);
    assertThat(told).isEmpty();
    agent(Format.CHAT, all, 15, true);
    assertThat(told).hasSize(1);
  }

  @Test
  void ofSomebodyElseItIsAnotherConversation() {
    byte[] body = Format.CHAT.request(Format.CHAT.user("x")).getBytes(StandardCharsets.UTF_8);
    assertThat(reader.read(body, ACME).whole()).isEqualTo(reader.read(body, ACME).whole());
    assertThat(reader.read(body, ACME).whole()).isNotEqualTo(reader.read(body, OTHER).whole());
    assertThat(new ConversationReader().read(body, ACME).whole())
        .as("the hash is keyed")
        .isNotEqualTo(reader.read(body, ACME).whole());
  }

  @Test
  void whatCannotBeReadIsNoConversation() {
    for (String body :
        new String[] {
          "", "{", "[]", "nonsense", "{\"messages\":[{\"role\":", "{\"input\":\"x\"}"
        }) {
      assertThat(reader.read(body.getBytes(StandardCharsets.UTF_8), ACME)).as(body).isNull();
    }
    StringBuilder deep = new StringBuilder("{\"messages\":[{\"a\":");
    for (int i = 0; i < 500; i++) {
      deep.append("{\"a\":[");
    }
    assertThat(reader.read(deep.toString().getBytes(StandardCharsets.UTF_8), ACME)).isNull();
  }

  @Test
  void conversationsAreForgottenButNotLoops() {
    agent(Format.CHAT, Format.CHAT.user("loop"), 25, true);
    for (int i = 0; i < 500; i++) {
      call(Format.CHAT, Format.CHAT.user("q" + i), ACME, 1);
    }
    assertThat(watch.anomalies()).hasSize(1);
  }
}
