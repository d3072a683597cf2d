package io.flyball.engine.telemetry;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.CallRecordBuilder;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.util.Collections;

/** Records of calls for the tests of what is made of them. */
public final class SampleCalls {
  /** 2026-11-21T10:00:00Z. */
  public static final long START = 1_795_255_200_000_000_000L;

  public static final long SECOND = 1_000_000_000L;

  private SampleCalls() {}

  public static RequestFacts.Builder request() {
    return RequestFacts.builder(protocol("openai.chat"), Operation.CHAT, "openai").model("gpt-4o");
  }

  /** A call that was answered after two seconds, streamed, reported and priced. */
  public static CallRecordBuilder answered() {
    return CallRecord.builder(
            "call-1", request().stream(true).maxOutputTokens(500L).temperature(0.2).build())
        .response(
            ResponseFacts.builder()
                .id("chatcmpl-1")
                .model("gpt-4o-2024-08-06")
                .finishReasons(Collections.singletonList("stop"))
                .usage(usage())
                .complete(true)
                .outputCharacters(1_200)
                .build())
        .attribution(new Attribution("acme", "search", "u-1", "en", "v7", "com.acme.Search.ask"))
        .attempts(Collections.singletonList(attempt(1, 200, Outcome.SUCCESS, null)))
        .outcome(Outcome.SUCCESS, 200, null)
        .usage(usage())
        .costUsd(new BigDecimal("0.005615"))
        .times(START, START + 2 * SECOND)
        .timeToFirstTokenNanos(SECOND / 2)
        .contentChunks(4)
        .overheadNanos(40_000);
  }

  /** A call that Flyball answered itself. */
  public static CallRecordBuilder refused(String code) {
    return CallRecord.builder("call-3", request().build())
        .outcome(Outcome.REFUSED, 429, code)
        .times(START, START + SECOND);
  }

  /** A call whose only attempt was answered with that error status. */
  public static CallRecordBuilder failed(int status, String errorType) {
    return CallRecord.builder("call-2", request().build())
        .attempts(
            Collections.singletonList(attempt(1, status, Outcome.ERROR, String.valueOf(status))))
        .outcome(Outcome.ERROR, status, errorType)
        .times(START, START + SECOND);
  }

  public static Usage usage() {
    return Usage.builder(Usage.Source.REPORTED)
        .input(2_006)
        .cacheRead(1_920)
        .output(300)
        .reasoning(20)
        .build();
  }

  public static AttemptRecord attempt(int number, int status, Outcome outcome, String error) {
    return AttemptRecord.builder(number, "api.openai.com", "api.openai.com", 443)
        .times(START + number * 1_000_000L, START + SECOND)
        .outcome(outcome, status, error)
        .build();
  }

  public static Protocol protocol(String id) {
    return new Protocol() {
      @Override
      public String id() {
        return id;
      }

      @Override
      public String telemetryNamespace() {
        return id.startsWith("openai.") ? "openai" : null;
      }

      @Override
      public String telemetryApiType() {
        return id.equals("openai.chat") ? "chat_completions" : null;
      }

      @Override
      public ResponseReader reader(RequestFacts request, int status, String contentType) {
        throw new UnsupportedOperationException();
      }

      @Override
      public byte[] askForUsage(RequestFacts request, byte[] body) {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean isRequestedUsageEvent(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException();
      }
    };
  }
}
