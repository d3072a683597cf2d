package io.flyball.engine;

import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A provider that answers, fails, dawdles and breaks off by chance, and writes down what each
 * attempt is billed, whether or not anybody is told: a prompt is six tokens and one for each word,
 * an answer one for each word. Thread safe.
 */
final class BillingProvider {
  private static final Pattern MODEL = Pattern.compile("\"model\":\\s*\"([^\"]+)\"");
  private static final Pattern LIMIT =
      Pattern.compile("\"max_(?:completion_)?tokens\":\\s*([0-9]+)");
  private static final Pattern WORDS = Pattern.compile("\"content\":\"([^\"]*)\"");
  private static final String DOWN =
      "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":null}}";
  private static final String WORD = " word";
  private static final int OVERHEAD = 6;
  private static final int[] GATEWAY_TIMEOUTS = {408, 499, 504, 524};

  /** What one attempt is billed. */
  static final class Bill {
    final String tenant;
    final String model;
    final long sentMillis;
    final boolean clockWasRight;
    final long prompt;
    final long most;
    private long output = -1;
    private boolean said = true;
    private volatile int course;

    Bill(String tenant, String model, SetClock clock, long prompt, long most) {
      this.tenant = tenant;
      this.model = model;
      this.sentMillis = clock.trueMillis();
      this.clockWasRight = clock.isRight();
      this.prompt = prompt;
      this.most = most;
    }

    private synchronized void is(long words, boolean told) {
      output = words;
      said = told;
    }

    /** All that it may be, when nobody will ever be told. */
    synchronized void isUnknown() {
      if (output < 0) {
        is(most, false);
      }
    }

    /** Tokens; 0 when nothing is billed. */
    synchronized long tokens() {
      return output == 0 ? 0 : prompt + Math.max(0, output);
    }

    synchronized long output() {
      return Math.max(0, output);
    }

    /** Whether the application's side was told how much it is. */
    synchronized boolean wasSaid() {
      return said;
    }

    @Override
    public String toString() {
      return tenant
          + ' '
          + model
          + " at "
          + sentMillis
          + " ("
          + course
          + "): "
          + prompt
          + '+'
          + output()
          + (wasSaid() ? "" : "?");
    }
  }

  private final SetClock clock;
  private final Random random;
  private final long longest;
  private final List<Bill> bills = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param longest the answer of a request that states no limit
   */
  BillingProvider(SetClock clock, Random random, long longest) {
    this.clock = clock;
    this.random = random;
    this.longest = longest;
  }

  List<Bill> bills() {
    synchronized (bills) {
      return new ArrayList<>(bills);
    }
  }

  private int chance(int bound) {
    synchronized (random) {
      return random.nextInt(bound);
    }
  }

  /**
   * The wire of one call.
   *
   * @param sending asked at each attempt whether there still is somebody who sends
   */
  Transport wire(String tenant, BooleanSupplier sending) {
    return new Transport() {
      @Override
      public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
        return sending.getAsBoolean()
            ? answer(tenant, request, cancellation)
            : new CompletableFuture<WireResponse>();
      }

      @Override
      public boolean maySendElsewhere() {
        return true;
      }
    };
  }

  private CompletionStage<WireResponse> answer(
      String tenant, WireRequest request, Cancellation cancellation) {
    String asked = new String(request.body(), StandardCharsets.UTF_8);
    Bill bill = new Bill(tenant, first(MODEL, asked), clock, OVERHEAD + words(asked), limit(asked));
    bills.add(bill);
    boolean stream = asked.contains("\"stream\":true");
    boolean tellsUsage = !stream || asked.contains("\"include_usage\":true");
    CompletableFuture<WireResponse> result = new CompletableFuture<>();
    cancellation.onCancel(
        () -> {
          if (result.completeExceptionally(new IOException("Canceled"))) {
            // Nobody waits any more, and it is made and billed all the same.
            bill.isUnknown();
          }
        });
    long words = 1 + chance((int) Math.min(bill.most, 60));
    words = chance(4) == 0 ? bill.most : words;
    int course = chance(20);
    bill.course = course + (stream ? 100 : 0);
    if (course == 0) {
      return result;
    }
    Runnable answer;
    if (course <= 3) {
      answer = () -> free(bill, result, course == 1 ? 429 : 503);
    } else if (course <= 5) {
      answer = () -> reset(bill, result);
    } else if (course == 6) {
      answer = () -> free(bill, result, 200);
    } else if (course == 9) {
      long all = words;
      int how = chance(4);
      answer = () -> failing(bill, result, all, stream, how);
    } else if (course == 10) {
      int status = GATEWAY_TIMEOUTS[chance(GATEWAY_TIMEOUTS.length)];
      answer = () -> notWaitedFor(bill, result, status);
    } else if (stream) {
      long all = words;
      answer =
          () -> {
            WireResponse streamed = streamed(bill, all, tellsUsage && chance(6) > 0, course);
            cancellation.onCancel(streamed.body()::close);
            result.complete(streamed);
          };
    } else {
      long all = words;
      answer = () -> result.complete(plain(bill, all, course));
    }
    int wait = chance(3) == 0 ? chance(30_000) : chance(900);
    if (wait % 5 == 0) {
      answer.run();
    } else {
      clock.passing.schedule(wait * 1_000_000L, answer);
    }
    return result;
  }

  private static void free(Bill bill, CompletableFuture<WireResponse> result, int status) {
    if (result.complete(response(status, "application/json", Bodies.of(bytes(DOWN))))) {
      bill.is(0, true);
    }
  }

  /** It fails, and has it paid all the same. */
  private static void failing(
      Bill bill, CompletableFuture<WireResponse> result, long words, boolean stream, int how) {
    String error = "\"error\":{\"message\":\"late\",\"type\":\"server_error\"}";
    int status = how == 0 ? 400 : how == 1 ? 500 : how == 2 ? 504 : 200;
    WireResponse failed =
        stream && status == 200
            ? response(
                status,
                "text/event-stream",
                Bodies.of(bytes(event(bill, "", usage(bill, words)) + "data: {" + error + "}\n\n")))
            : response(
                status,
                "application/json",
                Bodies.of(bytes("{" + error + usage(bill, words) + "}")));
    if (result.complete(failed)) {
      bill.is(words, true);
    }
  }

  /** Who stands before the provider does not wait, and it is made and billed all the same. */
  private static void notWaitedFor(Bill bill, CompletableFuture<WireResponse> result, int status) {
    if (result.complete(response(status, "application/json", Bodies.of(bytes(DOWN))))) {
      bill.isUnknown();
    }
  }

  private static void reset(Bill bill, CompletableFuture<WireResponse> result) {
    if (result.completeExceptionally(new IOException("Connection reset"))) {
      bill.is(0, true);
    }
  }

  /** Made whole before its first byte is there, so that all of it is billed. */
  private static WireResponse plain(Bill bill, long words, int course) {
    String answer =
        "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\""
            + bill.model
            + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + repeated(words)
            + "\"},\"finish_reason\":\"stop\"}]"
            + usage(bill, words)
            + "}";
    if (course == 7) {
      bill.is(words, false);
      byte[] part = Arrays.copyOf(bytes(answer), answer.length() * 2 / 3);
      return response(
          200, "application/json", ScriptedTransport.Pieces.of(part, new IOException("cut")));
    }
    bill.is(words, true);
    return response(200, "application/json", Bodies.of(bytes(answer)));
  }

  private static String usage(Bill bill, long words) {
    return ",\"usage\":{\"prompt_tokens\":"
        + bill.prompt
        + ",\"completion_tokens\":"
        + words
        + ",\"total_tokens\":"
        + (bill.prompt + words)
        + "}";
  }

  private WireResponse streamed(Bill bill, long words, boolean tellsUsage, int course) {
    boolean cut = course == 7;
    boolean stalls = course == 8;
    long whole = cut || stalls ? chance((int) Math.min(words, 20)) : words;
    List<String> events = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    long perEvent = 1 + whole / 8;
    for (long at = 0; at < whole; at += perEvent) {
      long some = Math.min(perEvent, whole - at);
      events.add(
          event(
              bill,
              "{\"index\":0,\"delta\":{\"content\":\""
                  + repeated(some)
                  + "\"},\"finish_reason\":null}",
              ""));
      counts.add(some);
    }
    if (!cut && !stalls) {
      events.add(event(bill, "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}", ""));
      if (tellsUsage) {
        events.add(event(bill, "", usage(bill, words)));
      }
      events.add("data: [DONE]\n\n");
    }
    return response(
        200, "text/event-stream", new Words(bill, events, counts, cut, stalls, tellsUsage));
  }

  private static String event(Bill bill, String choice, String more) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\""
        + bill.model
        + "\",\"choices\":["
        + choice
        + "]"
        + more
        + "}\n\n";
  }

  /** A stream that is made as it is read: what was read is billed. */
  private final class Words implements Body {
    private final Bill bill;
    private final List<String> events;
    private final List<Long> counts;
    private final boolean cut;
    private final boolean stalls;
    private final boolean tellsUsage;
    private CompletableFuture<ByteBuffer> reading;
    private int next;
    private long made;
    private boolean closed;

    Words(
        Bill bill,
        List<String> events,
        List<Long> counts,
        boolean cut,
        boolean stalls,
        boolean tellsUsage) {
      this.bill = bill;
      this.events = events;
      this.counts = counts;
      this.cut = cut;
      this.stalls = stalls;
      this.tellsUsage = tellsUsage;
    }

    @Override
    public synchronized CompletionStage<ByteBuffer> read() {
      CompletableFuture<ByteBuffer> read = new CompletableFuture<>();
      reading = read;
      if (closed) {
        read.completeExceptionally(new IOException("closed"));
        return read;
      }
      if (next == events.size() && stalls) {
        return read;
      }
      int wait = chance(4) == 0 ? chance(4_000) : 0;
      if (wait == 0) {
        give(read);
      } else {
        clock.passing.schedule(wait * 1_000_000L, () -> give(read));
      }
      return read;
    }

    private void give(CompletableFuture<ByteBuffer> read) {
      String event;
      long before;
      synchronized (this) {
        if (closed || read.isDone()) {
          return;
        }
        before = made;
        event = next == events.size() ? null : events.get(next);
        if (next < counts.size()) {
          made += counts.get(next);
        }
        next += event == null ? 0 : 1;
        bill.is(made, next == events.size() && tellsUsage && !cut);
      }
      boolean given;
      if (event != null) {
        given = read.complete(ByteBuffer.wrap(bytes(event)));
      } else if (cut) {
        given = read.completeExceptionally(new IOException("cut"));
      } else {
        given = read.complete(null);
      }
      if (!given) {
        // Whoever read it has closed the stream at this very moment.
        bill.is(before, false);
      }
    }

    @Override
    public void close() {
      CompletableFuture<ByteBuffer> pending;
      synchronized (this) {
        closed = true;
        pending = reading;
        if (pending == null) {
          bill.is(0, false);
        }
      }
      if (pending != null) {
        pending.completeExceptionally(new IOException("closed"));
      }
    }
  }

  private static WireResponse response(int status, String type, Body body) {
    return WireResponse.received(status, Headers.of("Content-Type", type), body, new Object());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String repeated(long words) {
    StringBuilder all = new StringBuilder();
    for (long i = 0; i < words; i++) {
      all.append(WORD);
    }
    return all.toString();
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static long words(String asked) {
    return first(WORDS, asked).length() / WORD.length();
  }

  private long limit(String asked) {
    String stated = first(LIMIT, asked);
    return stated.isEmpty() ? longest : Long.parseLong(stated);
  }
}
