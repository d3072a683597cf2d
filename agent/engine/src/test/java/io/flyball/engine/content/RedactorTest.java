package io.flyball.engine.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Collections;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
  private final Redactor redactor = new Redactor();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "write to jane.doe+x@mail.example.co.uk. | write to [email].",
        "card 4111 1111 1111 1111 please | card [card] please",
        "order 12 4111-1111-1111-1111 | order 12 [card]",
        "pay DE89 3704 0044 0532 0130 00 NOW | pay [iban] NOW",
        "pay GB82WEST12345698765432, thanks | pay [iban], thanks",
        "call +49 170 1234567 or (212) 555-0100 | call [phone] or [phone]",
        "from 192.168.0.17. | from [ip].",
        "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln_x-1 end | jwt [token] end",
        "Authorization: Bearer abcdef0123456789== | Authorization: [token]",
        "key sk-proj-abcdefghijklmnop1234 | key [key]",
        "sk-ant-api03-abcdefghijklmnop | [key]",
        "AKIAIOSFODNN7EXAMPLE | [key]",
        "ghp_abcdefghijklmnopqrstuvwx0123456789 | [key]",
        "pay 4111 1111 1111 1111 04/28 cvv 123 | pay [card] 04/28 cvv 123",
        "no. 12 4111.1111.1111.1111 | no. 12 [card]",
        "4111\u00a01111\u00a01111\u00a01111 | [card]",
        "4111  1111  1111  1111 | [card]",
        "de89370400440532013000 and GB82-WEST-1234-5698-7654-32 | [iban] and [iban]",
        "j\u00fcrgen@b\u00fccher.example | [email]",
        "\"john doe\"@example.org | [email]",
        "jane\\u0040example.org | [email]",
        "https:\\/\\/api:s3cret@example.org\\/x | https:\\/\\/[credentials]\\/x",
        "ewogICJhbGciOiAiUlMyNTYiCn0.eyJzdWIiOiIxIn0.c2ln | [token]",
        "Authorization: Basic dXNlcjpwYXNzd29yZA== | Authorization: [token]",
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq==; | AccountKey=[secret];",
        "sk_live_abcdefghij0123456789 | [key]",
        "17,4111111111111111 | 17,[card]",
        "[17,4111111111111111,3] | [17,\"[card]\",3]",
        "12.50,4111111111111111 | 12.50,[card]",
        "2024-01-02,4111111111111111 | 2024-01-02,[card]",
        "7.4111111111111111 | 7.[card]",
        "cc=4111+1111+1111+1111&x | cc=[card]&x",
        "4111%201111%201111%201111 | [card]",
        "4111&nbsp;1111&nbsp;1111&nbsp;1111 | [card]",
        "%B4111111111111111^DOE/JOHN^2804101 | %B[card]^DOE/JOHN^2804101",
        "to jane&#x40;example.org and jane&commat;example.org | to [email] and [email]",
        "jane\u200b@exam\u200bple.org | [email]",
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..YWJjZGVmZ2hpamts.c2VjcmV0.YWJjZGVm. | [token].",
        "API key: abcd1234efgh5678ijkl | API key: [secret]",
        "the secret key = 'abcd1234efgh5678ijkl' | the secret key = '[secret]'",
        "Authorization: Negotiate YIIJvwYGKwYBBQUCoIIJszCC | Authorization: [token]",
        "Authorization: Digest username=\"x\", nc=01, response=\"6629fae49393\" | Authorization: [token]",
        "{\"n\":4111111111111111} | {\"n\":\"[card]\"}",
        "{\"n\": -4111111111111111 } | {\"n\": \"[card]\" }",
        "4111111111111111 | \"[card]\"",
        "-4111111111111111 | \"[card]\"",
        "+1.2125550100, +1.2125550101 | [phone], [phone]",
        "+49.1701234567 and +45.12345678 and +49-170/1234567 | [phone] and [phone] and [phone]",
        "unknown[2001:470:1::5:2], fd12:3456:789a::1 | unknown[[ip]], [ip]",
        "4 5 3 9 1 4 8 8 0 3 4 3 6 4 6 7 | [card]",
        "password=hunter.two | password=[password]",
        "password=abc12[ | password=[password]",
        "api_key=abcd1234.efgh5678.ijkl | api_key=[secret]",
        "{\"password\":12345678} | {\"password\":\"[password]\"}",
        "{\"n\":\"4111111111111111\"} | {\"n\":\"[card]\"}",
        "Server=db;User Id=sa;Password=pa55; | Server=db;User Id=sa;Password=[password];",
        "pay 4111,1111,1111,1111 now | pay [card] now",
        "<b>4111</b> <b>1111</b> <b>1111</b> <b>1111</b> | <b>[card]</b>",
        "4111/1111/1111/1111 04/28 cvv 123 | [card] 04/28 cvv 123",
        "IBAN DE89/3704/0044/0532/0130/00. | IBAN [iban].",
        "call +49 (0) 170 / 123 45 67, or +49/170/1234567 | call [phone], or [phone]",
        "q=%6A%61%6E%65%40example%2Eorg&x | q=[email]&x",
        "%7B%22e%22%3A%22jane%2Bx%40example.org%22%7D | %7B%22e%22%3A%22[email]%22%7D",
        "api.telegram.org/bot123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1/sendMessage "
            + "| api.telegram.org/bot[key]/sendMessage",
        "x?k=%73k-proj-abcdefghijklmnop1234&y | x?k=[key]&y",
        "x?k=sk%2Dproj%2Dabcdefghijklmnop1234 and 100%25 | x?k=[key] and 100%25",
        "sk%252Dproj%252Dabcdefghijklmnop1234 | [key]",
        "wif KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn. | wif [key].",
        "curl -u admin:s3cret https://x | curl -u [credentials] https://x",
        "run curl -sSu 'admin:s3 cret' x; sudo -u a:b | run curl -sSu '[credentials]' x; sudo -u a:b",
        "{\"cmd\":[\"curl\",\"-u\",\"a:s3cret\",\"x\"]} | {\"cmd\":[\"curl\",\"-u\",\"[credentials]\",\"x\"]}",
        "machine h.example login jane password hunter2 | machine h.example login jane password [password]",
        "Cookie: theme=dark; sid=s3cr3tvalue; lang=en | Cookie: theme=dark; sid=[secret]; lang=en",
        "Set-Cookie: sid=s3cr3t; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/ "
            + "| Set-Cookie: sid=[secret]; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/",
        "{\"kty\":\"oct\",\"k\":\"FdFYFzERwC2uCBB46pZQi4GG85LujR8o\"} | {\"kty\":\"oct\",\"k\":\"[key]\"}",
        "root:$6$saltsalt$abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            + "abcdefghijklmnopqrstuvwx:19000 | root:[hash]:19000",
        "----- BEGIN PRIVATE KEY -----\\nMIIE\\n----- END PRIVATE KEY ----- b | [key] b",
        "x?Expires=1357034400&Signature=nitfHRCrtziwO2HwPfWw~yYD_&Key-Pair-Id=K2J "
            + "| x?Expires=1357034400&Signature=[secret]&Key-Pair-Id=K2J",
        "{\"auths\":{\"r\":{\"auth\":\"dXNlcjpwYXNz\"}}} | {\"auths\":{\"r\":{\"auth\":\"[token]\"}}}",
      })
  void takesOutSecretsAndPersonalData(String text, String expected) {
    assertThat(redactor.redact(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jane@example.org | [email]",
        "4111 1111 1111 1111 | [card]",
        "DE89 3704 0044 0532 0130 00 | [iban]",
        "+49 170 1234567 | [phone]",
        "(212) 555-0100 | [phone]",
        "192.168.0.17 | [ip]",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln_x-1 | [token]",
        "Bearer abcdef0123456789 | [token]",
        "sk-proj-abcdefghijklmnop1234 | [key]",
        "ghp_abcdefghijklmnopqrstuvwx0123456789 | [key]",
      })
  void findsSecretsBehindEscapesOfJson(String secret, String kind) {
    for (String before : new String[] {"\\n", "a\\t", "\\\"", "\\u00a0", "\\u2003", "C:\\"}) {
      String json = "{\"content\":\"" + before + "%s\\n\"}";
      assertThat(redactor.redact(String.format(json, secret))).isEqualTo(String.format(json, kind));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the answer is 42",
        "4111 1111 1111 1112", // fails Luhn
        "DE89 3704 0044 0532 0130 02", // fails mod 97
        "1.2.3.400",
        "0.4111111111111111",
        "-2.4111111111111111",
        "[-0.4111111111111111, 5.4111111111111111e-05]",
        "sk-learn-2024-version-compat",
        "sk%2Dlearn%2D2024%2Dversion 5%ab 7%",
        "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWm", // fails its checksum
        "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWnn",
        "a digest sha2-4111abcd1234",
        "api keys: 2 of them",
        "chapter 1.2.3.4.5",
        "2026-11-21T10:00:00Z",
        "ask-anything",
        "a@b",
        "-----BEGIN CERTIFICATE-----",
        "GPS +49.123456, +11.123456",
        "between 11.1234567; +49.1234567",
        "+40.75-074.00/ and +48.8577+002.295/ and +401213-0750015/",
        "password = os.environ[\"DB_PASSWORD\"]",
        "{\"content\":\"password = os.environ[\\\"DB_PASSWORD\\\"]\"}",
        "x[1] arr[100::2000:5]",
        "a1b::c2d::e3f",
        "abc:1234:def:5678:abc:1234:def:5678",
        "login(password=self.password)",
        "password=user.password_hash.",
        "apiKey: process.env.OPENAI_API_KEY_2",
        "app_key: com.example.app1",
        "{\"password\": \"string\"}",
        "values 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "pa-approach-to-solving-the-problem-of-long-names-A1",
        "r8_something_very_long_identifier_name_here_1",
      })
  void leavesOtherTextAlone(String text) {
    assertThat(redactor.redact(text)).isSameAs(text);
  }

  @Test
  void takesOutPrivateKeysEvenWhenCutOff() {
    assertThat(
            redactor.redact(
                "a -----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY----- b"))
        .isEqualTo("a [key] b");
    assertThat(redactor.redact("a -----BEGIN PRIVATE KEY-----\nMIIE")).isEqualTo("a [key]");
  }

  /** {@code <40>}: so many letters and digits; with an h those of a hash. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dp.st.dev.<42>",
        "dp.st.<42>",
        "dp.ct.<42>",
        "dp.sa.<42>",
        "lin_oauth_<64h>",
        "sess-<40>",
        "AKID<32>",
        "llx-<48>",
        "e2b_<40h>",
        "re_<8>_<24>",
        "napi_<64h>",
        "EAAC<180>",
        "EAAAE<60>",
        "sl.B<136>",
        "sl.u.A<136>",
        "oy2<43h>",
        "CFPAT-<43>",
        "ATBB<32>",
        "ATCTT3<60>=<8>",
        "SWMTKN-1-<50h>-<25h>",
        "ak-<22>",
        "as-<22>",
        "SSWS 00<40>",
        "x.webhook.office.com/webhookb2/<36>@<36>/IncomingWebhook/<32h>/<36>",
        "$2b$12$<53>",
        "$argon2id$v=19$m=65536,t=3,p=4$<16>$<43>",
        "$5$<16>$<43>",
        "$1$<8>$<22>",
        "$y$j9T$<22>$<43>",
        "{SSHA}<32>",
        "pbkdf2_sha256$260000$<16>$<43>=",
        "otpauth://totp/A?secret=<32>",
        "JSESSIONID=<32>",
        "PHPSESSID=<26>",
        "?X-Goog-Signature=<64h>",
        "?X-Amz-Signature=<64h>",
        "bce-v3/ALTAK-<21>/<40h>",
      })
  void takesOutKeysByHowTheyBegin(String form) {
    Random random = new Random(3);
    Matcher parts = Pattern.compile("<([0-9]+)(h?)>").matcher(form);
    StringBuffer key = new StringBuffer();
    String last = "";
    while (parts.find()) {
      String of = parts.group(2).isEmpty() ? "abcdefghijklmnopABCDEFGHIJKLMNOP" : "abcdef";
      StringBuilder part = new StringBuilder();
      for (int i = Integer.parseInt(parts.group(1)); i > 0; i--) {
        part.append(i % 3 == 1 ? '7' : of.charAt(random.nextInt(of.length())));
      }
      last = part.toString();
      parts.appendReplacement(key, last);
    }
    parts.appendTail(key);

    assertThat(redactor.redact("it is " + key + " here"))
        .startsWith("it is ")
        .doesNotContain(last.substring(Math.max(0, last.length() - 6)))
        .endsWith(" here");
  }

  /**
   * A token of Amazon's security service is longer than what is looked at to see that it is one.
   */
  @Test
  void takesOutLongValuesWhole() {
    String token = String.join("", Collections.nCopies(300, "IQoJb3JpZ2lu%2F"));

    assertThat(redactor.redact("?X-Amz-Security-Token=" + token + "&x=1"))
        .isEqualTo("?X-Amz-Security-Token=[secret]&x=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "1", "1 ", "1.", "a@", "-", "eyJ", "+1", "A", "bearer ", "DE89 "})
  void hostileRepetitionsEnd(String piece) {
    String text = String.join("", Collections.nCopies(200_000 / piece.length(), piece));

    assertThatCode(() -> redactor.redact(text)).doesNotThrowAnyException();
  }

  @Property
  void redactingTwiceChangesNothing(@ForAll String anything) {
    String once = redactor.redact(anything);

    assertThat(redactor.redact(once)).isEqualTo(once);
  }
}
