package io.flyball.engine.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Collections;
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
        "chapter 1.2.3.4.5",
        "2026-11-21T10:00:00Z",
        "ask-anything",
        "a@b",
        "-----BEGIN CERTIFICATE-----",
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
