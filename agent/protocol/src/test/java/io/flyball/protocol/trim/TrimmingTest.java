package io.flyball.protocol.trim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrimmingTest {

  private static byte[] utf8(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static String times(String text, int times) {
    return String.join("", Collections.nCopies(times, text));
  }

  private static List<String> all(Trimming trimming) {
    List<String> all = new ArrayList<>();
    for (int step = 0; step <= trimming.steps(); step++) {
      all.add(new String(trimming.at(step), StandardCharsets.UTF_8).replace('"', '\''));
    }
    return all;
  }

  private static List<String> oldestTurns(String protocol, String body) {
    return all(Trimming.oldestTurns(protocol, utf8(body)));
  }

  @Test
  void oldTurnsGoOneAfterTheOther() {
    String system = "{'role':'system','content':'s'}";
    String last = "{'role':'user','content':'3'}";
    assertThat(
            oldestTurns(
                "openai.chat",
                "{ 'messages' : ["
                    + system
                    + " , {'role':'user','content':'1'},{'role':'assistant','content':'a'},"
                    + "{'role':'user','content':'2'},\n{'role':'assistant','content':'b'}, "
                    + last
                    + "] , 'model':'m'}"))
        .hasSize(3)
        .endsWith("{ 'messages' : [" + system + ", " + last + "] , 'model':'m'}");
  }

  @Test
  void roundsOfToolsInTheLastTurnGoWhole() {
    String user = "{'role':'user','content':'go'}";
    String round =
        ",{'role':'assistant','tool_calls':[{'id':'%1$s'},{'id':'%1$sb'}]},"
            + "{'role':'tool','tool_call_id':'%1$sb','content':'x'},"
            + "{'role':'tool','tool_call_id':'%1$s','content':'y'}";
    String one = String.format(round, "1");
    String two = String.format(round, "2");
    String three = String.format(round, "3");
    assertThat(oldestTurns("openai.chat", "{'messages':[" + user + one + two + three + "]}"))
        .containsExactly(
            "{'messages':[" + user + one + two + three + "]}",
            "{'messages':[" + user + two + three + "]}",
            "{'messages':[" + user + three + "]}");
  }

  @Test
  void idsThatAreUsedAgainDoNotHoldTurnsTogether() {
    String turn =
        "{'role':'user','content':'%s'},{'role':'assistant','tool_calls':[{'id':'call_0'}]},"
            + "{'role':'tool','tool_call_id':'call_0','content':'x'}";
    assertThat(
            oldestTurns(
                "openai.chat",
                "{'messages':[" + String.format(turn, 1) + ',' + String.format(turn, 2) + "]}"))
        .endsWith("{'messages':[" + String.format(turn, 2) + "]}")
        .hasSize(2);
  }

  @Test
  void aReasoningItemGoesWithItsCalls() {
    String user = "{'role':'user','content':'go'}";
    String round =
        ",{'type':'reasoning','id':'r%1$s'},{'type':'message','role':'assistant','content':[]},"
            + "{'type':'function_call','call_id':'%1$s'},"
            + "{'type':'function_call_output','call_id':'%1$s','output':'x'}";
    String one = String.format(round, "1");
    String two = String.format(round, "2");
    assertThat(oldestTurns("openai.responses", "{'input':[" + user + one + two + "]}"))
        .containsExactly("{'input':[" + user + one + two + "]}", "{'input':[" + user + two + "]}");
  }

  @Test
  void aCallIsNotPartedFromAResultThatComesLate() {
    String user = "{'role':'user','content':'%s'}";
    String call = "{'type':'function_call','call_id':'1'}";
    String result = "{'type':'function_call_output','call_id':'1','output':'x'}";
    assertThat(
            oldestTurns(
                "openai.responses",
                "{'input':["
                    + String.join(",", user, call, "{'role':'user'}", result, user)
                    + "]}"))
        .containsExactly(
            "{'input':[" + String.join(",", user, call, "{'role':'user'}", result, user) + "]}",
            "{'input':[" + user + "]}");
  }

  @Test
  void aResultOfACallThatTheProviderKeepsStays() {
    assertThat(
            oldestTurns(
                "openai.responses",
                "{'previous_response_id':'p','input':["
                    + "{'type':'function_call_output','call_id':'1','output':'x'},"
                    + "{'role':'user','content':'and?'}]}"))
        .hasSize(1);
  }

  @Test
  void whatTheUserSaysBesideAResultStaysWithItsCall() {
    String question = "{'role':'user','content':'q'}";
    String first =
        ",{'role':'assistant','content':[{'type':'tool_use','id':'1'}]},"
            + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'1'}]}";
    String spoken =
        ",{'role':'assistant','content':[{'type':'tool_use','id':'2'}]},{'role':'user','content':["
            + "{'type':'tool_result','tool_use_id':'2'},{'type':'text','text':'mind this'}]}";
    String third =
        ",{'role':'assistant','content':[{'type':'tool_use','id':'3'}]},"
            + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'3'}]}";
    assertThat(
            oldestTurns(
                "anthropic.messages", "{'messages':[" + question + first + spoken + third + "]}"))
        .containsExactly(
            "{'messages':[" + question + first + spoken + third + "]}",
            "{'messages':[" + question + spoken + third + "]}");
  }

  @Test
  void geminisFunctionResponsesStayWithTheirCalls() {
    String call = "{'role':'model','parts':[{'functionCall':{'name':'f'}}]}";
    String response = "{'role':'user','parts':[{'functionResponse':{'name':'f','response':{}}}]}";
    String user = "{'parts':[{'text':'q'}]}";
    assertThat(
            oldestTurns(
                "gemini.generate",
                "{'contents':["
                    + String.join(",", user, call, response, user, call, response, call, response)
                    + "],'systemInstruction':{'parts':[]}}"))
        .hasSize(3)
        .endsWith(
            "{'contents':["
                + String.join(",", user, call, response)
                + "],'systemInstruction':{'parts':[]}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{'messages':[}",
        "{'messages':7}",
        "{'messages':[1,2,3]}",
        "{'messages':[{'role':'user','content':'1'},null,{'role':'user','content':'2'}]}",
        "{'messages':[{'role':'user'}]}",
        "{'messages':[{'role':'robot'},{'role':'user','content':'x'}]}",
        "{'messages':[{'role':'tool','tool_call_id':'?'},{'role':'user','content':'x'}]}"
      })
  void whatIsNoKnownConversationIsLeftAlone(String body) {
    assertThat(Trimming.oldestTurns("openai.chat", utf8(body)).steps()).isZero();
    assertThat(Trimming.middle("openai.chat", utf8(body)).steps()).isZero();
    assertThat(Trimming.oldestTurns("openai.chat", utf8(body)).at(0)).isEqualTo(utf8(body));
  }

  @Test
  void otherApisAreLeftAlone() {
    byte[] body = utf8("{'input':'" + times("x", 5_000) + "'}");
    assertThat(Trimming.middle("openai.embeddings", body).steps()).isZero();
    assertThat(Trimming.middle("openai.responses", body).steps()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openai.chat {'messages':[{'role':'tool','content':'%s'}]}",
        "openai.chat {'messages':[{'role':'user','content':[{'type':'text','text':'%s'}]}]}",
        "openai.responses {'input':'%s'}",
        "openai.responses {'input':[{'type':'function_call_output','call_id':'c','output':'%s'}]}",
        "anthropic.messages {'messages':[{'role':'user','content':[{'type':'tool_result','content':'%s'}]}]}",
        "anthropic.messages {'messages':[{'role':'user','content':[{'type':'document','source':{'type':'text','data':'%s'}}]}]}",
        "gemini.generate {'contents':[{'parts':[{'text':'%s'}]}]}",
        "gemini.generate {'contents':[{'parts':[{'functionResponse':{'response':{'output':'%s'}}}]}]}"
      })
  void theMiddleOfTheLongestTextGoes(String protocolAndBody) {
    String protocol = protocolAndBody.substring(0, protocolAndBody.indexOf(' '));
    String body = protocolAndBody.substring(protocol.length() + 1);
    String text = times("a", 1_000) + times("b", 1_000) + times("c", 1_000);
    List<String> all = all(Trimming.middle(protocol, utf8(body.replace("%s", text))));
    assertThat(all.get(all.size() - 1))
        .isEqualTo(body.replace("%s", times("a", 100) + "[…]" + times("c", 100)));
  }

  @Test
  void systemPromptsCallsAndImagesAreNoTexts() {
    String much = times("x", 5_000);
    assertThat(
            Trimming.middle(
                    "openai.chat",
                    utf8(
                        ("{'messages':[{'role':'system','content':'%s'},{'role':'assistant',"
                                + "'tool_calls':[{'id':'1','function':{'arguments':'%s'}}]},"
                                + "{'role':'user','content':[{'type':'image_url',"
                                + "'image_url':{'url':'data:%s'}}]}]}")
                            .replace("%s", much)))
                .steps())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"é", "💡", "\\ud83d\\udca1", "\\n", "\\u0041", "\\\\", "\\'"})
  void cutsAreBetweenCharacters(String written) {
    for (int shift = 0; shift < 12; shift++) {
      String body = "{'input':'" + times("x", shift) + times(written, 1_000) + "'}";
      Trimming trimming = Trimming.middle("openai.responses", utf8(body));
      String unit = new String(utf8(written), StandardCharsets.UTF_8);
      for (int step = 1; step <= trimming.steps(); step++) {
        String cut = new String(trimming.at(step), StandardCharsets.UTF_8);
        String rest = cut.substring(10, cut.length() - 2).replace("[…]", "").replace("x", "");
        assertThat(rest.replace(unit, "")).isEmpty();
      }
    }
  }
}
