package io.flyball.engine.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.ResponseReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every rule of {@code redaction-rules.txt}. */
class RedactionLawTest {
  private static final RedactionRules RULES = RedactionRules.builtIn();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Rules whose values may hold whatever the text goes on with. */
  private static final List<String> TO_THE_END =
      Arrays.asList(
          "private-key", "password", "password-of-command", "secret", "netrc", "otp-seed");

  private final Redactor redactor = new Redactor();

  /** Given a seed by a system property, so many from there on; else the one of this build. */
  private static void each(long seed, LongConsumer check) {
    Long from = Long.getLong("flyball.fuzz.seed");
    for (long i = 0; i < (from == null ? 1 : Long.getLong("flyball.fuzz.count", 1)); i++) {
      check.accept(from == null ? seed : from + i);
    }
  }

  @Property(tries = 400)
  void everyKindIsFoundAmongOtherText(@ForAll long seed) {
    each(seed, this::findsAmongOtherText);
  }

  private void findsAmongOtherText(long seed) {
    Random random = new Random(seed);
    Secrets secrets = new Secrets(random);
    for (RedactionRule rule : RULES.all()) {
      String secret = secrets.of(rule);
      String text = secrets.surroundings() + secret + secrets.surroundings() + "end";

      assertGone(rule, secrets, secret, redactor.redact(text), "seed " + seed + ": " + text);
    }
  }

  @Property(tries = 200)
  void everyKindIsFoundInEveryWritingOfJson(@ForAll long seed) {
    each(seed, this::findsInEveryWritingOfJson);
  }

  private void findsInEveryWritingOfJson(long seed) {
    Random random = new Random(seed);
    Secrets secrets = new Secrets(random);
    for (RedactionRule rule : RULES.all()) {
      String secret = secrets.of(rule);
      String before = "a\u20ac\ud83d\ude00" + secrets.surroundings();
      String text = before + secret + secrets.surroundings() + "end";
      String json = written(text, random);
      for (int layer = random.nextInt(3); layer > 0; layer--) {
        json = written(json, random);
      }
      String about = "seed " + seed + ": " + json;

      String redacted = redactor.redact(json);

      while (redacted.startsWith("\"")) {
        String layer = redacted;
        redacted = assertDoesNotThrow(() -> MAPPER.readValue(layer, String.class), about);
      }
      assertThat(redacted).as(about).startsWith("a\u20ac\ud83d\ude00");
      if (!TO_THE_END.contains(rule.name())) {
        // What ends with a sign that is written as an escape goes on to the end of its string.
        assertThat(redacted).as(about).endsWith("end");
      }
      assertGone(rule, secrets, secret, redacted, about);
    }
  }

  /** As JSON, with escapes where there need be none. */
  private static String written(String text, Random random) {
    StringBuilder json = new StringBuilder("\"");
    boolean often = random.nextBoolean();
    for (char c : text.toCharArray()) {
      boolean must = c < ' ' || c == '"' || c == '\\';
      // A quote that is an escape within an escape closes nothing that can be seen.
      if (must || (c != '\'' && random.nextInt(often ? 2 : 20) == 0)) {
        boolean plain = c == '"' || c == '\\' || (c == '/' && random.nextBoolean());
        json.append(plain ? "\\" + c : c == '\n' ? "\\n" : String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  /** As they stand in an address: of the signs that need no escape some are one all the same. */
  @Property(tries = 200)
  void everyKeyIsFoundBehindEscapesOfUrls(@ForAll long seed) {
    each(seed, this::findsBehindEscapesOfUrls);
  }

  private void findsBehindEscapesOfUrls(long seed) {
    Random random = new Random(seed);
    Secrets secrets = new Secrets(random);
    for (RedactionRule rule : RULES.all()) {
      String secret = secrets.of(rule);
      boolean isKey = rule.recogniser() == null || rule.name().equals("wallet-key");
      if (!isKey || !secret.matches("[!#-\\[\\]-~]+")) {
        // The other signs stand in no address, or mean something in JSON.
        continue;
      }
      String once = escaped(secret, random);
      String text = "https://h/x?k=" + (random.nextBoolean() ? escaped(once, random) : once) + "&y";
      String redacted = redactor.redact(text);
      assertGone(
          rule, secrets, secret, unescaped(unescaped(redacted)), "seed " + seed + ": " + text);
      assertThat(redacted).startsWith("https://h/x?k=");
      if (!TO_THE_END.contains(rule.name())) {
        assertThat(redacted).as("seed " + seed + ": " + text).endsWith("y");
      }
    }
  }

  private static String escaped(String text, Random random) {
    StringBuilder out = new StringBuilder();
    int share = 1 + random.nextInt(4);
    for (char c : text.toCharArray()) {
      boolean may = c > ' ' && c < 127 && c != '"' && c != '\\';
      boolean escape = c == '%' || (may && random.nextInt(share) == 0);
      out.append(escape ? String.format(random.nextBoolean() ? "%%%02x" : "%%%02X", (int) c) : c);
    }
    return out.toString();
  }

  private static String unescaped(String text) {
    Matcher escape = Pattern.compile("%([0-9a-fA-F]{2})").matcher(text);
    StringBuffer out = new StringBuffer();
    while (escape.find()) {
      String meant = String.valueOf((char) Integer.parseInt(escape.group(1), 16));
      escape.appendReplacement(out, Matcher.quoteReplacement(meant));
    }
    return escape.appendTail(out).toString();
  }

  /** No six characters of a value that is secret are left. */
  private static void assertGone(
      RedactionRule rule, Secrets secrets, String secret, String redacted, String about) {
    assertThat(redacted).as(rule + ", " + about).contains("[");
    for (String value : secrets.values(rule, secret)) {
      for (int i = 0; i + 6 <= value.length(); i++) {
        assertThat(redacted).as(rule + ", " + about).doesNotContain(value.substring(i, i + 6));
      }
    }
  }

  @Property(tries = 3_000)
  void whatOnlyLooksLikeASecretStays(@ForAll long seed) {
    each(seed, this::leavesWhatOnlyLooksLikeASecret);
  }

  private void leavesWhatOnlyLooksLikeASecret(long seed) {
    Random random = new Random(seed);
    Secrets secrets = new Secrets(random);
    StringBuilder text = new StringBuilder("begin");
    for (int i = 0; i < 8; i++) {
      text.append(secrets.surroundings()).append("and").append(secrets.surroundings());
      text.append(secrets.harmless());
    }

    assertThat(redactor.redact(text.toString())).as("seed " + seed).isEqualTo(text.toString());
  }

  /** Pieces of secrets of all kinds, cut anywhere and written in all ways: nothing throws. */
  @Property(tries = 2_000)
  void damagedTextIsRedacted(@ForAll long seed) {
    each(
        seed,
        each -> {
          Random random = new Random(each);
          Secrets secrets = new Secrets(random);
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(12); i >= 0; i--) {
            String piece = secrets.of(RULES.all().get(random.nextInt(RULES.all().size())));
            piece = random.nextInt(3) == 0 ? written(piece, random) : piece;
            int from = random.nextInt(piece.length());
            text.append(piece, from, from + random.nextInt(piece.length() - from + 1));
            if (random.nextBoolean()) {
              text.append((char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
            }
          }

          String redacted = redactor.redact(text.toString());

          assertThat(redactor.redact(redacted)).as("seed " + each).isNotNull();
        });
  }

  /** What was said piece by piece is looked at in one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "/v1/chat/completions | {'choices':[{'index':0,'delta':{'content':%s}}]}",
        "/v1/responses | {'type':'response.output_text.delta','delta':%s}",
        "/v1/messages | {'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':%s}}",
        "/v1beta/models/m:streamGenerateContent | {'candidates':[{'content':{'parts':[{'text':%s}]}}]}",
      })
  void aSecretInPiecesOfAStreamIsFound(String path, String event) throws IOException {
    Random random = new Random(1);
    Secrets secrets = new Secrets(random);
    for (RedactionRule rule : RULES.all()) {
      String secret = secrets.of(rule);
      List<String> data = new ArrayList<>();
      for (String piece : pieces(secret, random)) {
        data.add(json(event).replace("%s", piece));
      }

      String text = read(path, data);

      assertThat(text).isEqualTo(secret);
      assertGone(rule, secrets, secret, redactor.redact(text), path + " " + secret);
    }
  }

  /** Parts of an answer by turns are each looked at in one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "/v1/chat/completions | {'choices':[{'index':%i,'delta':{'content':%s}}]}",
        "/v1/chat/completions | {'choices':[{'delta':{'content':%s},'index':%i}]}",
        "/v1/chat/completions | {'choices':[{'index':0,'delta':{'tool_calls':[{'index':%i,'function':{'arguments':%s}}]}}]}",
        "/v1/chat/completions | {'choices':[{'index':0,'delta':{'tool_calls':[{'function':{'arguments':%s},'index':%i}]}}]}",
        "/v1/chat/completions | {'choices':[{'index':0,'delta':{'%k':%s}}]}",
        "/v1/responses | {'type':'response.output_text.delta','output_index':%i,'delta':%s}",
        "/v1/responses | {'delta':%s,'output_index':0,'item_id':'i%i','type':'response.output_text.delta'}",
        "/v1/responses | {'delta':%s,'output_index':0,'content_index':%i,'type':'response.output_text.delta'}",
        "/v1/responses | {'delta':%s,'output_index':0,'type':'response.%k.delta'}",
        "/v1/messages | {'type':'content_block_delta','index':%i,'delta':{'type':'text_delta','text':%s}}",
        "/v1/messages | {'type':'content_block_delta','delta':{'partial_json':%s},'index':%i}",
        "/v1beta/models/m:streamGenerateContent | {'candidates':[{'content':{'parts':[{'text':%s}]},'index':%i}]}",
        "/v1beta/models/m:streamGenerateContent | {'candidates':[{'content':{'parts':[{'text':%s,'thought':%b}]}}]}",
      })
  void aSecretInPiecesAmongThoseOfAnotherPartIsFound(String path, String event) throws IOException {
    Random random = new Random(2);
    Secrets secrets = new Secrets(random);
    for (RedactionRule rule : RULES.all()) {
      String secret = secrets.of(rule);
      List<String> data = new ArrayList<>();
      for (String piece : pieces(secret, random)) {
        data.add(
            json(event)
                .replace("%i", "0")
                .replace("%b", "true")
                .replace("%k", "reasoning_content")
                .replace("%s", piece));
        data.add(
            json(event)
                .replace("%i", "1")
                .replace("%b", "false")
                .replace("%k", "content")
                .replace("%s", "\"z z\""));
      }

      String text = read(path, data);

      assertThat(text).startsWith(secret + "\nz z").endsWith("z z");
      assertGone(rule, secrets, secret, redactor.redact(text), path + " " + secret);
    }
  }

  private static String json(String form) {
    return form.replace('\'', '"');
  }

  /** As strings of JSON. */
  private static List<String> pieces(String text, Random random) throws IOException {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + 1 + random.nextInt(7));
      pieces.add(MAPPER.writeValueAsString(text.substring(from, to)));
      from = to;
    }
    return pieces;
  }

  /** The text that is kept of a stream of these events. */
  private static String read(String path, List<String> events) throws IOException {
    String body =
        "{'model':'m','stream':true,'max_tokens':9,'input':'x','prompt':'x','messages':[{'role':'user','content':'x'}],"
            + "'contents':[{'parts':[{'text':'x'}]}]}";
    RequestHead head =
        new RequestHead("POST", "https", "localhost", 443, path, "alt=sse", name -> null);
    RequestFacts facts =
        new Protocols(Collections.<Endpoint>emptyList())
            .recognise(head, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    ResponseReader reader = facts.protocol().reader(facts, 200, "text/event-stream");
    reader.keepText(10_000);
    for (String event : events) {
      String data = "data: " + event + "\n\n";
      reader.feed(ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)));
    }
    reader.end();
    return reader.text();
  }

  @Property(tries = 300)
  void aCardIsFoundAmongOtherDigits(@ForAll long seed) {
    Random random = new Random(seed);
    Secrets secrets = new Secrets(random);
    String secret = secrets.plainCard();
    String[] before = {
      "", "17,", "12.50,", "2026-01-02,", "3.", "12 ", "2 x ", "no. 7: ", "07/26 ", "1\n"
    };
    String[] behind = {" 04/28 cvv 123", "\n0428 123", " 123", ", 04 28", "-123", "  9", "=2804"};
    String text =
        before[random.nextInt(before.length)] + secret + behind[random.nextInt(behind.length)];

    assertThat(redactor.redact(text)).as(text).contains("[card]").doesNotContain(secret);
  }

  /** What was JSON is JSON, also where a number is taken out. */
  @Property(tries = 300)
  void jsonStaysJson(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Secrets secrets = new Secrets(random);
    String number = secrets.plainCard().replaceAll("%20|[^0-9]", "");
    String[] forms = {
      "{\"n\":%s}",
      "{\"a\":[1,%s ,%s]}",
      "%s",
      " -%s\n",
      "[%s]",
      "[-%s,\"a\\\"\",%s]",
      "{\"password\": %s,\"b\":{\"n\":\n%s\n}}",
      "[%s.25, %s]",
      "[\"%s\", 1, %s]"
    };
    String json = forms[random.nextInt(forms.length)].replace("%s", number);

    String redacted = redactor.redact(json);

    assertDoesNotThrow(() -> MAPPER.readTree(redacted), redacted);
    assertThat(redacted).doesNotContain(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "1",
        "1 ",
        "4",
        "4111 ",
        "1.",
        "a@",
        "@",
        "-",
        "sk-",
        "eyJ",
        "eyJ.",
        "+1",
        "A",
        "bearer ",
        "DE89 ",
        "de89",
        "://a:",
        "://a:b@",
        "-----BEGIN ",
        "-----BEGIN RSA PRIVATE KEY-----",
        "password=",
        "secret:\"",
        "\\",
        "\\u0041",
        "\\\\\"",
        "AKIA",
        "AKIAIOSFODNN7EXAMPLE ",
        ".",
        "a.",
        "xoxb-",
        "glc_",
        "\u5f20",
        "\"@",
        ":thin:",
        "Q~",
        "JQQJ9",
        "+ASt",
        "[a-f0-9]-us1",
        "sk-a-",
        "ya29.",
        "basic ",
        "(212) ",
        "[4111111111111111",
        "[1,4111111111111111,",
        "digest a=b, ",
        "authorization: digest a=\"b\", ",
        "4111%20",
        "4111+",
        "api key: ",
        "MT",
        "AzSeA",
        "\u200b@",
        "\u00e9\u0301",
        "kty",
        "\"kty\":",
        "kty{",
        "d:kty ",
        "\"d\":\"",
        "curl ",
        "curl -u a:",
        "-u a:b ",
        "cookie: a=",
        "cookie=",
        "kind: Secret\n",
        "kind: Secret\ndata:\n",
        "kind: Secret\ndata: {\"a\":\"",
        "data:\n",
        "auth=",
        "auth=dXNlcjpwYXNz",
        "auth",
        "--BEGIN ",
        "--BEGIN PRIVATE KEY--",
        "private-lines: 9\n",
        "private-lines: 999 AAAA ",
        "machine a login b password ",
        "4<b>",
        "4111<b>",
        "4111</b> <b>",
        "4111,",
        "4111|1111|",
        "4 / ",
        "%40",
        "%6A",
        "%6A%40",
        "a%40b%2E",
        "+49/",
        "+49 (0) ",
        "$6$a$",
        "$2a$10$",
        "pbkdf2_sha256$1$a$",
        "x-amz-security-token=a1",
        "otpauth://",
        ":",
        "fe80::1:",
        "--password ",
        "+49.1",
        "+49.123456, ",
        "+40-075/",
        "1.12, +",
        "password=a.",
        "password=a[\"",
        "password=a[\\\\\\\\",
        "password=self.a ",
        "password\",\"value\":\""
      })
  void theWorkIsLinear(String piece) {
    long once = reads(piece, 20_000);
    long fourTimes = reads(piece, 80_000);

    assertThat(fourTimes).isLessThan(5 * once).isLessThan(700L * 80_000);
  }

  /** How many characters are looked at. */
  private static long reads(String piece, int length) {
    String text = String.join("", Collections.nCopies(length / piece.length(), piece));
    AtomicLong reads = new AtomicLong();
    new Redactor(layer -> new Counted(layer, reads)).redact(text);
    return reads.get();
  }

  @Property(tries = 200)
  void theWorkIsLinearInAnyMixture(@ForAll long seed) {
    Random random = new Random(seed);
    Secrets secrets = new Secrets(random);
    StringBuilder piece = new StringBuilder();
    List<RedactionRule> rules = RULES.all();
    for (int i = 0; i < 4; i++) {
      String secret = secrets.of(rules.get(random.nextInt(rules.size())));
      piece.append(secret, 0, random.nextInt(secret.length() + 1)).append(secrets.surroundings());
    }

    long once = reads(piece.toString(), 10_000 + piece.length());
    long fourTimes = reads(piece.toString(), 40_000 + 4 * piece.length());

    assertThat(fourTimes).as("seed " + seed + ": " + piece).isLessThan(6 * once);
  }

  private static final class Counted implements CharSequence {
    private final CharSequence text;
    private final AtomicLong reads;

    Counted(CharSequence text, AtomicLong reads) {
      this.text = text;
      this.reads = reads;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      reads.incrementAndGet();
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      reads.addAndGet(end - start);
      return text.subSequence(start, end);
    }
  }
}
