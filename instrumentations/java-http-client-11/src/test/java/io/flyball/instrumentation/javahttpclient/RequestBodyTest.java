package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
  private static final String TEXT = "one, two, three";
  private static final byte[] BYTES = TEXT.getBytes(UTF_8);

  @Test
  void aBodyOfKnownLengthIsTakenOnceAndGivenBackAsOftenAsNeeded() throws Exception {
    AtomicInteger subscriptions = new AtomicInteger();
    RequestBody body = body(counting(BodyPublishers.ofString(TEXT), subscriptions), 100);

    assertThat(body.isAtHand()).as("anybody's publisher may wait").isFalse();
    assertThat(body.take()).isDone();
    assertThat(body.bytes()).isEqualTo(BYTES);
    assertThat(received(body.publisher())).isEqualTo(TEXT);
    assertThat(received(body.publisher())).isEqualTo(TEXT);
    assertThat(body.publisher().contentLength()).isEqualTo(BYTES.length);
    assertThat(subscriptions).hasValue(1);
  }

  @Test
  void aBodyOfUnknownLengthKeepsItsFraming() throws Exception {
    RequestBody body =
        body(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(BYTES)), 100);

    assertThat(body.isAtHand()).isFalse();
    body.take().get(10, TimeUnit.SECONDS);
    assertThat(body.bytes()).isEqualTo(BYTES);
    assertThat(body.publisher().contentLength()).isNegative();
    assertThat(body.publisherOf(new byte[3]).contentLength()).isNegative();
    assertThat(received(body.publisher())).isEqualTo(TEXT);
  }

  @Test
  void aRequestWithoutABodyStaysWithoutOne() {
    HttpRequest get = HttpRequest.newBuilder(URI.create("http://localhost/")).build();
    RequestBody body = RequestBody.of(get, 100, false);

    assertThat(body.take()).isDone();
    assertThat(body.bytes()).isEmpty();
    assertThat(body.publisher()).isNull();
  }

  @Test
  void anEmptyBodyIsNotSubscribedTo() {
    AtomicInteger subscriptions = new AtomicInteger();
    RequestBody body = body(counting(BodyPublishers.noBody(), subscriptions), 100);

    assertThat(body.take()).isDone();
    assertThat(body.bytes()).isEmpty();
    assertThat(subscriptions).hasValue(0);
  }

  @Test
  void aBodyThatDeclaresTooMuchIsNotTaken() {
    assertThat(body(BodyPublishers.ofString(TEXT), BYTES.length).declaredTooLong()).isFalse();
    assertThat(body(BodyPublishers.ofString(TEXT), BYTES.length - 1).declaredTooLong()).isTrue();
  }

  @Test
  void aBodyThatTurnsOutTooLongGoesOnWhereTakingItStopped() throws Exception {
    byte[] large = new byte[200_000];
    new Random(1).nextBytes(large);
    AtomicInteger subscriptions = new AtomicInteger();
    RequestBody body =
        body(
            counting(
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)), subscriptions),
            50_000);

    body.take().get(10, TimeUnit.SECONDS);
    assertThat(body.bytes()).isNull();
    assertThat(receivedBytes(body.publisher(), 1)).isEqualTo(large);
    assertThat(subscriptions).hasValue(1);
    // Sent again by the client, it is subscribed to again, as without Flyball.
    assertThat(receivedBytes(body.publisher(), 1)).isEqualTo(large);
    assertThat(subscriptions).hasValue(2);
  }

  /** A publisher, or who feeds it, may use its buffer again for what comes next. */
  @Test
  void whatWasTakenIsACopy() throws Exception {
    byte[] buffer = BYTES.clone();
    for (BodyPublisher publisher :
        new BodyPublisher[] {
          BodyPublishers.ofByteArray(buffer),
          BodyPublishers.fromPublisher(
              publishing(
                  subscriber -> {
                    subscriber.onNext(ByteBuffer.wrap(buffer));
                    subscriber.onComplete();
                  }))
        }) {
      System.arraycopy(BYTES, 0, buffer, 0, buffer.length);
      RequestBody body = body(publisher, 100);
      body.take().get(10, TimeUnit.SECONDS);
      Arrays.fill(buffer, (byte) 'B');
      assertThat(body.bytes()).isEqualTo(BYTES);
      assertThat(received(body.publisher())).isEqualTo(TEXT);
    }
  }

  /** As the client takes it: what is published after the end is none of the body. */
  @Test
  void theFirstEndOfAPublisherCounts() throws Exception {
    RequestBody body =
        body(
            BodyPublishers.fromPublisher(
                publishing(
                    subscriber -> {
                      subscriber.onNext(ByteBuffer.wrap(BYTES));
                      subscriber.onComplete();
                      subscriber.onNext(ByteBuffer.wrap(BYTES));
                      subscriber.onError(new IOException("late"));
                      subscriber.onComplete();
                    })),
            100);
    body.take().get(10, TimeUnit.SECONDS);
    assertThat(body.hasFailed()).isFalse();
    assertThat(body.bytes()).isEqualTo(BYTES);
    assertThat(received(body.publisher())).isEqualTo(TEXT);
  }

  /** Does that once it is asked for something. */
  private static Flow.Publisher<ByteBuffer> publishing(
      Consumer<Flow.Subscriber<? super ByteBuffer>> what) {
    return subscriber ->
        subscriber.onSubscribe(
            new Flow.Subscription() {
              private final AtomicInteger requests = new AtomicInteger();

              @Override
              public void request(long n) {
                if (requests.getAndIncrement() == 0) {
                  what.accept(subscriber);
                }
              }

              @Override
              public void cancel() {}
            });
  }

  @Test
  void aBodyThatEndsExactlyWhenItTurnsOutTooLongIsWhole() throws Exception {
    RequestBody body =
        body(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(BYTES)), BYTES.length - 1);

    body.take().get(10, TimeUnit.SECONDS);
    assertThat(body.bytes()).isNull();
    assertThat(receivedBytes(body.publisher(), Long.MAX_VALUE)).isEqualTo(BYTES);
  }

  @Test
  void aFailureIsGivenBackAfterWhatCameBeforeIt() {
    IOException broken = new IOException("broken");
    RequestBody body = body(failing(BYTES, broken), 100);

    assertThat(body.take()).isDone();
    assertThat(body.bytes()).isNull();
    Collector collector = new Collector(1);
    body.publisher().subscribe(collector);
    assertThat(collector.text()).isEqualTo(TEXT);
    assertThat(collector.whole)
        .isCompletedExceptionally()
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCause(broken);
  }

  @Test
  void aBodyShorterThanItDeclaresIsLeftToTheClient() throws Exception {
    RequestBody body =
        body(
            BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(BYTES), BYTES.length + 1), 100);

    body.take().get(10, TimeUnit.SECONDS);
    assertThat(body.bytes()).isNull();
    assertThat(body.publisher().contentLength()).isEqualTo(BYTES.length + 1);
    assertThat(received(body.publisher())).isEqualTo(TEXT);
  }

  @Test
  void aBodyFromAnotherThreadIsNotWaitedFor() throws Exception {
    try (SubmissionPublisher<ByteBuffer> source = new SubmissionPublisher<>()) {
      RequestBody body = body(BodyPublishers.fromPublisher(source, BYTES.length), 100);
      CompletableFuture<Void> taken = body.take();
      assertThat(taken).isNotDone();
      source.submit(ByteBuffer.wrap(BYTES));
      source.close();
      taken.get(10, TimeUnit.SECONDS);
      assertThat(body.bytes()).isEqualTo(BYTES);
    }
  }

  private static RequestBody body(BodyPublisher publisher, int limit) {
    return RequestBody.of(
        HttpRequest.newBuilder(URI.create("http://localhost/")).POST(publisher).build(),
        limit,
        false);
  }

  private static BodyPublisher counting(BodyPublisher source, AtomicInteger subscriptions) {
    return new BodyPublisher() {
      @Override
      public long contentLength() {
        return source.contentLength();
      }

      @Override
      public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriptions.incrementAndGet();
        source.subscribe(subscriber);
      }
    };
  }

  private static BodyPublisher failing(byte[] first, Throwable failure) {
    return BodyPublishers.fromPublisher(
        subscriber ->
            subscriber.onSubscribe(
                new Flow.Subscription() {
                  private boolean begun;

                  @Override
                  public void request(long n) {
                    if (!begun) {
                      begun = true;
                      subscriber.onNext(ByteBuffer.wrap(first));
                    } else {
                      subscriber.onError(failure);
                    }
                  }

                  @Override
                  public void cancel() {}
                }));
  }

  private static String received(BodyPublisher publisher) throws Exception {
    return new String(receivedBytes(publisher, Long.MAX_VALUE), UTF_8);
  }

  private static byte[] receivedBytes(BodyPublisher publisher, long atOnce) throws Exception {
    Collector collector = new Collector(atOnce);
    publisher.subscribe(collector);
    return collector.whole.get(10, TimeUnit.SECONDS);
  }

  private static final class Collector implements Flow.Subscriber<ByteBuffer> {
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final long atOnce;
    private Flow.Subscription subscription;

    Collector(long atOnce) {
      this.atOnce = atOnce;
    }

    String text() {
      return bytes.toString(UTF_8);
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      subscription.request(atOnce);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      byte[] piece = new byte[buffer.remaining()];
      buffer.get(piece);
      bytes.write(piece, 0, piece.length);
      subscription.request(atOnce);
    }

    @Override
    public void onError(Throwable failure) {
      whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      whole.complete(bytes.toByteArray());
    }
  }
}
