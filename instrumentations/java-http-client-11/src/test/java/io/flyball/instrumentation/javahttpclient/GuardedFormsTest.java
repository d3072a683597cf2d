package io.flyball.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Wire;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where something is configured that no call may exceed, no form of asking gets past it: each is
 * read, or is not sent.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuardedFormsTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.guard(new JavaHttpClientInstrumentation());

  private static final String GOVERNED = "/v1/chat/completions";
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private FakeProvider provider;

  @BeforeEach
  void start() throws Exception {
    provider = FakeProvider.start();
  }

  @AfterEach
  void stop() throws Exception {
    provider.close();
    assertThat(AGENT.failures()).isEmpty();
  }

  enum Way {
    SEND {
      @Override
      HttpResponse<String> ask(HttpRequest request) throws Exception {
        return CLIENT.send(request, BodyHandlers.ofString());
      }
    },
    SEND_ASYNC {
      @Override
      HttpResponse<String> ask(HttpRequest request) throws Exception {
        return CLIENT.sendAsync(request, BodyHandlers.ofString()).get();
      }
    },
    WITH_PUSHES {
      @Override
      HttpResponse<String> ask(HttpRequest request) throws Exception {
        return CLIENT
            .sendAsync(request, BodyHandlers.ofString(), (initiating, promised, acceptor) -> {})
            .get();
      }
    };

    abstract HttpResponse<String> ask(HttpRequest request) throws Exception;
  }

  enum Publisher {
    BYTES {
      @Override
      BodyPublisher of(byte[] body) {
        return BodyPublishers.ofByteArray(body);
      }
    },
    PIECES {
      @Override
      BodyPublisher of(byte[] body) {
        return BodyPublishers.ofByteArrays(
            List.of(Arrays.copyOf(body, 7), Arrays.copyOfRange(body, 7, body.length)));
      }
    },
    STREAM_ONCE {
      @Override
      BodyPublisher of(byte[] body) {
        ByteArrayInputStream once = new ByteArrayInputStream(body);
        return BodyPublishers.ofInputStream(() -> once);
      }
    },
    DECLARED {
      @Override
      BodyPublisher of(byte[] body) {
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body), body.length);
      }
    };

    abstract BodyPublisher of(byte[] body);
  }

  static Stream<Arguments> forms() {
    List<Arguments> forms = new ArrayList<>();
    for (Way way : Way.values()) {
      for (Publisher publisher : Publisher.values()) {
        forms.add(Arguments.of(way, publisher, false));
        forms.add(Arguments.of(way, publisher, true));
      }
    }
    return forms.stream();
  }

  private HttpRequest request(BodyPublisher body, boolean expects) {
    return HttpRequest.newBuilder(URI.create(provider.url() + "/v1/chat/completions"))
        .expectContinue(expects)
        .POST(body)
        .build();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void whatExceedsALimitIsRefusedInEveryForm(Way way, Publisher publisher, boolean expects)
      throws Exception {
    String prompt = String.join("", Collections.nCopies(5_000, "word "));
    byte[] tooLong = Outgoing.CHAT.replace("Hi", prompt).getBytes("US-ASCII");
    HttpResponse<String> refused = way.ask(request(publisher.of(tooLong), expects));
    assertThat(refused.statusCode()).isBetween(400, 499);
    assertThat(refused.body()).contains("flyball");
    assertThat(provider.requests()).isEmpty();

    byte[] allowed = Outgoing.CHAT.getBytes("US-ASCII");
    HttpResponse<String> answer = way.ask(request(publisher.of(allowed), false));
    assertThat(answer.body()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(1);
  }

  /** The client notices only once it has sent as much as was declared. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void aBodyThatIsLongerThanItDeclaresIsNotSent(Way way) throws Exception {
    byte[] whole = Outgoing.CHAT.getBytes("US-ASCII");
    BodyPublisher lying =
        new BodyPublisher() {
          @Override
          public long contentLength() {
            return whole.length;
          }

          @Override
          public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
            BodyPublishers.ofByteArrays(List.of(whole, new byte[] {' '})).subscribe(subscriber);
          }
        };
    assertThat(way.ask(request(lying, false)).statusCode()).isBetween(400, 499);
    assertThat(provider.requests()).isEmpty();
  }

  static Stream<Arguments> ends() {
    List<Arguments> ends = new ArrayList<>();
    for (Way way : Way.values()) {
      for (BodyEnd end : BodyEnd.ENDING) {
        ends.add(Arguments.of(way, end, false));
        ends.add(Arguments.of(way, end, true));
      }
    }
    return ends.stream();
  }

  /** What fails fails as on a path that is not governed, and nobody gets what was not read. */
  @ParameterizedTest
  @MethodSource("ends")
  void whatItsPublisherDidNotEndIsNotSent(Way way, BodyEnd end, boolean declared) throws Exception {
    byte[] body = Outgoing.CHAT.getBytes("US-ASCII");
    byte[] tooLong =
        Outgoing.CHAT
            .replace("Hi", String.join("", Collections.nCopies(5_000, "word ")))
            .getBytes("US-ASCII");
    String bare = ended(way, "/v1/chat/completionz", end.of(body, declared));
    String governed = ended(way, GOVERNED, end.of(body, declared));
    String refused = ended(way, GOVERNED, end.of(tooLong, declared));
    if (end.fails()) {
      assertThat(governed).isEqualTo(bare);
      assertThat(refused).isEqualTo(bare);
      for (Wire connection : provider.connections()) {
        assertThat(connection.awaitClose()).isTrue();
      }
    } else {
      assertThat(governed).isEqualTo("200");
      assertThat(refused).startsWith("4");
    }
    assertThat(provider.requests())
        .filteredOn(request -> request.path().equals(GOVERNED))
        .hasSize(end.fails() ? 0 : 1);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whatNeverEndsIsNotSent(Way way) throws Exception {
    byte[] body = Outgoing.CHAT.getBytes("US-ASCII");
    for (boolean declared : new boolean[] {true, false}) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(provider.url() + GOVERNED))
              .timeout(Duration.ofMillis(300))
              .POST(BodyEnd.NEVER_ENDS.of(body, declared))
              .build();
      assertThat(ended(way, request)).contains("HttpTimeoutException");
    }
    // Whatever had been sent before would have arrived before this.
    assertThat(ended(way, GOVERNED, BodyPublishers.ofByteArray(body))).isEqualTo("200");
    assertThat(provider.requests()).hasSize(1);
  }

  private String ended(Way way, String path, BodyPublisher body) {
    return ended(way, HttpRequest.newBuilder(URI.create(provider.url() + path)).POST(body).build());
  }

  private static String ended(Way way, HttpRequest request) {
    try {
      return String.valueOf(way.ask(request).statusCode());
    } catch (Exception thrown) {
      Throwable cause = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
      return cause + " because of " + cause.getCause();
    }
  }

  @Test
  void aThreadThatIsInterruptedBeforeSendsNothing() throws Exception {
    HttpRequest request = request(BodyPublishers.ofString(Outgoing.CHAT), false);
    for (int i = 0; i < 20; i++) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> Way.SEND.ask(request)).isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
    }
    // Whatever had been sent before would have arrived before this.
    assertThat(Way.SEND.ask(request).statusCode()).isEqualTo(200);
    assertThat(provider.connections()).hasSize(1);
  }
}
