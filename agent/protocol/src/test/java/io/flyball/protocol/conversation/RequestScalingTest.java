package io.flyball.protocol.conversation;

import io.flyball.protocol.Allocated;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.trim.Trimming;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is done with a request is linear in its turns, tools, parts and bytes. */
class RequestScalingTest {
  private static final List<String> TARGETS = Arrays.asList("openai-chat", "anthropic", "gemini");
  private static final int SIZE = 400;

  /** Of what there is much. */
  enum Much {
    TURNS,
    ROUNDS,
    CALLS_AT_ONCE,
    PARTS,
    TOOLS,
    TEXT,
    BLANKS
  }

  @ParameterizedTest
  @CsvSource({
    "openai.chat",
    "openai.responses",
    "anthropic.messages",
    "gemini.generate",
  })
  void translations(String protocol) throws Exception {
    for (Much much : Much.values()) {
      for (String target : TARGETS) {
        TargetModel model = Requests.target(target, target.equals("gemini") ? "gemini-3-pro" : "m");
        RequestFacts facts = Requests.facts(protocol, "source-model", false);
        Allocated.growsAsItsInput(
            protocol + " with many " + much + " to " + target,
            SIZE,
            size -> {
              byte[] body = body(protocol, much, size);
              return () ->
                  RequestTranslation.translate(facts, Requests.path(protocol), body, model);
            });
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "openai.chat",
    "openai.responses",
    "anthropic.messages",
    "gemini.generate",
  })
  void trimming(String protocol) throws Exception {
    for (Much much : Much.values()) {
      Allocated.growsAsItsInput(
          "oldest turns of " + protocol + " with many " + much,
          SIZE,
          size -> {
            byte[] body = body(protocol, much, size);
            return () -> {
              Trimming trimming = Trimming.oldestTurns(protocol, body);
              return trimming.at(trimming.steps() / 2);
            };
          });
      Allocated.growsAsItsInput(
          "middles of " + protocol + " with many " + much,
          SIZE,
          size -> {
            byte[] body = body(protocol, much, size);
            return () -> {
              Trimming trimming = Trimming.middle(protocol, body);
              return trimming.at(trimming.steps());
            };
          });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "openai.chat",
    "openai.responses",
    "anthropic.messages",
    "gemini.generate",
  })
  void recognition(String protocol) throws Exception {
    Protocols protocols = new Protocols(Collections.<Endpoint>emptyList());
    RequestHead head =
        new RequestHead(
            "POST", "https", "localhost", 443, Requests.path(protocol), null, name -> null);
    for (Much much : Much.values()) {
      Allocated.growsAsItsInput(
          protocol + " with many " + much,
          4 * SIZE,
          size -> {
            byte[] body = body(protocol, much, size);
            return () -> {
              RequestFacts facts = protocols.recognise(head, body);
              facts.protocol().askForUsage(facts, body);
              facts.protocol().limitOutput(facts, body, 5);
              return facts;
            };
          });
    }
  }

  private static byte[] body(String protocol, Much much, int size) {
    StringBuilder turns = new StringBuilder();
    say(turns, protocol, "user", much == Much.PARTS ? size : 1, text(much, size));
    for (int i = 0; i < size && much == Much.TURNS; i++) {
      say(turns, protocol, "assistant", 1, "yes");
      say(turns, protocol, "user", 1, "and?");
    }
    for (int i = 0; i < size && much == Much.ROUNDS; i++) {
      round(turns, protocol, i, 1);
    }
    if (much == Much.CALLS_AT_ONCE) {
      round(turns, protocol, 0, size);
    }
    if (much != Much.TURNS) {
      say(turns, protocol, "assistant", 1, text(much, size));
      say(turns, protocol, "user", 1, "last");
    }
    StringBuilder tools = new StringBuilder();
    for (int i = 0; i < (much == Much.TOOLS ? size : 1); i++) {
      tools.append(i == 0 ? "" : ",").append(tool(protocol, "t" + i));
    }
    String list = protocol.equals(Requests.RESPONSES) ? "input" : "messages";
    String start = turns.substring(1);
    String body =
        protocol.equals(Requests.GENERATE)
            ? "{'contents':[" + start + "],'tools':[{'functionDeclarations':[" + tools + "]}]}"
            : "{'model':'m','max_tokens':9,'" + list + "':[" + start + "],'tools':[" + tools + "]}";
    return Requests.quoted(
            protocol.equals(Requests.RESPONSES) ? body.replace("'max_tokens':9,", "") : body)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Much much, int size) {
    boolean many = much == Much.TEXT || much == Much.BLANKS;
    String piece = much == Much.BLANKS ? "   " : "w\\n\\u00e9";
    return "a" + String.join("", Collections.nCopies(many ? 400 * size : 1, piece)) + "b";
  }

  private static String tool(String protocol, String name) {
    String schema = "{'type':'object','properties':{'a':{'type':'string'}}}";
    switch (protocol) {
      case Requests.CHAT:
        return "{'type':'function','function':{'name':'" + name + "','parameters':" + schema + "}}";
      case Requests.RESPONSES:
        return "{'type':'function','name':'" + name + "','parameters':" + schema + "}";
      case Requests.MESSAGES:
        return "{'name':'" + name + "','input_schema':" + schema + "}";
      default:
        return "{'name':'" + name + "','parametersJsonSchema':" + schema + "}";
    }
  }

  private static void say(StringBuilder out, String protocol, String role, int parts, String text) {
    String each;
    switch (protocol) {
      case Requests.RESPONSES:
        each =
            "{'type':'"
                + (role.equals("user") ? "input" : "output")
                + "_text','text':'"
                + text
                + "'}";
        break;
      case Requests.GENERATE:
        each = "{'text':'" + text + "'}";
        break;
      default:
        each = "{'type':'text','text':'" + text + "'}";
        break;
    }
    String all = String.join(",", Collections.nCopies(parts, each));
    boolean gemini = protocol.equals(Requests.GENERATE);
    String who = gemini && role.equals("assistant") ? "model" : role;
    out.append(",{'role':'").append(who).append(gemini ? "','parts':[" : "','content':[");
    out.append(all).append("]}");
  }

  /** Calls of tools and their results. */
  private static void round(StringBuilder out, String protocol, int number, int calls) {
    StringBuilder asked = new StringBuilder();
    StringBuilder results = new StringBuilder();
    for (int i = 0; i < calls; i++) {
      String id = "c" + number + "x" + i;
      String comma = i == 0 ? "" : ",";
      switch (protocol) {
        case Requests.CHAT:
          asked.append(comma).append("{'id':'").append(id);
          asked.append("','type':'function','function':{'name':'t0','arguments':'{}'}}");
          results.append(",{'role':'tool','tool_call_id':'").append(id).append("','content':'r'}");
          break;
        case Requests.RESPONSES:
          asked.append(",{'type':'function_call','call_id':'").append(id);
          asked.append("','name':'t0','arguments':'{}'}");
          results.append(",{'type':'function_call_output','call_id':'").append(id);
          results.append("','output':'r'}");
          break;
        case Requests.MESSAGES:
          asked.append(comma).append("{'type':'tool_use','id':'").append(id);
          asked.append("','name':'t0','input':{}}");
          results.append(comma).append("{'type':'tool_result','tool_use_id':'").append(id);
          results.append("','content':'r'}");
          break;
        default:
          asked.append(comma).append("{'functionCall':{'name':'t0','args':{}}}");
          results.append(comma).append("{'functionResponse':{'name':'t0','response':{'a':1}}}");
          break;
      }
    }
    switch (protocol) {
      case Requests.CHAT:
        out.append(",{'role':'assistant','content':null,'tool_calls':[").append(asked).append("]}");
        out.append(results);
        break;
      case Requests.RESPONSES:
        out.append(asked).append(results);
        break;
      case Requests.MESSAGES:
        out.append(",{'role':'assistant','content':[").append(asked);
        out.append("]},{'role':'user','content':[").append(results).append("]}");
        break;
      default:
        out.append(",{'role':'model','parts':[").append(asked);
        out.append("]},{'role':'user','parts':[").append(results).append("]}");
        break;
    }
  }
}
