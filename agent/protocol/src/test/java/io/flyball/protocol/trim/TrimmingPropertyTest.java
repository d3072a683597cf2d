package io.flyball.protocol.trim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Random conversations with tools, trimmed as far as can be. */
class TrimmingPropertyTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  enum Api {
    CHAT("openai.chat", "messages"),
    RESPONSES("openai.responses", "input"),
    MESSAGES("anthropic.messages", "messages"),
    GENERATE("gemini.generate", "contents");

    final String protocol;
    final String field;

    Api(String protocol, String field) {
      this.protocol = protocol;
      this.field = field;
    }
  }

  /** Writes a conversation in the words of an API. */
  private static final class Script {
    final Api api;
    final Random random;
    final List<String> entries = new ArrayList<>();
    int ids;

    Script(Api api, long seed) {
      this.api = api;
      this.random = new Random(seed);
    }

    String text() {
      String[] words = {"word ", "é", "💡", "\\n", "\\ud83d\\udca1", "\\\"", "\\\\", " ["};
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(10) == 0 ? 1_000 : random.nextInt(20);
      for (int i = 0; i < length; i++) {
        text.append(words[random.nextInt(words.length)]);
      }
      return text.toString();
    }

    void say(String role, String text) {
      if (api == Api.GENERATE) {
        String who = role.equals("assistant") ? "model" : role;
        entries.add("{\"role\":\"" + who + "\",\"parts\":[{\"text\":\"" + text + "\"}]}");
      } else {
        entries.add("{\"role\" : \"" + role + "\",\"content\":\"" + text + "\"}");
      }
    }

    void round() {
      int count = 1 + random.nextInt(3);
      List<String> calls = new ArrayList<>();
      List<String> results = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String id = "\"t" + ids++ + "\"";
        switch (api) {
          case CHAT:
            calls.add("{\"id\":" + id + ",\"function\":{\"arguments\":\"{}\"}}");
            results.add(
                "{\"role\":\"tool\",\"tool_call_id\":" + id + ",\"content\":\"" + text() + "\"}");
            break;
          case RESPONSES:
            calls.add("{\"type\":\"function_call\",\"call_id\":" + id + "}");
            results.add(
                "{\"type\":\"function_call_output\",\"call_id\":"
                    + id
                    + ",\"output\":\""
                    + text()
                    + "\"}");
            break;
          case MESSAGES:
            calls.add("{\"type\":\"tool_use\",\"id\":" + id + ",\"input\":{}}");
            results.add(
                "{\"type\":\"tool_result\",\"tool_use_id\":"
                    + id
                    + ",\"content\":\""
                    + text()
                    + "\"}");
            break;
          default:
            calls.add("{\"functionCall\":{\"id\":" + id + ",\"name\":\"f\"}}");
            results.add(
                "{\"functionResponse\":{\"id\":"
                    + id
                    + ",\"name\":\"f\",\"response\":{\"output\":\""
                    + text()
                    + "\"}}}");
        }
      }
      String call = String.join(",", calls);
      String result = String.join(" , ", results);
      switch (api) {
        case CHAT:
          entries.add("{\"role\":\"assistant\",\"tool_calls\":[" + call + "]}");
          entries.addAll(results);
          break;
        case RESPONSES:
          entries.add("{\"type\":\"reasoning\",\"id\":\"r" + ids + "\"}");
          entries.addAll(calls);
          entries.addAll(results);
          break;
        case MESSAGES:
          entries.add("{\"role\":\"assistant\",\"content\":[" + call + "]}");
          entries.add("{\"role\":\"user\",\"content\":[" + result + "]}");
          break;
        default:
          entries.add("{\"role\":\"model\",\"parts\":[" + call + "]}");
          entries.add("{\"role\":\"user\",\"parts\":[" + result + "]}");
      }
    }

    String body(int turns) {
      boolean inside = api == Api.CHAT || api == Api.RESPONSES;
      String system = "Be good. " + new String(new char[random.nextInt(900)]).replace('\0', 'x');
      if (inside) {
        say("system", system);
      }
      for (int turn = 0; turn < turns; turn++) {
        say("user", text());
        int rounds = random.nextInt(4);
        for (int i = 0; i < rounds; i++) {
          round();
        }
        if (turn < turns - 1) {
          say("assistant", "done");
        }
      }
      return "{\"model\":\"m\", \""
          + api.field
          + "\" :[ "
          + String.join(",\n", entries)
          + " ],\"system\":\""
          + (inside ? "" : system)
          + "\",\"z\":1}";
    }
  }

  private static JsonNode read(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      throw new AssertionError(new String(body, StandardCharsets.UTF_8), e);
    }
  }

  /** Bytes within a string that are no UTF-8 trouble that reader, and not ours. */
  private static boolean isReadable(byte[] body) {
    try {
      MAPPER.readTree(body);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isResult(JsonNode entry) {
    String all = entry.toString();
    return all.contains("tool_result")
        || all.contains("tool_call_id")
        || all.contains("functionResponse")
        || all.contains("function_call_output");
  }

  private static boolean isUser(JsonNode entry) {
    return entry.path("role").asText().equals("user") && !isResult(entry);
  }

  private static void collect(JsonNode node, Set<String> calls, List<String> results) {
    if (node.has("tool_call_id")) {
      results.add(node.get("tool_call_id").asText());
    } else if (node.has("tool_use_id")) {
      results.add(node.get("tool_use_id").asText());
    } else if (node.path("type").asText().equals("function_call_output")) {
      results.add(node.get("call_id").asText());
    } else if (node.has("call_id")) {
      calls.add(node.get("call_id").asText());
    } else if (node.has("functionResponse")) {
      results.add(node.get("functionResponse").get("id").asText());
    } else if (node.path("id").asText().startsWith("t")) {
      calls.add(node.get("id").asText());
    }
    node.forEach(child -> collect(child, calls, results));
  }

  private static void assertValid(JsonNode entries, Api api) {
    Set<String> calls = new HashSet<>();
    List<String> results = new ArrayList<>();
    for (JsonNode entry : entries) {
      collect(entry, calls, results);
      assertThat(calls).containsAll(results);
    }
    assertThat(new HashSet<>(results)).isEqualTo(calls);
    boolean alternates = api == Api.MESSAGES || api == Api.GENERATE;
    for (int i = 0; alternates && i < entries.size(); i++) {
      boolean user = entries.get(i).path("role").asText().equals("user");
      assertThat(user).isEqualTo(i % 2 == 0);
    }
  }

  private static String lastUser(JsonNode entries) {
    String last = null;
    for (JsonNode entry : entries) {
      last = isUser(entry) ? entry.toString() : last;
    }
    return last;
  }

  @Property(tries = 400)
  void fewerTurnsAreStillTheConversation(
      @ForAll Api api, @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int turns) {
    Script script = new Script(api, seed);
    String text = script.body(turns);
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    JsonNode whole = read(body);
    String last = lastUser(whole.get(api.field));
    Trimming trimming = Trimming.oldestTurns(api.protocol, body);

    assertThat(trimming.steps()).isGreaterThanOrEqualTo(turns - 1);
    assertThat(trimming.at(0)).isEqualTo(body);
    int length = body.length;
    for (int step = 1; step <= trimming.steps(); step++) {
      byte[] shorter = trimming.at(step);
      assertThat(shorter.length).isLessThan(length);
      length = shorter.length;
      JsonNode entries = read(shorter).get(api.field);
      assertValid(entries, api);
      assertThat(lastUser(entries)).isEqualTo(last);
      assertThat(read(shorter).get("system")).isEqualTo(whole.get("system"));
      String written = new String(shorter, StandardCharsets.UTF_8);
      for (String entry : script.entries) {
        boolean system = entry.contains("\"system\"");
        assertThat(!system || written.contains(entry)).isTrue();
      }
      for (JsonNode entry : entries) {
        assertThat(whole.get(api.field)).contains(entry);
      }
      int reasoning = 0;
      for (JsonNode entry : entries) {
        boolean thinks = entry.path("type").asText().equals("reasoning");
        boolean calls = entry.path("type").asText().equals("function_call");
        reasoning = thinks ? reasoning + 1 : calls ? reasoning : 0;
        assertThat(!calls || reasoning == 1).isTrue();
      }
    }
    // What is as short as can be gets no shorter.
    assertThat(Trimming.oldestTurns(api.protocol, trimming.at(trimming.steps())).steps()).isZero();
  }

  @Property(tries = 400)
  void shorterTextsAreStillTheConversation(
      @ForAll Api api, @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int turns) {
    byte[] body = new Script(api, seed).body(turns).getBytes(StandardCharsets.UTF_8);
    JsonNode whole = read(body);
    Trimming trimming = Trimming.middle(api.protocol, body);

    assertThat(trimming.at(0)).isEqualTo(body);
    int length = body.length;
    for (int step = 1; step <= trimming.steps(); step++) {
      byte[] shorter = trimming.at(step);
      assertThat(shorter.length).isLessThanOrEqualTo(length);
      length = shorter.length;
      JsonNode cut = read(shorter);
      assertThat(cut.get("system")).isEqualTo(whole.get("system"));
      assertThat(cut.get(api.field)).hasSameSizeAs(whole.get(api.field));
      if (api == Api.CHAT || api == Api.RESPONSES) {
        assertThat(cut.get(api.field).get(0)).isEqualTo(whole.get(api.field).get(0));
      }
      assertValid(cut.get(api.field), api);
      assertThat(noLoneSurrogates(cut.toString())).isTrue();
    }
    assertThat(trimming.steps() == 0 || length < body.length).isTrue();
  }

  private static boolean noLoneSurrogates(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  @Property(tries = 1_000)
  void brokenBodiesNeverThrow(
      @ForAll Api api, @ForAll long seed, @ForAll @Size(max = 4) List<Integer> damage) {
    byte[] body = new Script(api, seed).body(2).getBytes(StandardCharsets.UTF_8);
    for (int place : damage) {
      body[Math.floorMod(place, body.length)] = (byte) (place >> 8);
    }
    for (Trimming trimming :
        new Trimming[] {
          Trimming.oldestTurns(api.protocol, body), Trimming.middle(api.protocol, body)
        }) {
      assertThat(trimming.at(0)).isEqualTo(body);
      byte[] shortest = trimming.at(trimming.steps());
      assertThat(shortest.length).isLessThanOrEqualTo(body.length);
      if (trimming.steps() > 0 && isReadable(body)) {
        read(shortest);
      }
    }
  }
}
