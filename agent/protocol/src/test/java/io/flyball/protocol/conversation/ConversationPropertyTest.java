package io.flyball.protocol.conversation;

import static io.flyball.protocol.conversation.Requests.CHAT;
import static io.flyball.protocol.conversation.Requests.GENERATE;
import static io.flyball.protocol.conversation.Requests.MESSAGES;
import static io.flyball.protocol.conversation.Requests.RESPONSES;
import static io.flyball.protocol.conversation.Requests.facts;
import static io.flyball.protocol.conversation.Requests.target;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.protocol.conversation.Part.Document;
import io.flyball.protocol.conversation.Part.Image;
import io.flyball.protocol.conversation.Part.Text;
import io.flyball.protocol.conversation.Part.ToolCall;
import io.flyball.protocol.conversation.Part.ToolResult;
import io.flyball.protocol.conversation.ToolChoice.Mode;
import io.flyball.protocol.conversation.Turn.Role;
import io.flyball.protocol.json.JsonTree;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What can be said in two protocols comes back unharmed from a way there and back. */
class ConversationPropertyTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Models that take everything their protocols have. */
  private static final TargetModel CHAT_TARGET = target("openai-chat", "gpt-4.9");

  private static final TargetModel MESSAGES_TARGET = target("anthropic", "claude-sonnet-4-1");
  private static final TargetModel GEMINI_TARGET = target("gemini", "gemini-2.5-pro");
  private static final List<TargetModel> TARGETS =
      Arrays.asList(CHAT_TARGET, MESSAGES_TARGET, GEMINI_TARGET);

  private static Conversation there(Conversation conversation, TargetModel target)
      throws UntranslatableException {
    Losses losses = new Losses();
    switch (target.protocol()) {
      case "anthropic":
        return MessagesReader.read(
            JsonTree.read(MessagesWriter.write(conversation, target, losses)), losses);
      case "gemini":
        return GeminiReader.read(
            JsonTree.read(GeminiWriter.write(conversation, target, losses)),
            conversation.stream,
            losses);
      default:
        return ChatReader.read(
            JsonTree.read(ChatWriter.write(conversation, target, losses)), losses);
    }
  }

  private static void assertSame(Conversation actual, Conversation expected) {
    assertThat(described(actual)).isEqualTo(described(expected));
  }

  /** All that a conversation holds, but for what not every protocol has a word for. */
  private static String described(Object value) {
    if (value == null || !value.getClass().getName().startsWith("io.flyball")) {
      return String.valueOf(value);
    }
    StringBuilder text = new StringBuilder(value.getClass().getSimpleName()).append('{');
    for (Field field : value.getClass().getDeclaredFields()) {
      boolean told =
          !field.isSynthetic()
              && !Modifier.isStatic(field.getModifiers())
              && !Arrays.asList("user", "streamUsage").contains(field.getName());
      if (told) {
        text.append(field.getName()).append('=').append(describedField(field, value)).append('\n');
      }
    }
    return text.append('}').toString();
  }

  private static String describedField(Field field, Object holder) {
    try {
      field.setAccessible(true);
      Object value = field.get(holder);
      if (value instanceof Enum) {
        return value.toString();
      }
      if (value instanceof List) {
        return ((List<?>) value)
            .stream().map(ConversationPropertyTest::described).collect(Collectors.joining(","));
      }
      return described(value);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void everyProtocolKeepsWhatAllCanSay(
      @ForAll("conversations") Conversation said, @ForAll("targets") TargetModel target)
      throws UntranslatableException {
    assertSame(there(said, target), said);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aWayThroughTwoProtocolsAndBackLosesNothing(
      @ForAll("conversations") Conversation said,
      @ForAll("targets") TargetModel first,
      @ForAll("targets") TargetModel second)
      throws UntranslatableException {
    Conversation start = there(said, first);

    assertSame(there(there(start, second), first), start);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatIsWrittenIsOneDocumentOfJson(
      @ForAll("conversations") Conversation said, @ForAll("targets") TargetModel target)
      throws Exception {
    Losses losses = new Losses();
    byte[] written =
        target.protocol().equals("anthropic")
            ? MessagesWriter.write(said, target, losses)
            : target.protocol().equals("gemini")
                ? GeminiWriter.write(said, target, losses)
                : ChatWriter.write(said, target, losses);

    assertThat(MAPPER.readTree(written).isObject()).isTrue();
  }

  private static final String[] SEEDS = {
    "{'model':'m','messages':[{'role':'system','content':'s'},{'role':'user','content':[{'type':"
        + "'text','text':'hi'},{'type':'image_url','image_url':{'url':'data:image/png;base64,A'}},"
        + "{'type':'file','file':{'file_data':'data:application/pdf;base64,A'}}]},"
        + "{'role':'assistant','content':null,'tool_calls':[{'id':'1','type':'function',"
        + "'function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'1',"
        + "'content':'r'}],'tools':[{'type':'function','function':{'name':'f','parameters':{}}}],"
        + "'tool_choice':{'type':'function','function':{'name':'f'}},'temperature':1.5,'stop':["
        + "'x'],'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{"
        + "'type':'object','additionalProperties':false}}},'max_tokens':5,'stream':true}",
    "{'model':'m','max_tokens':5,'system':[{'type':'text','text':'s'}],'messages':[{'role':'user',"
        + "'content':[{'type':'text','text':'hi'},{'type':'image','source':{'type':'base64',"
        + "'media_type':'image/png','data':'A'}}]},{'role':'assistant','content':[{'type':"
        + "'thinking','thinking':'t','signature':'s'},{'type':'tool_use','id':'1','name':'f',"
        + "'input':{}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'1',"
        + "'content':[{'type':'text','text':'r'}],'is_error':true}]}],'tools':[{'name':'f',"
        + "'input_schema':{}}],'tool_choice':{'type':'tool','name':'f'},'thinking':{'type':"
        + "'enabled','budget_tokens':1024},'metadata':{'user_id':'u'},'stream':true}",
    "{'contents':[{'role':'user','parts':[{'text':'hi'},{'inlineData':{'mimeType':'image/png',"
        + "'data':'A'}}]},{'role':'model','parts':[{'functionCall':{'name':'f','args':{}},"
        + "'thoughtSignature':'s'}]},{'role':'user','parts':[{'functionResponse':{'name':'f',"
        + "'response':{'result':'r'}}}]}],'systemInstruction':{'parts':[{'text':'s'}]},'tools':[{"
        + "'functionDeclarations':[{'name':'f','parameters':{'type':'OBJECT','properties':{'a':{"
        + "'type':'STRING','nullable':true}}}}]}],'toolConfig':{'functionCallingConfig':{'mode':"
        + "'ANY','allowedFunctionNames':['f']}},'generationConfig':{'temperature':1.5,'topK':40,"
        + "'thinkingConfig':{'thinkingBudget':5},'responseMimeType':'application/json',"
        + "'responseSchema':{'type':'OBJECT'}}}",
    "{'model':'m','instructions':'s','input':[{'role':'user','content':[{'type':'input_text',"
        + "'text':'hi'},{'type':'input_image','image_url':'https://h/i'}]},{'type':'reasoning'},"
        + "{'type':'function_call','call_id':'1','name':'f','arguments':'{}'},{'type':"
        + "'function_call_output','call_id':'1','output':'r'}],'tools':[{'type':'function','name':"
        + "'f','parameters':{}}],'text':{'format':{'type':'text'}},'reasoning':{'effort':'low'}}"
  };

  /** Bodies in which one value, anywhere, is something else than it should be. */
  @Property(tries = 4000)
  void whateverStandsInABodyItIsTranslatedOrRefused(
      @ForAll("seeds") String seed,
      @ForAll("oddities") String oddity,
      @ForAll long randomness,
      @ForAll("protocols") String protocol,
      @ForAll("anyTargets") TargetModel target) {
    Random random = new Random(randomness);
    List<String> pieces = values(Requests.quoted(seed), random);
    int hit = random.nextInt(pieces.size() / 2) * 2 + 1;
    pieces.set(hit, oddity);
    byte[] body = String.join("", pieces).getBytes(StandardCharsets.UTF_8);

    assertTranslatedOrRefused(protocol, body, target);
  }

  @Property(tries = 2000)
  void garbageIsTranslatedOrRefused(
      @ForAll byte[] garbage,
      @ForAll("protocols") String protocol,
      @ForAll("anyTargets") TargetModel target) {
    assertTranslatedOrRefused(protocol, garbage, target);
  }

  private static void assertTranslatedOrRefused(String protocol, byte[] body, TargetModel target) {
    byte[] before = body.clone();
    try {
      TranslatedRequest translated =
          RequestTranslation.translate(
              facts(protocol, "m", false), Requests.path(protocol), body, target);
      assertThat(isObject(translated.body())).isTrue();
    } catch (UntranslatableException refusal) {
      assertThat(refusal.reason()).isNotEmpty().doesNotContain("secret");
    }
    assertThat(body).isEqualTo(before);
  }

  private static boolean isObject(byte[] json) {
    try {
      JsonNode tree = MAPPER.readTree(json);
      return tree.isObject();
    } catch (java.io.IOException e) {
      return false;
    }
  }

  /** The document cut so that every second piece is the same scalar, object or array in it. */
  private static List<String> values(String json, Random random) {
    List<String> all = new ArrayList<>();
    collect(read(json), all);
    List<String> pieces = new ArrayList<>();
    String value = all.get(random.nextInt(all.size()));
    int at = 0;
    for (int found = json.indexOf(value); found >= 0; found = json.indexOf(value, at)) {
      pieces.add(json.substring(at, found));
      pieces.add(value);
      at = found + value.length();
    }
    pieces.add(json.substring(at));
    return pieces;
  }

  private static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void collect(JsonNode node, List<String> all) {
    all.add(node.toString());
    for (JsonNode child : node) {
      collect(child, all);
    }
  }

  @Property(tries = 500)
  void aSpliceTouchesNothingButTheModel(
      @ForAll("fields") List<String> before,
      @ForAll("spaces") String space,
      @ForAll("fields") List<String> after,
      @ForAll("protocols") String protocol)
      throws UntranslatableException {
    String head = "{" + space + String.join("," + space, before) + (before.isEmpty() ? "" : ",");
    String tail = space + (after.isEmpty() ? "" : ",") + String.join(",", after) + "}" + space;
    boolean gemini = protocol.equals(GENERATE);
    boolean fixed = protocol.equals("openai.embeddings") || protocol.endsWith("count_tokens");
    String own = gemini ? "gemini" : protocol.substring(0, protocol.indexOf('.'));
    String model = fixed || gemini ? "m" : "unheard-of";
    byte[] body = (head + "\"model\":" + space + "\"m\"" + tail).getBytes(StandardCharsets.UTF_8);

    byte[] translated =
        RequestTranslation.translate(
                facts(protocol, "m", false), Requests.path(protocol), body, target(own, model))
            .body();

    assertThat(new String(translated, StandardCharsets.UTF_8))
        .isEqualTo(head + "\"model\":" + space + "\"" + model + "\"" + tail);
  }

  @Provide
  Arbitrary<List<String>> fields() {
    return Arbitraries.of(
            "\"messages\" : [ {\"role\":\"user\",\"content\":\"\\u00e9💡\"}]",
            "\"x\":{\"model\":\"m\"}",
            "\"temperature\":0.20",
            "\"input\":[1.0 , 2e3]",
            "\"contents\":[{\"parts\":[{\"text\":\"\"}]}]",
            "\"n\":null")
        .list()
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> seeds() {
    return Arbitraries.of(SEEDS);
  }

  @Provide
  Arbitrary<String> spaces() {
    return Arbitraries.of("", " ", "\n\t");
  }

  @Provide
  Arbitrary<String> oddities() {
    return Arbitraries.of(
        "null",
        "true",
        "7",
        "-1e999",
        "1.0",
        "\"\"",
        "\"secret words\"",
        "\"\\ud800\"",
        "\"{\\\"a\\\":\\\"\\\\ud800\\\"}\"",
        "\"data:\"",
        "\"data:,\"",
        "\"data:;base64,\"",
        "[]",
        "[null]",
        "[[]]",
        "[\"secret\"]",
        "[{\"type\":\"secret\\u0000 things\"}]",
        "{}",
        "{\"secret \\n\":1}",
        "{\"type\":null}",
        "{\"type\":\"text\",\"text\":\"x\"}",
        "{\"type\":{}}");
  }

  @Provide
  Arbitrary<String> protocols() {
    return Arbitraries.of(
        CHAT, RESPONSES, MESSAGES, GENERATE, "openai.embeddings", "anthropic.count_tokens");
  }

  @Provide
  Arbitrary<TargetModel> targets() {
    return Arbitraries.of(TARGETS);
  }

  @Provide
  Arbitrary<TargetModel> anyTargets() {
    return Arbitraries.of(
        CHAT_TARGET,
        MESSAGES_TARGET,
        GEMINI_TARGET,
        target("openai", "o3"),
        target("openai", null),
        target("azure", "d"),
        target("anthropic", "claude-opus-4-8"),
        target("gemini", "gemini-3-pro"),
        target("gemini", null));
  }

  @Provide
  Arbitrary<Conversation> conversations() {
    Arbitrary<String> text = Arbitraries.of("a", "two\n\nlines", "💡 \"ключ\" \\", "{json:", "{}");
    Arbitrary<Part> content =
        Arbitraries.oneOf(
            text.map(Text::new),
            Arbitraries.of("image/png", "image/jpeg", "image/webp")
                .map(type -> Image.inline(type, "AAAA")),
            Arbitraries.just(Document.pdf(null, "UERG")));
    Arbitrary<Part> words = text.map(Text::new);
    Arbitrary<String> arguments = Arbitraries.of("{}", "{ \"a\" : 1.50 }", "{\"b\":\"💡\\n\"}");
    Arbitrary<String> results =
        Arbitraries.of("", "plain", "{\"a\": 1.0}", "{\"result\":\"x\"}", "[1]", "{\"error\":1}");
    Arbitrary<Exchange> exchange =
        Combinators.combine(
                content.list().ofMinSize(1).ofMaxSize(3),
                words.list().ofMaxSize(2),
                arguments.list().ofMaxSize(3),
                results)
            .as(Exchange::new);
    Arbitrary<String> number = Arbitraries.of("0", "0.20", "1.0", "1");
    return Combinators.combine(
            exchange.list().ofMinSize(1).ofMaxSize(4),
            text.injectNull(0.3),
            number.injectNull(0.5),
            number.injectNull(0.5),
            Arbitraries.longs().between(1, 30_000).injectNull(0.0001),
            Arbitraries.of("END", "\n\n#").list().ofMaxSize(4),
            Arbitraries.of(
                    ToolChoice.of(Mode.AUTO),
                    ToolChoice.of(Mode.REQUIRED),
                    ToolChoice.function("f"))
                .injectNull(0.3),
            Arbitraries.of(true, false))
        .as(ConversationPropertyTest::conversation);
  }

  /** What the user says, and what the assistant and its tools make of it. */
  private static final class Exchange {
    final List<Part> question;
    final List<Part> words;
    final List<String> calls;
    final String result;

    Exchange(List<Part> question, List<Part> words, List<String> calls, String result) {
      this.question = question;
      this.words = words;
      this.calls = calls;
      this.result = result;
    }
  }

  private static Conversation conversation(
      List<Exchange> exchanges,
      String system,
      String temperature,
      String topP,
      Long limit,
      List<String> stops,
      ToolChoice choice,
      boolean stream) {
    Conversation.Builder builder = new Conversation.Builder();
    if (system != null) {
      builder.system(system);
    }
    int ids = 0;
    for (Exchange exchange : exchanges) {
      builder.say(Role.USER, exchange.question);
      builder.say(Role.ASSISTANT, exchange.words);
      List<Part> calls = new ArrayList<>();
      List<Part> results = new ArrayList<>();
      for (String arguments : exchange.calls) {
        String id = "call_" + ids++;
        calls.add(new ToolCall(id, "f", arguments));
        List<Part> answer =
            exchange.result.isEmpty()
                ? Collections.<Part>emptyList()
                : Collections.<Part>singletonList(new Text(exchange.result));
        results.add(new ToolResult(id, answer, false));
      }
      builder.say(Role.ASSISTANT, calls);
      builder.say(Role.USER, results);
    }
    builder.say(Role.USER, Collections.singletonList(new Text("go on")));
    builder.tools.add(new ToolDefinition("f", "does", "{ \"type\":\"object\" }", false));
    builder.tools.add(new ToolDefinition("g", null, null, false));
    builder.sampling.temperature = temperature;
    builder.sampling.topP = topP;
    builder.maxOutputTokens = limit == null ? 1 : limit;
    builder.stopSequences.addAll(stops);
    builder.toolChoice = choice;
    builder.stream = stream;
    try {
      return builder.build();
    } catch (UntranslatableException e) {
      throw new AssertionError(e);
    }
  }
}
