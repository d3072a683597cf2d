package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.StoredInput.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Which items of an input stand for one that the provider keeps. */
class KeptItemsTest {
  /** Whole in themselves, as SDKs hand earlier output on. */
  private static final String[] WHOLE = {
    "{'role':'user','content':'hi'}",
    "{'role':'user','content':[{'type':'input_text','text':'hi','id':'x'}]}",
    "{'type':'message','id':'msg_1','role':'assistant','content':[{'type':'output_text','text':'a'}]}",
    "{'id':'msg_1','role':'assistant','content':'a'}",
    "{'type':'message','role':'user','content':''}",
    "{'type':'function_call','id':'fc_1','call_id':'c','name':'f','arguments':'{}'}",
    "{'type':'function_call_output','call_id':'c','output':'1'}",
    "{'type':'reasoning','id':'rs_1','summary':[],'encrypted_content':'AA'}",
    "{'type':'web_search_call','id':'ws_1','status':'completed','action':{'type':'search'}}",
    "{'id':null,'role':'user','content':'hi'}",
    "{}"
  };

  private static List<String> reference(Random random) {
    String[] types = {"", "'type':null", "'type':'item_reference'", "'typ\\u0065':null"};
    String type = types[random.nextInt(types.length)];
    List<String> fields = new ArrayList<>();
    fields.add("'id':" + (random.nextBoolean() ? "'msg_1'" : "7"));
    if (!type.isEmpty()) {
      fields.add(type);
    }
    String[] more = {
      "'status':'completed'", "'role':'assistant'", "'content':null", "'object':'x'"
    };
    for (String field : more) {
      if (random.nextInt(4) == 0) {
        fields.add(field);
      }
    }
    Collections.shuffle(fields, random);
    return fields;
  }

  @Property(tries = 1_000)
  void areThoseWithAnIdAndNothingElse(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> items = new ArrayList<>();
    int kept = 0;
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      boolean isKept = random.nextInt(3) == 0;
      kept += isKept ? 1 : 0;
      items.add(
          isKept
              ? "{" + String.join(",", reference(random)) + "}"
              : WHOLE[random.nextInt(WHOLE.length)]);
    }
    String body = "{'model':'gpt-4o','input':[" + String.join(",", items) + "]}";
    RequestFacts facts =
        Answers.recognise("api.openai.com", "/v1/responses", body.replace('\'', '"'));

    assertThat(facts.storedInputs())
        .as(body)
        .hasSize(kept)
        .allSatisfy(item -> assertThat(item).isEqualTo(new StoredInput(Kind.ITEM, null)));
  }
}
