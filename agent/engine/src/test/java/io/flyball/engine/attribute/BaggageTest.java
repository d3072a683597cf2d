package io.flyball.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The W3C baggage header, well written and not. */
class BaggageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tenant=acme|acme",
        "a=1,tenant=acme;ttl=3,b=2|acme",
        " a = 1 , tenant =  acme |acme",
        "tenant=a%2Cb|a,b",
        "tenant=100%|100%",
        "tenant=%zz%4|%zz%4",
        "tenant=a=b|a=b",
        "tenants=x,xtenant=y,tenant|",
        "a;tenant=x|",
        ",,=,;|",
      })
  void isReadAsFarAsItCanBe(String header, String tenant) {
    assertThat(Baggage.inHeader(header, "tenant")).isEqualTo(tenant);
  }

  @Property
  void whateverWasEncodedComesBack(@ForAll @StringLength(min = 1, max = 30) String value)
      throws UnsupportedEncodingException {
    String encoded = URLEncoder.encode(value, "UTF-8").replace("+", "%20");
    String expected = new String(value.getBytes("UTF-8"), "UTF-8");
    assertThat(Baggage.inHeader("a=b,k=" + encoded + ";p", "k")).isEqualTo(expected);
  }

  @Property
  void neverThrows(@ForAll String header, @ForAll String key) {
    Baggage.inHeader(header, key);
    Baggage.inHeader(key + "=" + header, key);
  }
}
