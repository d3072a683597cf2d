package io.flyball.instrumentation.httpurlconnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.example.hooks.FailingHook;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.HttpURLConnection;
import java.net.ResponseCache;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Code of the application that the JDK calls once an answer is there, and that fails: the answer is
 * paid for, and is not asked for again.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThrowingHooksTest {

  @RegisterExtension static final InProcessAgent AGENT = Bare.agent(Bare.policies().build());

  private final CookieHandler cookies = CookieHandler.getDefault();
  private final ResponseCache cache = ResponseCache.getDefault();

  @AfterEach
  void reset() {
    CookieHandler.setDefault(cookies);
    ResponseCache.setDefault(cache);
  }

  private static String outcome(String path, Answer... answers) throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(answers);
      HttpURLConnection connection = Bare.post(provider.url() + path);
      Bare.write(connection, Outgoing.CHAT);
      Throwable thrown = catchThrowable(connection::getInputStream);
      return (thrown.getClass().getName() + thrown.getMessage())
              .replace(Bare.OWN, Bare.GOVERNED)
              .replace(":" + provider.port(), "")
          + catchThrowable(connection::getInputStream).getClass().getName()
          + status(connection)
          + connection.getErrorStream()
          + provider.requests().size();
    }
  }

  private static String status(HttpURLConnection connection) {
    try {
      return String.valueOf(connection.getResponseCode());
    } catch (IOException | RuntimeException thrown) {
      return thrown.getClass().getName();
    }
  }

  private static void sameOutcome(Answer... answers) throws Exception {
    List<String> outcomes = new ArrayList<>();
    for (String path : Bare.BOTH) {
      outcomes.add(outcome(path, answers));
    }
    assertThat(outcomes.get(1)).isEqualTo(outcomes.get(0));
  }

  @Test
  void aCookieHandlerThatFails() throws Exception {
    for (FailingHook hook : FailingHook.values()) {
      CookieHandler.setDefault(hook.cookies());
      sameOutcome();
      sameOutcome(Answer.json(400, "{}"), Answer.json(400, "{}"));
    }
  }

  @Test
  void aCacheThatFails() throws Exception {
    for (FailingHook hook : FailingHook.values()) {
      ResponseCache.setDefault(hook.cache());
      sameOutcome();
    }
  }
}
