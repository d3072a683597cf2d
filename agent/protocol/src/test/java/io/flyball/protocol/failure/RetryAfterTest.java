package io.flyball.protocol.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long the provider wants to be left alone. */
class RetryAfterTest {
  /** Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110's examples. */
  private static final long NOW = 784_111_777_000L;

  private static final long DAY = 86_400_000;

  private static final String[] NAMES = {
    "retry-after",
    "retry-after-ms",
    "x-ms-retry-after-ms",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-reset-requests",
    "x-ratelimit-remaining-tokens",
    "x-ratelimit-reset-tokens",
    "anthropic-ratelimit-tokens-remaining",
    "anthropic-ratelimit-tokens-reset",
    "x-amzn-errortype"
  };

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | 2000",
        "0 | 0",
        "1.5 | 1500",
        "' 7 ' | 7000",
        "3600 | 3600000",
        "86401 | 86400000",
        "99999999999999999999 | 86400000",
        "Sun, 06 Nov 1994 08:49:40 GMT | 3000",
        "Sun, 6 Nov 1994 08:49:40 GMT | 3000",
        "Mon, 06 Nov 1994 08:49:40 GMT | 3000",
        "06 Nov 1994 08:49:40 GMT | 3000",
        "Sun, 06 Nov 1994 08:49:40 UTC | 3000",
        "Sunday, 06-Nov-94 08:49:40 GMT | 0",
        "Sun Nov  6 08:49:40 1994 | 3000",
        "Sun, 06-Nov-1994 08:49:40 GMT | 3000",
        "1994-11-06T08:49:40Z | 3000",
        "1994-11-06T09:49:40.5+01:00 | 3500",
        "Sun, 06 Nov 1994 08:49:00 GMT | 0",
        "Thu, 01 Jan 1970 00:00:00 GMT | 0",
        "Sun, 06 Nov 2044 08:49:40 GMT | 86400000",
        "-1 | -1",
        "1e3 | -1",
        "NaN | -1",
        "Infinity | -1",
        "0x10 | -1",
        "soon | -1",
        "'' | -1",
        "Sun, 06 Nov 1994 08:49:40 XYZ | -1",
        "Sun, 31 Foo 1994 08:49:40 GMT | -1",
        "1, 2 | -1"
      })
  void retryAfterIsSecondsOrADate(String value, long millis) {
    assertThat(wait(503, "", "Retry-After", value)).isEqualTo(millis);
  }

  @Test
  void aYearOfTwoDigitsIsOfThisCentury() {
    assertThat(
            FailureReader.ofStatus(
                    503,
                    headers("Retry-After", "Saturday, 21-Nov-26 10:00:05 GMT")::get,
                    null,
                    1_795_255_200_000L)
                .retryAfterNanos())
        .isEqualTo(5_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "retry-after-ms, 300, 300",
    "x-ms-retry-after-ms, 1250.5, 1251",
    "retry-after-ms, x, -1",
    "retry-after-ms, -5, -1",
    "x-ratelimit-reset-tokens, 1m30s, 90000",
    "x-ratelimit-reset-tokens, 6m0s, 360000",
    "x-ratelimit-reset-requests, 20ms, 20",
    "x-ratelimit-reset-requests, 1s, 1000",
    "x-ratelimit-reset-requests, 2m59.56s, 179560",
    "x-ratelimit-reset-requests, 1h2m3s, 3723000",
    "x-ratelimit-reset-requests, 3d, 86400000",
    "x-ratelimit-reset-requests, 60, 60000",
    "x-ratelimit-reset-requests, 1s!, -1",
    "x-ratelimit-reset-requests, s, -1",
    "x-ratelimit-reset-requests, 1x, -1",
    "anthropic-ratelimit-requests-reset, 1994-11-06T08:49:47Z, 10000",
    "anthropic-ratelimit-output-tokens-reset, 1994-11-06T08:49:00Z, 0",
    "anthropic-ratelimit-input-tokens-reset, later, -1"
  })
  void otherHeadersSayItToo(String name, String value, long millis) {
    assertThat(wait(429, "", name, value)).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({"1795255205, 5", "1795255205000, 5", "1795255100, 0", "40, 40"})
  void aNumberTooLargeForAWaitIsATime(String reset, long seconds) {
    ProviderFailure failure =
        FailureReader.ofStatus(
            429, headers("X-RateLimit-Reset", reset)::get, null, 1_795_255_200_000L);

    assertThat(failure.retryAfterNanos()).isEqualTo(seconds * 1_000_000_000L);
  }

  @Test
  void onlyWhatIsExhaustedHasToBeWaitedFor() {
    assertThat(
            wait(
                429,
                "",
                "x-ratelimit-remaining-requests",
                "4999",
                "x-ratelimit-reset-requests",
                "8h",
                "x-ratelimit-remaining-tokens",
                "0",
                "x-ratelimit-reset-tokens",
                "2s"))
        .isEqualTo(2000);
    assertThat(
            wait(
                429,
                "",
                "anthropic-ratelimit-requests-remaining",
                "3",
                "anthropic-ratelimit-requests-reset",
                "1994-11-06T09:49:37Z"))
        .isEqualTo(-1);
  }

  @Test
  void theResetOfALimitMeansNothingWhereNoLimitIsHit() {
    assertThat(wait(503, "", "x-ratelimit-reset-tokens", "6m0s")).isEqualTo(-1);
    assertThat(
            wait(
                429,
                "{\"error\":{\"code\":\"insufficient_quota\"}}",
                "x-ratelimit-reset-tokens",
                "6m0s"))
        .isEqualTo(-1);
  }

  /** As SDKs read them: openai-java would wait for 20 s too long. */
  @Test
  void millisecondsSayTheSameTimeMoreExactly() {
    assertThat(wait(429, "", "retry-after", "1", "retry-after-ms", "300")).isEqualTo(300);
    assertThat(wait(429, "", "retry-after", "20", "x-ms-retry-after-ms", "500")).isEqualTo(500);
    assertThat(wait(429, "", "retry-after", "2", "retry-after-ms", "soon")).isEqualTo(2000);
  }

  @Test
  void whatStandsInTheHeadersMadeForItIsKnownApart() {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("x-ratelimit-reset-requests", "30s");
    assertThat(FailureReader.ofStatus(429, headers::get, null, NOW).askedNanos()).isEqualTo(-1);
    headers.put("Retry-After", "2");
    ProviderFailure failure = FailureReader.ofStatus(429, headers::get, null, NOW);
    assertThat(failure.askedNanos()).isEqualTo(2_000_000_000L);
    assertThat(failure.retryAfterNanos()).isEqualTo(30_000_000_000L);
  }

  @Test
  void theLargestThatAppliesIsTheFloor() {
    assertThat(
            wait(
                429,
                "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                    + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"17s\"}]}}",
                "retry-after",
                "2",
                "x-ratelimit-remaining-requests",
                "0",
                "x-ratelimit-reset-requests",
                "3s"))
        .isEqualTo(17_000);
  }

  @ParameterizedTest
  @CsvSource({"17s, 17000", "17.5s, 17500", "0s, 0", "-3s, -1", "x, -1"})
  void geminiSaysItInTheBody(String delay, long millis) {
    String body =
        "[{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
            + "{\"@type\":\"QuotaFailure\"},{\"retryDelay\":\""
            + delay
            + "\"}]}}]";

    assertThat(wait(429, body)).isEqualTo(millis);
    assertThat(wait(429, body.substring(1, body.length() - 1))).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Rate limit reached for gpt-4o. Please try again in 1.5s. Visit your account | 1500",
        "Please try again in 6m0s. | 360000",
        "Please try again in 350ms. | 350",
        "Please retry after 26 seconds. | 26000",
        "Please retry in 17.5s. | 17500",
        "Please try again in 1 minute 30 seconds | 90000",
        "Please try again in a moment | -1",
        "Please try again in 5 mississippi | -1"
      })
  void someSayItInWords(String message, long millis) {
    ProviderFailure failure = FailureReader.ofEvent("rate_limit_exceeded", message);

    assertThat(millis(failure)).isEqualTo(millis);
    assertThat(millis(FailureReader.ofEvent("server_error", message))).isEqualTo(-1);
  }

  @Property(tries = 3000)
  void garbageNeverThrowsAndNeverAsksForMoreThanADay(
      @ForAll("statuses") int status,
      @ForAll("headerNames") String first,
      @ForAll("values") String firstValue,
      @ForAll("headerNames") String second,
      @ForAll("values") String secondValue,
      @ForAll("bodies") byte[] body,
      @ForAll long now) {
    Map<String, String> headers = headers(first, firstValue, second, secondValue);

    check(FailureReader.ofStatus(status, headers::get, body, now));
    check(FailureReader.ofStatus(status, headers::get, body, NOW));
    check(
        FailureReader.ofEvent(firstValue, secondValue + new String(body, StandardCharsets.UTF_8)));
  }

  private static void check(ProviderFailure failure) {
    assertThat(failure.kind()).isNotNull();
    assertThat(failure.retryAfterNanos()).isBetween(-1L, DAY * 1_000_000);
    assertThat(failure.toString()).isNotEmpty();
  }

  @Provide
  Arbitrary<Integer> statuses() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.of(400, 403, 413, 422, 424, 429, 503)),
        Tuple.of(1, Arbitraries.integers()));
  }

  @Provide
  Arbitrary<String> headerNames() {
    return Arbitraries.of(NAMES);
  }

  @Provide
  Arbitrary<String> values() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.strings().withChars("0123456789.-+eE msh:,ZGMT'\"{}#").ofMaxLength(40),
        Arbitraries.longs().map(String::valueOf),
        Arbitraries.of(
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            "9999999999999999999999999999999999999999s",
            "try again in 99999999999d",
            "'\"'\"' message\"'"));
  }

  @Provide
  Arbitrary<byte[]> bodies() {
    Arbitrary<String> json =
        values()
            .map(
                value ->
                    "{\"error\":{\"message\":\""
                        + value
                        + "\",\"code\":\""
                        + value
                        + "\",\"details\":[{\"retryDelay\":\""
                        + value
                        + "\"}]}}");
    return Arbitraries.oneOf(
        Arbitraries.bytes().array(byte[].class).ofMaxSize(60),
        json.map(text -> text.getBytes(StandardCharsets.UTF_8)),
        json.map(text -> ("data: " + text).getBytes(StandardCharsets.UTF_8)));
  }

  private static long wait(int status, String body, String... headers) {
    return millis(
        FailureReader.ofStatus(
            status, headers(headers)::get, body.getBytes(StandardCharsets.UTF_8), NOW));
  }

  private static long millis(ProviderFailure failure) {
    long nanos = failure.retryAfterNanos();
    return nanos < 0 ? nanos : Math.round(nanos / 1e6);
  }

  private static Map<String, String> headers(String... namesAndValues) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }
}
