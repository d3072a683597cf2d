package io.flyball.instrumentation.testing.wall;

import io.flyball.instrumentation.testing.provider.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** How a model of a {@link Wall} breaks. */
enum Fault {
  /** Never. */
  OK {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      return whole(attempt, "200");
    }
  },

  /** Never, but a request that ends with the beginning of the answer is refused. */
  NOPREFILL {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      if (attempt.endsWithAssistant()) {
        attempt.did("400 prefill");
        return Wall.error(
            400,
            "invalid_request_error",
            "invalid_prefill",
            "This model takes no prefill: the last message must be the user's.");
      }
      return whole(attempt, "200");
    }
  },

  /** 429 with Retry-After (1 s) once. */
  S01 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      return attempt.number() > 1
          ? whole(attempt, "200")
          : rateLimited(attempt.did("429 retry-after"), "Retry-After", "1");
    }
  },

  /** 429 without Retry-After, always. */
  S02 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      return rateLimited(attempt.did("429"));
    }
  },

  /** 500 once. */
  S03 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      if (attempt.number() > 1) {
        return whole(attempt, "200");
      }
      attempt.did("500");
      return Wall.error(500, "server_error", null, "The server had an error.");
    }
  },

  /** 503, always. */
  S04 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      return overloaded(attempt);
    }
  },

  /** The connection is reset before the head, once. */
  S05 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      if (attempt.number() > 1) {
        return whole(attempt, "200");
      }
      attempt.did("reset");
      return Answer.nothing().reset();
    }
  },

  /** Silence. */
  S06 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      attempt.did("silence");
      return paused(Answer.nothing(), timings.silence().toMillis()).close();
    }
  },

  /** The first token takes long; for a plain answer all of it. */
  S07 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      attempt.did("200 slow");
      long millis = timings.firstToken().toMillis();
      SixtyWords words = new SixtyWords(attempt);
      return attempt.isStream()
          ? words.end(words.words(words.slowBeginning(millis), 0, SixtyWords.count()), true)
          : paused(Answer.nothing(), millis).andThen(plain(words.plain()));
    }
  },

  /** The connection is closed after 40 words; a plain answer breaks off after 60 percent. */
  S08 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      return cut(attempt);
    }
  },

  /** The stream goes silent after 20 words, a plain answer after its head; then it is closed. */
  S09 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      attempt.did("200 stall");
      SixtyWords words = new SixtyWords(attempt);
      Answer before =
          attempt.isStream() ? words.words(words.beginning(), 0, 20) : headOf(words.plain().length);
      return paused(before, timings.stall().toMillis()).close();
    }
  },

  /** The tenth event is no JSON; a plain answer is none. */
  S10 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      attempt.did("200 malformed");
      SixtyWords words = new SixtyWords(attempt);
      if (attempt.isStream()) {
        Answer broken =
            words
                .words(words.beginning(), 0, 10)
                .event(
                    "{\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{\"content\":");
        return words.end(words.words(broken, 10, SixtyWords.count()), true);
      }
      byte[] whole = words.plain();
      byte[] half = Arrays.copyOf(whole, whole.length / 2);
      half[half.length - 1] = '"';
      return plain(half);
    }
  },

  /** Whole, but without the last event. */
  S11 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      if (!attempt.isStream()) {
        return whole(attempt, "200");
      }
      attempt.did("200 no [DONE]");
      SixtyWords words = new SixtyWords(attempt);
      return words.end(words.words(words.beginning(), 0, SixtyWords.count()), false);
    }
  },

  /** The prompt is too long, always. */
  S12 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      attempt.did("400 context length");
      return Wall.error(
          400,
          "invalid_request_error",
          "context_length_exceeded",
          "This model's maximum context length is 8192 tokens. However, your messages resulted in"
              + " 9711 tokens. Please reduce the length of the messages.");
    }
  },

  /** The prompt is against the rules, always. */
  S13 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      attempt.did("400 content filter");
      return Wall.error(
          400,
          "invalid_request_error",
          "content_policy_violation",
          "Your request was rejected by the safety system.");
    }
  },

  /** As {@link #S08}; the fallback differs. */
  S14 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      return cut(attempt);
    }
  },

  /** 503 for a while from the first request on, then healthy. */
  S15 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      return attempt.millisOfModel() < timings.outage().toMillis()
          ? overloaded(attempt)
          : whole(attempt, "200");
    }
  },

  /** As {@link #S04}; the accounting is looked at. */
  S16 {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      return overloaded(attempt);
    }
  },

  /** 503 after 100 ms for a while, then for as long by turns healthy and not, then healthy. */
  FLAPPING {
    @Override
    Answer answer(WallAttempt attempt, WallTimings timings) {
      long outage = timings.outage().toMillis();
      long since = attempt.millisOfModel();
      boolean down = since < outage || since < 2 * outage && (since - outage) / 500 % 2 == 1;
      return down
          ? paused(Answer.nothing(), 100).andThen(overloaded(attempt))
          : whole(attempt, "200");
    }
  };

  abstract Answer answer(WallAttempt attempt, WallTimings timings);

  /** The fault of a model named {@code fb-<fault>} or {@code fb-<fault>-<anything>}, or null. */
  static Fault of(String model) {
    String[] parts = model.split("-");
    for (Fault fault : values()) {
      if (parts.length > 1 && parts[0].equals("fb") && parts[1].equalsIgnoreCase(fault.name())) {
        return fault;
      }
    }
    return null;
  }

  private static Answer whole(WallAttempt attempt, String action) {
    attempt.did(action);
    SixtyWords words = new SixtyWords(attempt);
    return attempt.isStream() ? words.whole() : plain(words.plain());
  }

  private static Answer cut(WallAttempt attempt) {
    attempt.did("200 cut");
    SixtyWords words = new SixtyWords(attempt);
    if (attempt.isStream()) {
      return words.words(words.beginning(), 0, 40).close();
    }
    byte[] whole = words.plain();
    return headOf(whole.length).raw(Arrays.copyOf(whole, whole.length * 6 / 10)).close();
  }

  private static Answer overloaded(WallAttempt attempt) {
    attempt.did("503");
    return Wall.error(503, "server_error", "overloaded", "The engine is currently overloaded.");
  }

  private static Answer rateLimited(WallAttempt attempt, String... headers) {
    return Wall.error(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        "Rate limit reached for " + attempt.model() + '.',
        headers);
  }

  private static Answer plain(byte[] body) {
    return Answer.of(200, body, "content-type", "application/json");
  }

  private static Answer headOf(int length) {
    return Answer.nothing()
        .raw(
            ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                    + length
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  private static Answer paused(Answer before, long millis) {
    return before.pause(millis, TimeUnit.MILLISECONDS);
  }
}
