package io.flyball.engine.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was JSON is JSON when secrets were taken out of it, wherever in it they begin and end. */
class RedactedJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<RedactionRule> RULES = RedactionRules.builtIn().all();
  private static final String[] SIGNS = {
    ":",
    ": ",
    "=",
    " = ",
    "=>",
    ">",
    "\"",
    "'",
    "\\",
    "<",
    "</",
    "@",
    "&#64;",
    "%40",
    "://",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\n",
    "\u200b",
    "\ud83d\ude00",
    "-----",
    "/",
    "."
  };

  private final Redactor redactor = new Redactor();

  @Property(tries = 3_000)
  void aDocumentStaysOneOfTheSameForm(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    ArrayNode document = MAPPER.createArrayNode();
    document.add(document(random, new Secrets(random), 3));
    document.add(document(random, new Secrets(random), 2));
    String json =
        random.nextBoolean()
            ? MAPPER.writeValueAsString(document)
            : MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document);

    String redacted = redactor.redact(json);

    String about = "seed " + seed + ": " + json + "\n" + redacted;
    JsonNode read = assertDoesNotThrow(() -> MAPPER.readTree(redacted), about);
    assertSameForm(read, document, about);
  }

  private static JsonNode document(Random random, Secrets secrets, int depth) throws IOException {
    JsonNodeFactory make = JsonNodeFactory.instance;
    switch (random.nextInt(depth > 0 ? 6 : 2)) {
      case 0:
        return random.nextInt(3) == 0
            ? MAPPER.readTree(secrets.plainCard().replaceAll("%20|[^0-9]", ""))
            : make.booleanNode(random.nextBoolean());
      case 1:
        return make.textNode(text(random, secrets));
      case 2:
        return make.textNode(MAPPER.writeValueAsString(document(random, secrets, depth - 1)));
      case 3:
        ArrayNode array = make.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(document(random, secrets, depth - 1));
        }
        return array;
      default:
        ObjectNode object = make.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          String name = random.nextInt(3) == 0 ? text(random, secrets) : "n" + i;
          object.set(name, document(random, secrets, depth - 1));
        }
        return object;
    }
  }

  /** Pieces of what rules look for, often names with nothing behind them. */
  private static String text(Random random, Secrets secrets) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      RedactionRule rule = RULES.get(random.nextInt(RULES.size()));
      if (random.nextBoolean() && !rule.words().isEmpty()) {
        text.append(rule.words().get(random.nextInt(rule.words().size())));
      } else {
        String secret = secrets.of(rule);
        int from = random.nextInt(secret.length());
        text.append(secret, from, from + random.nextInt(secret.length() - from + 1));
      }
      text.append(random.nextBoolean() ? SIGNS[random.nextInt(SIGNS.length)] : "");
    }
    return text.toString();
  }

  /** A number may be a text now; what there is, and in what order, is the same. */
  private static void assertSameForm(JsonNode redacted, JsonNode document, String about) {
    boolean replaced = document.isNumber() && redacted.isTextual();
    assertThat(replaced || redacted.getNodeType() == document.getNodeType()).as(about).isTrue();
    // Of names that were taken out several may be one now.
    if (!document.isObject() || redacted.size() == document.size()) {
      Iterator<JsonNode> before = document.elements();
      for (JsonNode each : redacted) {
        assertSameForm(each, before.next(), about);
      }
      assertThat(before).as(about).isExhausted();
    }
  }

  /** There is nothing behind the name but the end of its string. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Enter your password:",
        "What is the passphrase: ",
        "the key password=",
        "<password></password>",
        "api key:",
        "pwd: ",
        "joe&#64;",
        "&#64;example.org",
        "@example.org",
      })
  void aTextThatEndsWithANameStays(String text) throws IOException {
    ArrayNode messages = MAPPER.createArrayNode();
    messages.addObject().put("content", text).put("n", 1).put("role", "user");
    messages.add(text).add(text).add(17).add(text);
    String json = MAPPER.writeValueAsString(messages);

    assertThat(redactor.redact(json)).isEqualTo(json);
    // Also of JSON in other text, and in a string of JSON.
    assertThat(redactor.redact("see " + json)).isEqualTo("see " + json);
    String within = MAPPER.writeValueAsString(json);
    assertThat(redactor.redact(within)).isEqualTo(within);
  }

  @Test
  void aFindOverSeveralStringsIsReplacedInEach() {
    String text = "[\"ab\", {\"cd\": 12.5e+3, \"ef\": true}, \"\", \"gh\"]";
    StringBuilder out = new StringBuilder();

    int behind = JsonText.of(text).replace(text, out, 0, 3, text.length() - 3, "[x]");

    assertThat(out.append(text, behind, text.length()).toString())
        .isEqualTo("[\"a[x]\", {\"[x]\": \"[x]\", \"[x]\": true}, \"\", \"[x]h\"]");
  }

  /** It begins as JSON does, and is none: no sign of it may be taken for a part of its form. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{it's 5\" wide, password: \"hunter2%}\" }",
        "{password: hunter2%,x}",
        "[password=hunter2%]",
        "\"password\": \"hunter2%\"",
        "{\"password\":\"hunter2%",
        "{\"password\":\"hunter2%\"}}",
        "[[{\"password\":\"hunter2%\"}]",
      })
  void whatIsNoJsonIsRedactedAllTheSame(String text) {
    assertThat(redactor.redact(text)).contains("[password]").doesNotContain("hunter");
  }
}
