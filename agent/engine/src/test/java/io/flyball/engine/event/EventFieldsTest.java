package io.flyball.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.telemetry.SampleCalls;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The event of a call, field by field: the names and types that scripts rely on. */
class EventFieldsTest {
  private static final Map<String, String> TYPES = new HashMap<>();

  static {
    for (String text :
        ("ts call_id trace_id service feature tenant user_hash route call_site provider target"
                + " request_model response_model operation prompt_hash prompt_version tools_hash"
                + " usage_source fallback_from fallback_reason fallback_skipped cache breaker budget_decision"
                + " finish_reason error_type outcome trimmed input output")
            .split(" ")) {
      TYPES.put(text, "STRING");
    }
    for (String number :
        ("input_tokens output_tokens cached_input_tokens reasoning_tokens cost_usd wasted_usd"
                + " latency_ms ttft_ms attempts retries status tool_calls limit_wait_ms trimmed_bytes")
            .split(" ")) {
      TYPES.put(number, "NUMBER");
    }
    TYPES.put("stream", "BOOLEAN");
    TYPES.put("bypass", "BOOLEAN");
  }

  @Test
  void everyFieldIsOneOfThem() throws IOException {
    CallJournal journal = new CallJournal();
    journal.fellBack("api.openai.com", "cache", "error");
    journal.notCarried("claude", "several choices");
    for (CallRecord record :
        Arrays.asList(
            SampleCalls.answered().build(),
            SampleCalls.failed(500, "server_error").build(),
            SampleCalls.refused("flyball_rate_limited").build(),
            SampleCalls.answered()
                .attempts(
                    Arrays.asList(
                        SampleCalls.attempt(1, 503, Outcome.ERROR, "503"),
                        SampleCalls.attempt(2, 200, Outcome.SUCCESS, null)))
                .journal(journal)
                .traceId("0af7")
                .promptHash("0123456789abcdef")
                .toolsHash("0123456789abcdef")
                .captured("asked", "answered")
                .build())) {
      JsonNode event = new ObjectMapper().readTree(new CallJson("shop").bytes(record));
      for (Iterator<String> names = event.fieldNames(); names.hasNext(); ) {
        String name = names.next();
        assertThat(TYPES).containsEntry(name, event.get(name).getNodeType().name());
      }
      for (String always : new String[] {"ts", "call_id", "service", "operation", "outcome"}) {
        assertThat(event.has(always)).as(always).isTrue();
      }
    }
  }
}
