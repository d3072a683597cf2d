package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.example.shop.Recommendations;
import io.flyball.engine.call.CallRecord;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who made a call, whichever thread its interceptors run on. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OkHttpCallerTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new OkHttpInstrumentation());

  private final OkHttpClient client = new OkHttpClient();
  private FakeProvider provider;

  @BeforeEach
  void start() throws Exception {
    assumeFalse(InProcessAgent.attached(), "looks at the engine's own records");
    provider = FakeProvider.start();
  }

  @AfterEach
  void stop() throws Exception {
    if (provider != null) {
      provider.close();
    }
    assertThat(AGENT.failures()).isEmpty();
  }

  private Call call() {
    return client.newCall(
        new Request.Builder()
            .url(provider.url() + "/v1/chat/completions")
            .post(RequestBody.create(MediaType.parse("application/json"), Outgoing.CHAT))
            .build());
  }

  private static String callSiteOf(int call) {
    await().until(() -> AGENT.records().size() > call);
    CallRecord record = AGENT.records().get(call);
    return record.attribution().callSite();
  }

  @Test
  void anExecutedOrEnqueuedCallIsChargedToTheCodeThatMadeIt() throws Exception {
    int before = AGENT.records().size();
    assertThat(Recommendations.now(call())).isEqualTo(CannedAnswers.CHAT);
    assertThat(callSiteOf(before)).isEqualTo("com.example.shop.Recommendations.now");

    assertThat(Recommendations.later(call()).get(20, TimeUnit.SECONDS))
        .isEqualTo(CannedAnswers.CHAT);
    assertThat(callSiteOf(before + 1)).isEqualTo("com.example.shop.Recommendations.later");
  }

  @Test
  void aCloneIsChargedToTheCodeThatEnqueuesIt() throws Exception {
    int before = AGENT.records().size();
    Call first = call();
    first.execute().close();
    assertThat(Recommendations.later(first.clone()).get(20, TimeUnit.SECONDS))
        .isEqualTo(CannedAnswers.CHAT);
    assertThat(callSiteOf(before + 1)).isEqualTo("com.example.shop.Recommendations.later");
  }
}
