package io.flyball.engine.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RequestTextTest {
  private static final JsonFactory JSON = new JsonFactory();

  @Test
  void readsMessagesOfAllShapes() {
    RequestText text =
        of(
            "{'model':'gpt-4o','messages':[{'role':'system','content':'be brief'},"
                + "{'role':'user','content':[{'type':'text','text':'what is this'},"
                + "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}]}],"
                + "'temperature':0.1}");

    assertThat(text.text()).isEqualTo("be brief\nwhat is this");
    assertThat(text.messages()).isEqualTo(2);
    assertThat(text.tokenIds()).isZero();
  }

  @Test
  void readsAnthropicSystemToolResultsAndImages() {
    RequestText text =
        of(
            "{'system':[{'type':'text','text':'sys','cache_control':{'type':'ephemeral'}}],"
                + "'messages':[{'role':'user','content':[{'type':'image','source':"
                + "{'type':'base64','media_type':'image/png','data':'AAAA'}},"
                + "{'type':'tool_result','tool_use_id':'t1','content':'42 degrees'}]}]}");

    assertThat(text.text()).isEqualTo("sys\n42 degrees");
  }

  @Test
  void readsContentsOfGemini() {
    RequestText text =
        of(
            "{'systemInstruction':{'parts':[{'text':'sys'}],'role':'user'},'contents':[{'role':"
                + "'user','parts':[{'text':'look'},{'inlineData':{'mimeType':'image/png',"
                + "'data':'AAAA'}}]},{'parts':[{'text':'more','thoughtSignature':'zz'}]}],"
                + "'generationConfig':{'seed':7}}");

    assertThat(text.text()).isEqualTo("sys\nlook\nmore");
    assertThat(text.tokenIds()).isZero();
  }

  @Test
  void readsTextsToEmbedOfGemini() {
    RequestText text =
        of(
            "{'requests':[{'model':'models/e','outputDimensionality':3,'taskType':'X',"
                + "'content':{'parts':[{'text':'a'}]}},{'content':{'parts':[{'text':'b'}]}}]}");

    assertThat(text.text()).isEqualTo("a\nb");
    assertThat(text.tokenIds()).isZero();
    assertThat(of("{'content':{'parts':[{'text':'c'}]}}").text()).isEqualTo("c");
  }

  @Test
  void readsToolDefinitionsWithTheirNames() {
    RequestText text =
        of("{'tools':[{'type':'function','function':{'name':'weather','strict':true}}]}");

    assertThat(text.text()).contains("function", "name", "weather");
  }

  /** Settings and names are not read by the model, unless they are longer than those are. */
  @Test
  void leavesOutWhatIsNoText() {
    RequestText text =
        of(
            "{'model':'m','stream':true,'temperature':0.5,'user':'u','metadata':{'a':'b'},'stop':["
                + "'x'],'reasoning':{'effort':'low'},'messages':[{'role':'assistant','content':'hi',"
                + "'tool_calls':[{'id':'c1','type':'function','index':0,'function':{'name':'f',"
                + "'arguments':'{}'}}]},{'role':'tool','tool_call_id':'c1','content':'ok'}]}");

    assertThat(text.text()).isEqualTo("hi\nf\n{}\nok");
    assertThat(
            of("{'messages':[],'user':'" + String.join("", Collections.nCopies(600, "a")) + "'}")
                .text())
        .hasSize(600);
  }

  /** What nobody has heard of yet may be text. */
  @Test
  void unknownFieldsCount() {
    assertThat(of("{'prompt':'a','suffix':'b','more':[{'x':1.5}],'none':null,'empty':[]}").text())
        .isEqualTo("a\n\"suffix\":\"b\"\n\"more\":[{\"x\":1.5}]");
  }

  /** In another encoding than UTF-8 nothing has a position: then all of it counts. */
  @Test
  void countsOtherEncodingsAsAWhole() {
    byte[] body = "{\"suffix\":\"hello\"}".getBytes(StandardCharsets.UTF_16LE);
    assertThat(RequestText.of(JSON, body, MediaTokens.NONE).text()).hasSize(body.length);
  }

  @Test
  void takesTokenIdsForTokens() {
    assertThat(of("{'input':[[1,2,3],[4]]}").tokenIds()).isEqualTo(4);
  }

  @Test
  void whatComesBehindABreakCountsAsText() {
    assertThat(of("{'input':'one','instructions':'tw").text()).isEqualTo("one\n\"tw");
    assertThat(of("[1]").text()).isEqualTo("[1]");
    assertThat(of("").text()).isEmpty();
  }

  @Property
  void neverThrows(@ForAll byte[] anything) {
    assertThat(RequestText.of(JSON, anything, MediaTokens.NONE).text()).isNotNull();
  }

  private static RequestText of(String json) {
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return RequestText.of(JSON, body, new MediaCounter().atMost("somebody", "m", body, 0, 0));
  }
}
