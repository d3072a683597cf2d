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
