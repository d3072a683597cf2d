package io.flyball.engine.fallback;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.wire.Bodies;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.HeldBytes;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The last good answer to each of the latest requests, bounded in memory. A request is the same
 * when address, body, every header and tenant are, so that nobody gets what another credential was
 * answered. Thread safe.
 */
public final class LastAnswers {
  private static final int LARGEST_ANSWER = 1 << 20;

  /** Tells the application that no model was asked. */
  private static final String CACHE_HEADER = "x-flyball-cache";

  /** Headers that differ between two sendings of the same request. */
  private static final String[] PASSING_HEADERS = {
    "traceparent",
    "tracestate",
    "baggage",
    "x-stainless-",
    "x-flyball-",
    "content-length",
    "x-request-id",
    "idempotency-key",
    "date"
  };

  private final long maxBytes;
  private final Map<String, Remembered> answers = new LinkedHashMap<>(16, 0.75f, true);
  private final HeldBytes.Hold held = HeldBytes.ofThisJvm().hold();
  private long bytes;

  /**
   * @param maxBytes of all bodies together
   */
  public LastAnswers(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** What that request was answered last; null when nothing is remembered. */
  WireResponse find(ModelCall call) {
    Remembered found;
    synchronized (this) {
      found = answers.get(key(call));
    }
    return found == null
        ? null
        : WireResponse.made(
            200, found.headers.toBuilder().set(CACHE_HEADER, "hit").build(), Bodies.of(found.body));
  }

  /** The same answer; once it has been read to a good end, it is remembered. */
  WireResponse remembering(WireResponse response, ModelCall call) {
    boolean good = response.status() == 200 && response.body() instanceof ObservedBody;
    return good
        ? response.withBody(
            new Listening((ObservedBody) response.body(), response.headers(), key(call)))
        : response;
  }

  private synchronized void keep(String key, Remembered answer) {
    Remembered before = answers.remove(key);
    if (before != null) {
      giveBack(before);
    }
    Iterator<Remembered> oldest = answers.values().iterator();
    boolean fits = bytes + answer.body.length <= maxBytes && held.grow(answer.body.length);
    while (!fits && oldest.hasNext()) {
      giveBack(oldest.next());
      oldest.remove();
      fits = bytes + answer.body.length <= maxBytes && held.grow(answer.body.length);
    }
    if (fits) {
      answers.put(key, answer);
      bytes += answer.body.length;
    }
  }

  private void giveBack(Remembered answer) {
    bytes -= answer.body.length;
    held.shrink(answer.body.length);
  }

  private static String key(ModelCall call) {
    WireRequest request = call.original();
    MessageDigest digest = sha256();
    add(digest, request.uri().toString());
    add(digest, String.valueOf(call.attribution().tenant()));
    Headers headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      if (!isPassing(headers.name(i))) {
        add(digest, headers.name(i));
        add(digest, headers.value(i));
      }
    }
    return new String(digest.digest(request.body()), StandardCharsets.ISO_8859_1);
  }

  private static void add(MessageDigest digest, String part) {
    byte[] written = part.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(written.length).array());
    digest.update(written);
  }

  private static boolean isPassing(String header) {
    for (String passing : PASSING_HEADERS) {
      boolean prefix = passing.endsWith("-");
      if (prefix
          ? header.regionMatches(true, 0, passing, 0, passing.length())
          : header.equalsIgnoreCase(passing)) {
        return true;
      }
    }
    return false;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** A good answer. */
  private static final class Remembered {
    final Headers headers;
    final byte[] body;

    Remembered(Headers headers, byte[] body) {
      this.headers = headers;
      this.body = body;
    }
  }

  /** Takes a copy of what is read. */
  private final class Listening implements ObservedBody {
    private final ObservedBody body;
    private final Headers headers;
    private final String key;
    private ByteArrayOutputStream copy = new ByteArrayOutputStream();

    Listening(ObservedBody body, Headers headers, String key) {
      this.body = body;
      this.headers = headers;
      this.key = key;
    }

    @Override
    public AnswerMeter answer() {
      return body.answer();
    }

    @Override
    public CompletionStage<ByteBuffer> read() {
      CompletionStage<ByteBuffer> next = body.read();
      return Completions.then(
          next,
          (bytes, failure) -> {
            if (bytes != null) {
              take(bytes);
            } else if (!body.goesOnAfter(failure)) {
              ended(failure);
            }
            return next;
          });
    }

    private void take(ByteBuffer bytes) {
      if (copy != null && copy.size() + bytes.remaining() > LARGEST_ANSWER) {
        copy = null;
      }
      if (copy != null) {
        byte[] some = new byte[bytes.remaining()];
        bytes.duplicate().get(some);
        copy.write(some, 0, some.length);
      }
    }

    /** Only what is surely whole is given instead of another answer. */
    private boolean isGood(AnswerMeter answer) {
      return answer != null
          && answer.outcome() == Outcome.SUCCESS
          && (answer.facts().complete() || !answer.isUnderstood());
    }

    private void ended(Throwable failure) {
      if (failure == null && copy != null && isGood(answer())) {
        keep(key, new Remembered(headers, copy.toByteArray()));
      }
      copy = null;
    }

    @Override
    public boolean goesOnAfter(Throwable failure) {
      return body.goesOnAfter(failure);
    }

    @Override
    public int available() {
      return body.available();
    }

    @Override
    public void close() {
      body.close();
    }
  }
}
