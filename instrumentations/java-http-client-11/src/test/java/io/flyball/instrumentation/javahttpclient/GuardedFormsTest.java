package io.flyball.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
