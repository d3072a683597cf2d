package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.provider.Providers;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** However an address is written that servers take for the same, it says the same. */
class SpelledAddressTest {
  private static final String BODY =
      "{\"model\":\"m-of-body\",\"messages\":[],\"input\":\"x\",\"prompt\":\"x\",\"contents\":[]}";
  private static final Protocols PROTOCOLS = new Protocols(Collections.<Endpoint>emptyList());

  /** Paths that name a model, which is {@code gpt-4}. */
  private static final String[] PATHS = {
    "/openai/deployments/gpt-4/chat/completions",
    "/openai/deployments/gpt-4/completions",
    "/gateway/openai/deployments/gpt-4/embeddings",
    "/v1/engines/gpt-4/completions",
    "/v1beta/models/gpt-4:generateContent",
    "/v1/projects/p/locations/l/publishers/google/models/gpt-4:streamGenerateContent"
  };

  private static final String[] HOSTS = {
    "api.openai.com",
    "us.api.openai.com",
    "api.groq.com",
    "openrouter.ai",
    "r.openai.azure.com",
    "us-central1-aiplatform.googleapis.com",
    "gateway.example"
  };

  @Property(tries = 3_000)
  void pathsNameTheirModelInEverySpelling(@ForAll Random random) {
    String plain = PATHS[random.nextInt(PATHS.length)];
    String spelled = spelled(plain, random);
    RequestFacts usual = Answers.recognise("gateway.example", plain, BODY);
    RequestFacts facts = Answers.recognise("gateway.example", spelled, BODY);
    assertThat(facts).as(spelled).isNotNull();
    assertThat(models(facts)).as(spelled).contains("gpt-4", "m-of-body");
    assertThat(facts.provider()).as(spelled).isEqualTo(usual.provider());
    assertThat(facts.protocol().id()).as(spelled).isEqualTo(usual.protocol().id());
    RequestFacts unread = PROTOCOLS.recogniseUnread(head("gateway.example", spelled));
    assertThat(unread).as(spelled).isNotNull();
    assertThat(models(unread)).as(spelled).contains("gpt-4");
  }

  @Property(tries = 500)
  void pathsOfEndpointsThatWereDeclaredDoToo(@ForAll Random random) {
    Protocols declared =
        new Protocols(
            Collections.singletonList(
                new Endpoint("mine", URI.create("https://gateway.example/openai"), "azure")));
    String spelled = spelled("/openai/deployments/gpt-4/answers", random);
    RequestFacts facts =
        Answers.recognise(declared, "https", "gateway.example", 443, spelled, BODY);
    assertThat(facts).as(spelled).isNotNull();
    assertThat(models(facts)).as(spelled).contains("gpt-4", "m-of-body");
  }

  @Property(tries = 500)
  void hostsAreKnownInEverySpelling(@ForAll Random random) {
    String plain = HOSTS[random.nextInt(HOSTS.length)];
    StringBuilder spelled = new StringBuilder();
    for (char c : plain.toCharArray()) {
      spelled.append(random.nextInt(4) == 0 ? Character.toUpperCase(c) : c);
    }
    String host = spelled.append(random.nextBoolean() ? "." : "").toString();
    String path = "/v1/chat/completions";
    assertThat(Answers.recognise(host, path, BODY).provider())
        .as(host)
        .isEqualTo(Answers.recognise(plain, path, BODY).provider());
    assertThat(PROTOCOLS.isModelHost(host, 443)).isEqualTo(PROTOCOLS.isModelHost(plain, 443));
    assertThat(Providers.isHostOfProvider(host)).isEqualTo(Providers.isHostOfProvider(plain));
    assertThat(Providers.mayReportUnasked(host)).isEqualTo(Providers.mayReportUnasked(plain));
    Protocols declared =
        new Protocols(
            Collections.singletonList(
                new Endpoint("mine", URI.create("https://" + plain + "/x"), "openai")));
    assertThat(declared.mayMatch("POST", host, 443, "/x/ask")).as(host).isTrue();
    assertThat(Answers.recognise(declared, "https", host, 443, "/x/ask", BODY))
        .as(host)
        .isNotNull();
  }

  @Example
  void aSlashThatIsEscapedWithinANameBelongsToIt() {
    RequestFacts facts =
        Answers.recognise("gw", "/openai/deployments/openai%2Fgpt-4/chat/completions", BODY);
    assertThat(facts.model()).isEqualTo("openai/gpt-4");
    assertThat(facts.otherModels()).containsExactly("m-of-body");
  }

  private static List<String> models(RequestFacts facts) {
    List<String> all = new ArrayList<>(facts.otherModels());
    all.add(facts.model());
    return all;
  }

  private static RequestHead head(String host, String path) {
    return new RequestHead("POST", "https", host, 443, path, null, name -> null);
  }

  /** The same path for a server that decodes, strips and resolves. */
  private static String spelled(String path, Random random) {
    StringBuilder spelled = new StringBuilder();
    for (String segment : path.substring(1).split("/")) {
      String before = before(random);
      boolean parameter = spelled.indexOf(";", spelled.lastIndexOf("/") + 1) >= 0;
      spelled.append(parameter && before.startsWith("%") ? "/" : before);
      for (char c : segment.toCharArray()) {
        if (random.nextInt(12) == 0) {
          spelled.append(String.format(Locale.ROOT, "%%%02x", (int) c));
        } else {
          spelled.append(c);
        }
      }
      spelled.append(random.nextInt(8) == 0 ? ";a=1" : "");
    }
    return spelled.append(random.nextInt(8) == 0 ? "/" : "").toString();
  }

  private static String before(Random random) {
    switch (random.nextInt(24)) {
      case 0:
        return "//";
      case 1:
        return "/./";
      case 2:
        return "/x/../";
      case 4:
        return "%2F";
      default:
        return "/";
    }
  }
}
