package io.flyball.engine;

import static java.util.stream.Collectors.joining;
import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.tokens.MediaCounter;
import io.flyball.engine.tokens.MediaTokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a request may be billed, by the plainest reading of what its provider documents, is
 * reserved: whatever API it is for and whatever it says that changes the price.
 *
 * <p>A failure names the smallest part of the request that breaks the law, what it costs too much,
 * and the seed; {@code -Dflyball.reserve.seed} looks at that one alone, and {@code
 * -Dflyball.reserve.count} at so many from there on.
 */
class ReservedCostTest {
  /** Doubles, in the reference, are no better than that. */
  private static final double EXACT = 1 - 1e-9;

  private static final AtomicBoolean FROM_SEED = new AtomicBoolean();

  @Property(tries = 3_000)
  void whatMayBeBilledIsReserved(@ForAll long seed) throws Exception {
    Long from = Long.getLong("flyball.reserve.seed");
    if (from == null) {
      check(seed);
      return;
    }
    // Once, however often the property is tried.
    if (FROM_SEED.compareAndSet(false, true)) {
      for (long i = 0; i < Long.getLong("flyball.reserve.count", 1); i++) {
        check(from + i);
      }
    }
  }

  /** Enough is no art: of an image of known size it is not far from what its provider counts. */
  @Property(tries = 500)
  void imagesAreNotReservedFarBeyondTheirTokens(
      @ForAll DearestModel model,
      @ForAll @IntRange(min = 1, max = 8_000) int width,
      @ForAll @IntRange(min = 1, max = 8_000) int height) {
    double billed = model.image(width, height, null);
    long counted =
        media(
                model,
                "{\"image_url\":{\"url\":\"data:image/jpeg;base64,"
                    + MadeMedia.jpeg(width, height)
                    + "\"}}")
            .image();

    // Nobody knows what models at home make of small images; Google has two ways to count.
    assertThat((double) counted).isBetween(billed, 7 * billed + 1_800);
  }

  @Test
  void pagesAreCountedAlsoInCompressedStreams() {
    for (boolean compressed : new boolean[] {false, true}) {
      String file =
          "{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"data\":\""
              + MadeMedia.pdf(7, compressed, true)
              + "\"}}";

      assertThat(media(DearestModel.SONNET, file).total()).as(file).isEqualTo(7 * 4_647);
    }
  }

  /** Each with the least that its provider, or the dearest, may ask for what it uses. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        // Containers of 1, 4, 16 and 64 GB.
        "responses | gpt-4.1-nano | 0.03 | 'tools':[{'type':'code_interpreter','container':{'type':'auto'}}]",
        "responses | gpt-4.1-nano | 0.12 | 'tools':[{'type':'code_interpreter','container':{'type':'auto','memory_limit':'4g'}}]",
        "responses | gpt-4.1-nano | 0.48 | 'max_tool_calls':1,'tools':[{'container':{'memory_limit':'16g'},'type':'code_interpreter'}]",
        "responses | gpt-4.1-nano | 1.92 | 'tools':[{'type':'code_interpreter','container':{'type':'auto','memory_limit':'64g'}}]",
        "responses | gpt-4.1-nano | 1.92 | 'tools':[{'type':'code_interpreter','container':{'type':'auto','memory_limit':'half'}}]",
        "responses | gpt-4.1-nano | 0.03 | 'tools':[{'type':'shell','environment':{'type':'container_auto'}}]",
        "responses | gpt-4.1-nano | 1.92 | 'tools':[{'type':'shell','environment':{'type':'container_auto','memory_limit':'64g'}}]",
        // Not on xAI's list.
        "x.ai | grok-4-1-fast-non-reasoning | 0.04 | 'tools':[{'type':'code_interpreter'}]",
        "x.ai | grok-4-1-fast-non-reasoning | 0.025 | 'tools':[{'type':'file_search'}]",
        "x.ai-chat | grok-4 | 0.75 | 'search_parameters':{'mode':'on','max_search_results':30}",
        "x.ai-chat | grok-4 | 0.5 | 'search_parameters':{'mode':'auto'}",
        "x.ai-chat | grok-4 | 0.5 | 'search_parameters':{}",
        "responses | gpt-4.1 | 0.25 | 'tools':[{'type':'web_search_preview'}]",
        "responses | gpt-4.1 | 0.025 | 'max_tool_calls':1,'tools':[{'type':'web_search_preview_2025_03_11'}]",
        "responses | gpt-5 | 0.1 | 'tools':[{'type':'web_search_preview'}]",
        "openrouter | openai/gpt-4.1-nano | 0.2 | 'plugins':[{'id':'web','max_results':50}]",
        "openrouter | openai/gpt-4.1-nano | 0.2 | 'plugins':[{'max_results':50,'id':'web'}]",
        "openrouter | openai/gpt-4.1-nano | 0.02 | 'plugins':[{'id':'web'}],'max_tool_calls':0",
        "openrouter | openai/gpt-oss-120b | 0.02 | 'plugins':[{'id':'web'}]",
        "openrouter | openai/gpt-4.1-nano:online | 0.02 | 'top_p':1",
        "openrouter | openai/gpt-4.1-nano | 0.02 | 'models':['openai/gpt-4.1-nano:online']",
        "openrouter | openai/gpt-4.1-nano | 0.2 | 'tools':[{'type':'openrouter:web_search'}]",
        "openrouter | anthropic/claude-sonnet-4.5 | 0.5 | 'tools':[{'type':'web_search_20250305','max_uses':50}]",
        "openrouter | anthropic/claude-sonnet-4.5 | 0.1 | 'web_search_options':{'search_context_size':'high'}",
        "openrouter | openai/gpt-4.1-nano | 1 | 'plugins':[{'id':'file-parser','pdf':{'engine':'mistral-ocr'}}],'messages':[{'role':'user','content':[{'type':'file','file':{'file_data':'https://x.example/a.pdf'}}]}]",
        "perplexity | sonar-pro | 0.022 | 'web_search_options':{'search_type':'pro','search_context_size':'high'}",
        "gemini-chat | gemini-2.5-flash | 0.035 | 'tools':[{'google_search':{}}]",
        "x.ai | grok-4-1-fast-non-reasoning | 0.025 | 'tools':[{'type':'collections_search'}]",
        "x.ai | grok-4-1-fast-non-reasoning | 0.1 | 'tools':[{'type':'attachment_search'}]",
        "x.ai | grok-4-1-fast-non-reasoning | 0.05 | 'tools':[{'type':'code_execution'}]",
        "groq | openai/gpt-oss-120b | 0.05 | 'tools':[{'type':'browser_search'}]",
        "groq | qwen/qwen3-32b | 0.04 | 'enable_search':true",
        "chat | gpt-4.1-nano | 0.35 | 'tools':[{'type':'bing_grounding'}]",
        "chat | gpt-4.1-nano | 0.0025 | 'vector_store_ids':['vs_1']",
        "chat | gpt-4.1-nano | 0.325 | 'extra_body':{'tools':[{'type':'image_generation'}]}",
        "gemini | gemini-2.5-flash | 0.004 | 'tools':[{'retrieval':{'vertexAiSearch':{'datastore':'d'}}}]",
      })
  void whatToolsMayCostIsReserved(String at, String model, double dollars, String said)
      throws Exception {
    assertThat(dollarsFor(at, model, said)).isGreaterThanOrEqualTo(dollars);
  }

  /** Each with the least that the dearest reading of it may cost. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "chat | gpt-4.1-nano | 0.12 | 'max_tokens':2000,'model':'gpt-4','model':'gpt-4.1-nano'",
        "openrouter | openai/gpt-4.1-nano | 0.12 | 'max_tokens':2000,'models':[MANY,'openai/gpt-4']",
        "openrouter | openai/gpt-4.1-nano | 0.12 | 'max_tokens':2000,'models':[MANY,MANY,MANY,MANY,MANY,MANY,MANY,'openai/gpt-4']",
        "openrouter | openai/gpt-4.1-nano | 0.12 | 'max_tokens':2000,'fallbacks':['openai/gpt-4']",
        "openrouter | openai/gpt-4.1-nano | 0.12 | 'max_tokens':2000,'fallbacks':[{'model':'openai/gpt-4'}]",
        "openrouter | openai/gpt-4.1-nano | 0.12 | 'max_tokens':2000,'fallbacks':[{'openai/gpt-4.1-nano':['openai/gpt-4']}]",
        "openrouter | openai/gpt-4.1-nano | 0.12 | 'max_tokens':2000,'fallbacks':[{'openai/gpt-4.1-nano':[{'model':'openai/gpt-4'}]}]",
        "openrouter | openai/gpt-4.1-nano | 0.12 | 'extra_body':{'max_tokens':2000,'models':['openai/gpt-4']}",
        "openrouter | anthropic/claude-haiku-4.5 | 1 | 'tools':[{'model':'anthropic/claude-opus-4.1','type':'advisor_20260301'}]",
        "messages | claude-haiku-4-5 | 1 | 'tools':[{'type':'advisor_20260301','name':'advisor','model':'claude-opus-4-1'}]",
        "messages | claude-haiku-4-5 | 0.3 | 'tools':[{'type':'advisor_20260301','name':'advisor','model':'claude-opus-4-1','max_uses':1}]",
        "responses | gpt-4o | 0.1 | 'max_tokens':10000",
        "openrouter | anthropic/claude-opus-4.6 | 0.15 | 'max_tokens':1000,'speed':'fast'",
        "openrouter | anthropic/claude-opus-4.6 | 0.0275 | 'max_tokens':1000,'inference_geo':'us'",
        "messages | claude-opus-4-6 | 0.15 | 'max_tokens':1000,'speed':'fast','speed':'standard'",
        "messages | claude-opus-4-6 | 0.0275 | 'max_tokens':1000,'inference_geo':'us','inference_geo':'global'",
        "messages | claude-sonnet-4-5 | 0.35 | 'system':'LONG','cache\\u005fcontrol':{'type':'ephemeral','ttl':'\\u0031h'}",
        "completions | gpt-3.5-turbo-instruct | 0.012 | 'max_tokens':2000,'prompt':['a','b','c'],'prompt':'x'",
        "completions | gpt-3.5-turbo-instruct | 0.02 | 'max_tokens':2000,'prompt_embeds':['AAAA','AAAA','AAAA','AAAA','AAAA']",
        "openrouter | openai/gpt-4o | 2 | 'models':['openai/gpt-5.4'],'messages':[{'role':'user','content':[{'type':'file','file':{'file_id':'f'}}]}]",
        "responses | gpt-4.1 | 0.2 | 'prompt':{'id':'p','variables':{'doc':{'type':'input_file','file_url':'https://x.example/a.pdf'}}}",
        "chat | gpt-4o | 0.036 | 'messages':[{'role':'user','content':[{'type':'video','video':[PICTURES]}]}]",
        "chat | gpt-4o | 0.036 | 'messages':[{'role':'user','content':'hi','images':[PICTURES]}]",
        "chat | gpt-4o | 0.0027 | 'messages':[{'role':'user','content':[{'type':'image_url','detail':'low','image_url':{'url':'https://x.example/a.png'}}]}]",
        "chat | gpt-4o | 0.0027 | 'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://x.example/a.png'},'detail':'low'}]}]",
        "chat | gpt-4o | 0.3 | 'messages':[{'role':'user','content':[{'type':'document_url','document_url':'https://x.example/a.pdf'}]}]",
        "chat | gpt-4o | 0.3 | 'messages':[{'role':'user','content':[{'document_url':{'url':'https://x.example/a.pdf'},'type':'document_url'}]}]",
        "chat | gpt-4o | 0.3 | 'messages':[{'role':'system','content':'fileid://file-abc'},{'role':'user','content':'x'}]",
        "chat | gpt-4o | 0.3 | 'messages':[{'role':'user','content':[{'type':'text','text':'fileid:\\/\\/file-abc'}]}]",
        "chat | gpt-4o | 0.6 | 'messages':[{'role':'system','content':'fileid://a,fileid://b'},{'role':'user','content':'x'}]",
        "chat | gpt-4o | 0.036 | 'messages':[{'role':'user','content':[{'type':'video_frames','video_frames':{'list':[PICTURES]}}]}]",
        "chat | gpt-4o | 0.036 | 'messages':[{'role':'user','content':[{'type':'video_frames','video_frames':[PICTURES]}]}]",
        "chat | gpt-4o | 0.0036 | 'messages':[{'role':'user','content':[{'type':'image_url','image_url':null,'uuid':'a'}]}]",
        "chat | gpt-4o | 0.0036 | 'messages':[{'role':'user','content':[{'uuid':'a','type':'image_url'}]}]",
        "responses | gpt-4o | 0.0036 | 'input':[{'id':'ig_1','type':'image_generation_call'},{'role':'user','content':'bluer'}]",
        "responses | gpt-4.1 | 2 | 'previous_response_id':'resp_1'",
        "responses | gpt-4.1 | 2 | 'previous_response_id':{'id':'resp_1'}",
        "responses | gpt-4.1 | 2 | 'conversation':'conv_1'",
        "responses | gpt-4.1 | 2 | 'conversation':{'id':'conv_1'}",
        "responses | gpt-4.1 | 2 | 'prompt':{'id':'pmpt_1'}",
        "responses | gpt-4.1 | 2 | 'input':[{'type':'item_reference','id':'msg_1'},{'role':'user','content':'go on'}]",
        "gemini | gemini-2.5-flash | 0.3 | 'cachedContent':'cachedContents/a'",
        "gemini | gemini-2.5-flash | 0.3 | 'cached_content':'cachedContents/a'",
        // It may be a film or a sound, which are dearer than any document.
        "gemini | gemini-2.5-flash | 1 | 'contents':[{'parts':[{'fileData':{'fileUri':'https://x.example/watch'}}]}]",
        "gemini | gemini-2.5-flash | 1 | 'contents':[{'parts':[{'file_data':{'file_uri':'https://x.example/watch'}}]}]",
        "gemini-chat | gemini-2.5-flash | 0.3 | 'extra_body':{'google':{'cached_content':'cachedContents/a'}}",
        "gemini-chat | gemini-2.5-flash | 0.3 | 'extra_body':{'extra_body':{'google':{'cachedContent':'cachedContents/a'}}}",
        "gemini-chat | gemini-2.5-flash | 0.3 | 'google':{'cached_content':'cachedContents/a'}",
        "chat | gpt-4o | 0.1 | 'max_tokens':1000,'N':10",
        "chat | gpt-4o | 0.1 | 'max_tokens':1000,'n':'1e1'",
        "chat | gpt-4o | 0.1 | 'max_tokens':1000,'n':'1_0'",
        "chat | gpt-4o | 0.1 | 'max_tokens':1000,'n':'\\t10\\n'",
        "chat | gpt-4o | 0.04 | 'max_tokens':10,'max_completion_tokens':'4_000'",
        "messages | claude-sonnet-4-5 | 0.06 | 'max_tokens':'4,000','max_tokens':10",
        "gemini | gemini-2.5-pro | 0.08 | 'generationConfig':{'maxOutputTokens':1000,'candidateCount':'8e0'}",
        "gemini | gemini-2.5-flash | 0.11 | 'contents':[{'parts':[{'fileData':{'mimeType':'video/mp4','fileUri':'https://x.example/v.mp4'},'videoMetadata':{'fps':'24','startOffset':'0s','endOffset':'60s'}}]}]",
        "gemini | gemini-2.5-flash | 0.045 | 'serviceTier':3,'generationConfig':{'maxOutputTokens':10000}",
        "gemini | gemini-3-pro-preview | 0.0044 | 'contents':[{'parts':[{'fileData':{'mimeType':'image/png','fileUri':'https://x.example/a.png'},'mediaResolution':{'level':4}}]}]",
        "gemini | gemini-3-pro-preview | 0.0044 | 'contents':[{'parts':[{'fileData':{'mimeType':'image/png','fileUri':'https://x.example/a.png'},'mediaResolution' : 4}]}]",
      })
  void theDearestReadingIsReserved(String at, String model, double dollars, String said)
      throws Exception {
    assertThat(dollarsFor(at, model, said)).isGreaterThanOrEqualTo(dollars);
  }

  /** Vertex AI is told by a header, too, that somebody pays to come first. */
  @Test
  void aTierThatAHeaderAsksForIsReserved() throws Exception {
    String url =
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/"
            + "publishers/google/models/gemini-2.5-flash:generateContent";
    String body =
        "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}],"
            + "\"generationConfig\":{\"maxOutputTokens\":10000}}";
    double plain = Reservations.dollars(url, body);

    assertThat(Reservations.dollars(url, body, "X-Vertex-AI-LLM-Shared-Request-Type", "priority"))
        .isGreaterThanOrEqualTo(plain * 1.8 * EXACT)
        .isFinite();
  }

  /** Of a header that stands twice, in either order, the server may take either. */
  @ParameterizedTest
  @CsvSource({"shared,priority", "priority,shared", "'flex, priority',flex"})
  void theDearerOfTwoHeadersIsReserved(String first, String second) throws Exception {
    String name = "X-Vertex-AI-LLM-Shared-Request-Type";
    String url =
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/"
            + "publishers/google/models/gemini-2.5-flash:generateContent";
    String body =
        "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}],"
            + "\"generationConfig\":{\"maxOutputTokens\":10000}}";

    assertThat(Reservations.dollars(url, body, name, first, name, second))
        .isEqualTo(Reservations.dollars(url, body, name, "priority"));
  }

  /** Who uses no tool of the provider keeps what tools would cost. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "responses | gpt-4.1-nano | 'tools':[{'type':'shell','environment':{'type':'local'}}]",
        "responses | gpt-4.1-nano | 'tools':[{'type':'web_search_preview'}],'max_tool_calls':0",
        "responses | gpt-4.1-nano | 'tools':[{'type':'function','name':'f'},{'type':'custom','name':'g'},{'type':'mcp'},{'type':'apply_patch'}]",
        "openrouter | openai/gpt-4.1-nano | 'fallbacks':[{'model':'openai/gpt-4.1-mini','stop':['gpt-5.5-pro']}]",
        "x.ai-chat | grok-4 | 'search_parameters':{'mode':'off','max_search_results':30}",
        "openrouter | openai/gpt-4.1-nano | 'plugins':[{'id':'file-parser','pdf':{'engine':'pdf-text'}}]",
        "openrouter | openai/gpt-4.1-nano | 'plugins':[{'id':'response-healing','max_results':50}]",
      })
  void nothingIsReservedForToolsThatCostNothing(String at, String model, String said)
      throws Exception {
    assertThat(dollarsFor(at, model, said)).isLessThan(0.01);
  }

  private double dollarsFor(String at, String model, String said) throws Exception {
    String url;
    String prompt = "'messages':[{'role':'user','content':'hi'}]";
    String limit = "'max_tokens':10";
    switch (at) {
      case "openrouter":
        url = "https://openrouter.ai/api/v1/chat/completions";
        break;
      case "perplexity":
        url = "https://api.perplexity.ai/chat/completions";
        break;
      case "groq":
        url = "https://api.groq.com/openai/v1/chat/completions";
        break;
      case "dashscope":
        url = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions";
        break;
      case "x.ai-chat":
        url = "https://api.x.ai/v1/chat/completions";
        break;
      case "chat":
        url = "https://api.openai.com/v1/chat/completions";
        break;
      case "completions":
        url = "https://api.openai.com/v1/completions";
        prompt = "'user':'u'";
        break;
      case "messages":
        url = "https://api.anthropic.com/v1/messages";
        break;
      case "gemini-chat":
        url = "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions";
        break;
      case "gemini":
        url =
            "https://generativelanguage.googleapis.com/v1beta/models/" + model + ":generateContent";
        prompt = "'contents':[{'parts':[{'text':'hi'}]}]";
        limit = "'generationConfig':{'maxOutputTokens':10}";
        break;
      default:
        url = "https://api." + (at.equals("x.ai") ? at : "openai.com") + "/v1/responses";
        prompt = "'input':'hi'";
        limit = "'max_output_tokens':10";
    }
    String body = "{'model':'" + model + "'," + limit + ',' + prompt + ',' + said + '}';
    String many =
        range(0, 16)
            .mapToObj(i -> "'openai/gpt-4.1-nano-2025-04-" + (10 + i) + "'")
            .collect(joining(","));
    String pictures =
        range(0, 10).mapToObj(i -> "'https://x.example/" + i + ".png'").collect(joining(","));
    String full =
        body.replace("LONG", range(0, 60_000).mapToObj(i -> "a").collect(joining()))
            .replace("MANY", many)
            .replace("PICTURES", pictures);
    return Reservations.dollars(url, full.replace('\'', '"'));
  }

  private static MediaTokens media(DearestModel model, String part) {
    byte[] body =
        ("{\"messages\":[{\"content\":[" + part + "]}]}").getBytes(StandardCharsets.UTF_8);
    return new MediaCounter().atMost("somebody", model.id, body, 0, 1);
  }

  private void check(long seed) throws Exception {
    DearestRequest request = DearestRequest.of(seed);
    Reserved reserved = reserve(request);
    if (reserved.isEnough()) {
      return;
    }
    for (boolean smaller = true; smaller; ) {
      smaller = false;
      for (DearestRequest.Part part : request.parts) {
        Reserved without = reserve(request.without(part));
        if (!without.isEnough()) {
          reserved = without;
          request = request.without(part);
          smaller = true;
          break;
        }
      }
    }
    fail("seed " + seed + ": " + reserved);
  }

  private Reserved reserve(DearestRequest request) throws Exception {
    List<BudgetState> states =
        Reservations.of(
            request.model.url,
            request.body().getBytes(StandardCharsets.UTF_8),
            BudgetUnit.USD,
            BudgetUnit.TOKENS);
    assertThat(states).as(request.body()).hasSize(2);
    Reserved reserved = new Reserved(request);
    states.forEach(state -> reserved.read(state.budget().unit(), state.reserved()));
    return reserved;
  }

  /** What was set aside for a request. */
  private static final class Reserved {
    private final DearestRequest request;
    private double usd;
    private double tokens;

    Reserved(DearestRequest request) {
      this.request = request;
    }

    void read(BudgetUnit unit, long reserved) {
      if (unit == BudgetUnit.USD) {
        usd = BudgetUnit.USD.amount(reserved).doubleValue();
      } else {
        tokens = reserved;
      }
    }

    boolean isEnough() {
      // What is in smallest parts saturates long after anybody could pay it.
      double most = BudgetUnit.USD.amount(Long.MAX_VALUE).doubleValue();
      return usd >= Math.min(most, request.cost()) * EXACT && tokens >= request.tokens() * EXACT;
    }

    @Override
    public String toString() {
      return request.model
          + " may be billed $"
          + request.cost()
          + " and "
          + request.tokens()
          + " tokens, reserved are $"
          + usd
          + " and "
          + tokens
          + " ($"
          + (request.cost() - usd)
          + " too little): "
          + request.body();
    }
  }
}
