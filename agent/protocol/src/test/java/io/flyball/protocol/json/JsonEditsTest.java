package io.flyball.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonEditsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static JsonTree tree(String json) {
    return JsonTree.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String applied(JsonEdits edits) {
    return new String(edits.apply(), StandardCharsets.UTF_8);
  }

  @Test
  void knowsWhatItRead() {
    JsonTree tree =
        tree("\uFEFF { \"a\" : 1.50 , \"s\":\"\\u0041💡\",\"l\":[ true, null ,{}],\"a\":2e3 }");

    assertThat(tree.get("a").number()).isEqualTo("2e3");
    assertThat(tree.get("a").integer()).isEqualTo(2000);
    assertThat(tree.get("s").text()).isEqualTo("A💡");
    assertThat(tree.get("s").json()).isEqualTo("\"\\u0041💡\"");
    assertThat(tree.get("l").json()).isEqualTo("[ true, null ,{}]");
    assertThat(tree.get("l").children())
        .extracting(JsonTree::isTrue)
        .containsExactly(true, false, false);
    assertThat(tree.children()).extracting(JsonTree::name).containsExactly("a", "s", "l", "a");
    assertThat(tree.children().get(0).integer()).isNull();
    assertThat(tree.get("none")).isNull();
    assertThat(tree.get("l").get("x")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "\"x\"", "{", "[1", "{}{}", "{a:1}", "[1,]", "nul"})
  void whatIsNoDocumentIsNoTree(String json) {
    assertThat(tree(json)).isNull();
  }

  @Test
  void editsAtSeveralPlaces() {
    JsonTree tree = tree("{ \"a\" : 1 , \"b\":{\"c\":[1, 2 ,3]}, \"d\":{} }");
    JsonEdits edits = new JsonEdits(tree);

    edits
        .remove(
            tree.get("b").get("c"),
            Collections.singletonList(tree.get("b").get("c").children().get(1)))
        .replace(tree.get("a"), "\"é\"")
        .rename(tree.get("b"), "x\"y")
        .insert(tree.get("d"), "n", "null")
        .insert(tree, "first", "0");

    assertThat(applied(edits))
        .isEqualTo("{\"first\":0, \"a\" : \"é\" , \"x\\\"y\":{\"c\":[1 ,3]}, \"d\":{\"n\":null} }");
  }

  @Property
  void fieldsThatAreAddedAtOnePlaceMakeADocument(
      @ForAll("flags") List<Boolean> added, @ForAll("spaces") String space) throws IOException {
    for (String object : Arrays.asList("{" + space + "}", "{" + space + "\"x\":0}")) {
      JsonTree tree = tree("[" + object + "," + object + "]");
      JsonEdits edits = new JsonEdits(tree);
      ObjectNode expected = MAPPER.createObjectNode();
      for (int i = 0; i < added.size(); i++) {
        edits.insert(tree.children().get(0), "k" + i, String.valueOf(added.get(i)));
        expected.put("k" + i, added.get(i));
      }
      expected.setAll((ObjectNode) MAPPER.readTree(object));

      assertThat(MAPPER.readTree(edits.apply()).get(0)).isEqualTo(expected);
      assertThat(MAPPER.readTree(edits.apply()).get(1)).isEqualTo(MAPPER.readTree(object));
    }
  }

  @Test
  void anEditInsideOfWhatGoesHasNoEffect() {
    JsonTree tree = tree("{\"a\":{\"b\":1},\"c\":2}");
    JsonEdits edits = new JsonEdits(tree);

    edits
        .replace(tree.get("a").get("b"), "7")
        .remove(tree, Collections.singletonList(tree.get("a")));

    assertThat(applied(edits)).isEqualTo("{\"c\":2}");
  }

  @Test
  void nothingToDo() {
    JsonTree tree = tree(" [1] ");
    JsonEdits edits = new JsonEdits(tree).remove(tree, Collections.<JsonTree>emptyList());

    assertThat(edits.isEmpty()).isTrue();
    assertThat(applied(edits)).isEqualTo(" [1] ");
  }

  @Property(tries = 1000)
  void removingElementsLeavesTheOthers(
      @ForAll("flags") List<Boolean> flags, @ForAll("spaces") String space) throws IOException {
    List<String> texts = new ArrayList<>();
    ArrayNode expected = MAPPER.createArrayNode();
    for (int i = 0; i < flags.size(); i++) {
      texts.add(space + "{\"i\":" + i + "}" + space);
      if (!flags.get(i)) {
        expected.add(MAPPER.createObjectNode().put("i", i));
      }
    }
    JsonTree tree = tree("[" + String.join(",", texts) + "]");

    JsonEdits edits = new JsonEdits(tree).remove(tree, chosen(tree, flags));

    assertThat(MAPPER.readTree(edits.apply())).isEqualTo(expected);
  }

  @Property(tries = 1000)
  void removingFieldsLeavesTheOthers(
      @ForAll("flags") List<Boolean> flags, @ForAll("spaces") String space) throws IOException {
    List<String> texts = new ArrayList<>();
    ObjectNode expected = MAPPER.createObjectNode();
    for (int i = 0; i < flags.size(); i++) {
      texts.add(space + "\"k" + i + "\"" + space + ":" + i + space);
      if (!flags.get(i)) {
        expected.put("k" + i, i);
      }
    }
    JsonTree tree = tree("{" + String.join(",", texts) + "}");

    JsonEdits edits = new JsonEdits(tree).remove(tree, chosen(tree, flags));

    assertThat(MAPPER.readTree(edits.apply())).isEqualTo(expected);
  }

  private static List<JsonTree> chosen(JsonTree tree, List<Boolean> flags) {
    List<JsonTree> chosen = new ArrayList<>();
    for (int i = 0; i < flags.size(); i++) {
      if (flags.get(i)) {
        chosen.add(tree.children().get(i));
      }
    }
    return chosen;
  }

  @Property(tries = 1000)
  void neverThrows(@ForAll byte[] garbage) {
    JsonTree tree = JsonTree.read(garbage);

    assertThat(tree == null || tree.isObject() || tree.isArray()).isTrue();
  }

  @Test
  void writesWhatIsNoUnicodeAsEscapes() {
    byte[] written = new JsonWriter().startArray().string("a\ud800b💡").endArray().finish();

    assertThat(tree(new String(written, StandardCharsets.UTF_8)).children().get(0).text())
        .isEqualTo("a\ud800b💡");
  }

  @Provide
  Arbitrary<List<Boolean>> flags() {
    return Arbitraries.of(true, false).list().ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> spaces() {
    return Arbitraries.of(Arrays.asList("", " ", "\n\t"));
  }

  @Test
  void severalFieldsForAnEmptyObject() {
    byte[] bytes = "{\"a\":{}}".getBytes(StandardCharsets.UTF_8);
    JsonTree document = JsonTree.read(bytes);

    byte[] edited =
        new JsonEdits(document)
            .insert(document.get("a"), "b", "1")
            .insert(document.get("a"), "c", "2")
            .apply();

    assertThat(new String(edited, StandardCharsets.UTF_8)).isEqualTo("{\"a\":{\"b\":1,\"c\":2}}");
  }
}
