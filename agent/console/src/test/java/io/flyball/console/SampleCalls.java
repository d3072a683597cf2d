package io.flyball.console;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Records of calls for the console to show. */
final class SampleCalls {
  private static final Protocol PROTOCOL =
      new Protocol() {
        @Override
        public String id() {
          return "openai.chat";
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

  private SampleCalls() {}

  /** The next call of an agent that has called the same tool so many times. */
  static CallRecord loop(String id, int repeats) {
    StringBuilder body = new StringBuilder("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}");
    for (int i = 0; i < repeats; i++) {
      body.append(",{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",")
          .append("\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"content\":\"y\"}");
    }
    return answered(id, "agent").toBuilder()
        .content(body.append("]}").toString().getBytes(StandardCharsets.UTF_8), null)
        .build();
  }

  static CallRecord answered(String id, String feature) {
    RequestFacts request =
        RequestFacts.builder(PROTOCOL, Operation.CHAT, "openai").model("gpt-4o").build();
    return CallRecord.builder(id, request)
        .attribution(new Attribution("acme", feature, null, null, null, null))
        .outcome(Outcome.SUCCESS, 200, null)
        .usage(Usage.builder(Usage.Source.REPORTED).input(100).output(20).build())
        .costUsd(new BigDecimal("0.01"))
        .times(1_000_000_000L, 2_000_000_000L)
        .build();
  }
}
