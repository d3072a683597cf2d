package io.flyball.engine.fallback;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ContentDecoder;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.meter.ReplacedBody;
import io.flyball.engine.meter.TransformedBody;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.conversation.answer.AnswerTranslation;
import io.flyball.protocol.conversation.answer.StreamTranslator;
import io.flyball.protocol.conversation.answer.UnusableAnswerException;
import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.BodyPrefix;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.zip.DataFormatException;

/** Makes what a target answered into an answer the application understands. */
final class TargetAnswers {
  private static final int LARGEST_PLAIN_ANSWER = 64 << 20;
  private static final long MILLIS_PER_SECOND = 1_000;

  private TargetAnswers() {}

  /**
   * The answer in the application's own format.
   *
   * @param there the call as the target got it
   * @return null when the target's answer cannot be made into one; its body is closed then
   */
  static CompletionStage<WireResponse> translated(WireResponse response, ModelCall there) {
    String from = there.facts().protocol().id();
    String to = there.originalFacts().protocol().id();
    if (from.equals(to)) {
      return Completions.completed(response);
    }
    boolean stream = there.originalFacts().stream();
    AnswerMeter meter =
        response.body() instanceof ObservedBody ? ((ObservedBody) response.body()).answer() : null;
    if (meter == null || meter.stream() != stream || !meter.readable() && stream) {
      response.body().close();
      return Completions.completed(null);
    }
    AnswerTranslation translation =
        AnswerTranslation.between(
            from,
            to,
            there.facts().model(),
            isUsageAsked(there),
            lettersAndDigits(there.id()),
            System.currentTimeMillis() / MILLIS_PER_SECOND);
    if (translation == null) {
      response.body().close();
      return Completions.completed(null);
    }
    return stream
        ? Completions.completed(streamed(response, translation, there))
        : whole(response, translation);
  }

  /** Whether the application itself asked for the event that reports usage. */
  private static boolean isUsageAsked(ModelCall call) {
    RequestFacts facts = call.originalFacts();
    return facts.usageOnRequest()
        && facts.protocol().askForUsage(facts, call.original().body()) == null;
  }

  private static String lettersAndDigits(String id) {
    return id.replaceAll("[^A-Za-z0-9]", "");
  }

  private static Headers headers(boolean stream) {
    return Headers.of("Content-Type", AnswerTranslation.contentType(stream));
  }

  private static WireResponse streamed(
      WireResponse response, AnswerTranslation translation, ModelCall there) {
    StreamTranslator translator = translation.stream();
    ContentDecoder decoder = ContentDecoder.ofAll(response.headers().first("Content-Encoding"));
    return response
        .withHeaders(headers(true))
        .withBody(
            new TransformedBody(
                (ObservedBody) response.body(),
                new TransformedBody.Transform() {
                  @Override
                  public ByteBuffer feed(ByteBuffer bytes) throws Exception {
                    try {
                      return translator.feed(decoder.decoded(bytes));
                    } catch (UnusableAnswerException | DataFormatException failed) {
                      throw cut(failed);
                    }
                  }

                  @Override
                  public ByteBuffer end() throws Exception {
                    try {
                      return translator.end();
                    } catch (UnusableAnswerException failed) {
                      throw cut(failed);
                    }
                  }

                  @Override
                  public void close() {
                    decoder.close();
                  }

                  private Exception cut(Exception failed) {
                    Throwable cut =
                        there
                            .context()
                            .cutFailure(
                                "Flyball: the answer of "
                                    + there.destination()
                                    + " broke off: "
                                    + failed.getMessage());
                    return cut instanceof Exception ? (Exception) cut : new Exception(cut);
                  }
                }));
  }

  private static CompletionStage<WireResponse> whole(
      WireResponse response, AnswerTranslation translation) {
    return Completions.then(
        BodyPrefix.read(response.body(), LARGEST_PLAIN_ANSWER, () -> false),
        (all, none) -> {
          try {
            if (all.ended() && all.failure() == null) {
              return Completions.completed(
                  response
                      .withHeaders(headers(false))
                      .withBody(
                          new WholeBody(
                              Bodies.of(
                                  translation.whole(
                                      ContentDecoder.decoded(
                                          all.toBytes(),
                                          response.headers().first("Content-Encoding"),
                                          LARGEST_PLAIN_ANSWER))),
                              (ObservedBody) response.body())));
            }
          } catch (UnusableAnswerException malformed) {
            // Then it is no answer.
          }
          response.body().close();
          return Completions.completed(null);
        });
  }

  /** The translated answer in place of the one that was read. */
  private static final class WholeBody extends ReplacedBody {
    private final ObservedBody read;

    WholeBody(Body translated, ObservedBody read) {
      super(translated, read.answer());
      this.read = read;
    }

    @Override
    public void close() {
      super.close();
      read.close();
    }
  }
}
