package io.flyball.instrumentation.servlet;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.wire.Bodies;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a servlet under test does, and what its container would give it. */
final class ServedCall {
  private ServedCall() {}

  /** The test in the place of the HTTP client that the servlet uses. */
  static void make(InProcessAgent agent) throws IOException {
    GovernedCall call =
        agent
            .gateway()
            .open(
                new WireRequest(
                    "POST",
                    URI.create("https://api.openai.com/v1/chat/completions"),
                    Headers.EMPTY,
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .getBytes(StandardCharsets.UTF_8)));
    call.execute(
            (request, cancellation) ->
                CompletableFuture.completedFuture(
                    WireResponse.received(
                        200, Headers.EMPTY, Bodies.of(new byte[] {'{', '}'}), new Object())))
        .body()
        .close();
  }

  /** An object of a container's interface that answers methods by their names, else null. */
  static <T> T object(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answer(answers, method, arguments)));
  }

  private static Object answer(Map<String, Object> answers, Method method, Object[] arguments) {
    String name = method.getName();
    if (arguments != null && arguments.length == 1 && arguments[0] instanceof String) {
      name += ' ' + arguments[0].toString().toLowerCase(java.util.Locale.ROOT);
    }
    Object answer = answers.get(name);
    return answer == null && method.getReturnType() == boolean.class ? (Boolean) false : answer;
  }

  static Map<String, Object> answers(Object... namesAndAnswers) {
    Map<String, Object> answers = new HashMap<>();
    for (int i = 0; i < namesAndAnswers.length; i += 2) {
      answers.put((String) namesAndAnswers[i], namesAndAnswers[i + 1]);
    }
    return answers;
  }

  static Principal principal(String name) {
    return () -> name;
  }
}
