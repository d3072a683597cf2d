package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeliveryTest {

  @Test
  void givesNoMoreThanWasAskedForAndReadsOneAhead() {
    ScriptedBody body = new ScriptedBody();
    Recorder recorder = new Recorder(1);
    CompletableFuture<String> result = Delivery.start(body, recorder);

    body.next("a");
    assertThat(recorder.received).containsExactly("a");
    body.next("b");
    assertThat(recorder.received).containsExactly("a");
    assertThat(body.reads).isEqualTo(2);
    recorder.subscription.request(1);
    assertThat(recorder.received).containsExactly("a", "b");
    assertThat(result).isNotDone();
  }

  @Test
  void tellsTheEndWithoutBeingAsked() {
    ScriptedBody body = new ScriptedBody();
    Recorder recorder = new Recorder(1);
    CompletableFuture<String> result = Delivery.start(body, recorder);

    body.next("a");
    body.end();
    assertThat(result).isCompletedWithValue("a");
  }

  @Test
  void aFailureWaitsUntilWhatCameBeforeItIsTaken() {
    ScriptedBody body = new ScriptedBody();
    Recorder recorder = new Recorder(1);
    Delivery.start(body, recorder);

    body.next("a");
    body.fail(new IOException("reset"));
    assertThat(recorder.failure).isNull();
    recorder.subscription.request(1);
    assertThat(recorder.failure).hasMessage("reset");
  }

  @Test
  void aFailureIsToldAlsoToWhoNeverTakesMore() {
    ScriptedBody body = new ScriptedBody();
    Recorder recorder = new Recorder(1);
    CompletableFuture<String> result = Delivery.start(body, recorder);

    body.next("a");
    body.fail(new IOException("reset"));
    assertThat(result).failsWithin(10, TimeUnit.SECONDS);
    assertThat(recorder.failure).hasMessage("reset");
  }

  @Test
  void aReaderOfAStreamHasAllThatCameTogetherWithItsFailure() throws Exception {
    for (int count = 1; count <= 5; count++) {
      Queue<String> words = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < count; i++) {
        words.add("word" + i + ' ');
      }
      InputStream stream =
          Delivery.start(new Together(words), BodySubscribers.ofInputStream()).get();
      CompletableFuture<String> read =
          CompletableFuture.supplyAsync(() -> readUntilItFails(stream));
      assertThat(read.get(10, TimeUnit.SECONDS)).contains("word" + (count - 1)).endsWith("failed");
    }
  }

  /** A body that is all there, and its failure with it. */
  private static final class Together implements Body {
    private final Queue<String> words;

    Together(Queue<String> words) {
      this.words = words;
    }

    @Override
    public CompletionStage<ByteBuffer> read() {
      String next = words.poll();
      return next == null
          ? CompletableFuture.failedFuture(new IOException("reset"))
          : CompletableFuture.completedFuture(ByteBuffer.wrap(next.getBytes(UTF_8)));
    }

    @Override
    public void close() {}
  }

  private static String readUntilItFails(InputStream stream) {
    StringBuilder all = new StringBuilder();
    try {
      for (int next = stream.read(); next >= 0; next = stream.read()) {
        all.append((char) next);
      }
      return all + "ended";
    } catch (IOException failed) {
      return all + "failed";
    }
  }

  @Test
  void cancellingClosesTheBody() {
    ScriptedBody body = new ScriptedBody();
    Recorder recorder = new Recorder(1);
    Delivery.start(body, recorder);

    recorder.subscription.cancel();
    assertThat(body.closed).isTrue();
    assertThat(recorder.received).isEmpty();
    assertThat(recorder.failure).isNull();
  }

  @Test
  void anImpossibleDemandFailsTheSubscriber() {
    ScriptedBody body = new ScriptedBody();
    Recorder recorder = new Recorder(1);
    CompletableFuture<String> result = Delivery.start(body, recorder);

    recorder.subscription.request(0);
    assertThat(recorder.failure).isInstanceOf(IllegalArgumentException.class);
    assertThat(body.closed).isTrue();
    assertThat(result).isCompletedExceptionally();
  }

  @Test
  void aFailureOfTheBodyReachesSubscriberAndResultAsItIs() {
    ScriptedBody body = new ScriptedBody();
    Recorder recorder = new Recorder(1);
    CompletableFuture<String> result = Delivery.start(body, recorder);
    IOException cut = new IOException("cut");

    body.fail(cut);
    assertThat(recorder.failure).isSameAs(cut);
    assertThat(result)
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCause(cut);
  }

  @Test
  void aSubscriberThatThrowsFailsAndFreesTheConnection() {
    ScriptedBody body = new ScriptedBody();
    RuntimeException bug = new IllegalStateException("bug");
    Recorder recorder =
        new Recorder(1) {
          @Override
          public void onNext(List<ByteBuffer> buffers) {
            throw bug;
          }
        };
    CompletableFuture<String> result = Delivery.start(body, recorder);

    body.next("a");
    assertThat(recorder.failure).isSameAs(bug);
    assertThat(body.closed).isTrue();
    assertThat(result).isCompletedExceptionally();
  }

  @Test
  void oneThatThrowsWhenItSubscribesFailsToo() {
    ScriptedBody body = new ScriptedBody();
    Recorder recorder =
        new Recorder(1) {
          @Override
          public void onSubscribe(Flow.Subscription newSubscription) {
            throw new IllegalStateException("bug");
          }
        };

    assertThat(Delivery.start(body, recorder)).isCompletedExceptionally();
    assertThat(body.closed).isTrue();
  }

  @Test
  void aStreamIsThereBeforeItsBytes() throws Exception {
    ScriptedBody body = new ScriptedBody();
    CompletableFuture<InputStream> result = Delivery.start(body, BodySubscribers.ofInputStream());

    assertThat(result).isDone();
    body.next("a");
    InputStream stream = result.get();
    assertThat(stream.read()).isEqualTo('a');
    stream.close();
    assertThat(body.closed).isTrue();
  }

  @Test
  void aStreamThatFailsAtOnceIsStillAStream() throws Exception {
    IOException cut = new IOException("cut");
    Body body =
        new Body() {
          @Override
          public CompletionStage<ByteBuffer> read() {
            return CompletableFuture.failedFuture(cut);
          }

          @Override
          public void close() {}
        };
    InputStream stream = Delivery.start(body, BodySubscribers.ofInputStream()).get();

    assertThatThrownBy(stream::read).isInstanceOf(IOException.class).hasCause(cut);
  }

  @Test
  void closingAStreamOfLinesClosesTheBody() throws Exception {
    ScriptedBody body = new ScriptedBody();
    CompletableFuture<Stream<String>> result = Delivery.start(body, BodySubscribers.ofLines(UTF_8));

    body.next("one\ntwo\n");
    try (Stream<String> lines = result.get()) {
      assertThat(lines.findFirst()).contains("one");
    }
    assertThat(body.closed).isTrue();
  }

  @Test
  void aMadeBodyIsDeliveredOnTheSpot() {
    Body body =
        Bodies.of(
            Arrays.asList(
                ByteBuffer.wrap("ma".getBytes(UTF_8)), ByteBuffer.wrap("de".getBytes(UTF_8))));

    assertThat(Delivery.start(body, BodySubscribers.ofString(UTF_8))).isCompletedWithValue("made");
  }

  @Test
  void manyCompletedReadsDoNotGrowTheStack() throws Exception {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      buffers.add(ByteBuffer.wrap(new byte[] {'x'}));
    }
    InputStream stream = Delivery.start(Bodies.of(buffers), BodySubscribers.ofInputStream()).get();

    assertThat(new BufferedReader(new InputStreamReader(stream, UTF_8)).readLine())
        .hasSize(100_000);
  }

  /** Reads complete when the test says so. */
  private static final class ScriptedBody implements Body {
    private CompletableFuture<ByteBuffer> pending;
    private int reads;
    private boolean closed;

    @Override
    public CompletionStage<ByteBuffer> read() {
      reads++;
      pending = new CompletableFuture<>();
      return pending;
    }

    @Override
    public void close() {
      closed = true;
    }

    void next(String text) {
      pending.complete(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    void end() {
      pending.complete(null);
    }

    void fail(Throwable failure) {
      pending.completeExceptionally(failure);
    }
  }

  /** Asks for a number of buffers at the start and then for what the test asks. */
  private static class Recorder implements BodySubscriber<String> {
    private final CompletableFuture<String> result = new CompletableFuture<>();
    private final List<String> received = new ArrayList<>();
    private final long initialDemand;
    private Flow.Subscription subscription;
    private Throwable failure;

    Recorder(long initialDemand) {
      this.initialDemand = initialDemand;
    }

    @Override
    public CompletionStage<String> getBody() {
      return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      subscription.request(initialDemand);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        received.add(UTF_8.decode(buffer).toString());
      }
    }

    @Override
    public void onError(Throwable newFailure) {
      failure = newFailure;
      result.completeExceptionally(newFailure);
    }

    @Override
    public void onComplete() {
      result.complete(String.join("", received));
    }
  }
}
