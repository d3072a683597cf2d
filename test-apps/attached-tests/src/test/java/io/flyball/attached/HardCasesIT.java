package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.flyball.instrumentation.testing.jvm.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What gateways are known to get wrong, through clients without an SDK under the agent. The cases
 * have numbers:
 *
 * <ul>
 *   <li>1, a stream that is cut: {@link FailoverIT} (S08) and here without recovery
 *   <li>2, a stream that goes silent: {@link FailoverIT} (S09)
 *   <li>3, odd framing of events: here; a malformed event: {@link FailoverIT} (S10)
 *   <li>4, {@code response.failed} in a 200: here
 *   <li>5 and 6, an error event before and after content: here
 *   <li>7, no prefill: {@link FailoverIT} (S14)
 *   <li>8, silence: {@link FailoverIT} (S06)
 *   <li>9, a slow first token: {@link FailoverIT} (S07)
 *   <li>10, the forms of Retry-After: here and S01
 *   <li>11, an outage under load: {@link OutageIT}
 *   <li>12, prompts that are too long, in many words: here and S12
 *   <li>13, content filters: here and S13
 *   <li>14, an application that leaves: here and {@link StreamingIT}
 *   <li>20, more tokens than the limit: here
 *   <li>21, usage of streams that somebody asks for, or nobody: here
 *   <li>25, large bodies, traces, what belongs to one provider: here
 * </ul>
 */
class HardCasesIT {
  private static final Jdk JDK = Jdk.of(17);

  @TempDir Path folder;

  private final List<PostRun> runs = new ArrayList<>();

  /** A check of what became of a request. */
  interface Check {
    void on(PostRun run) throws Exception;
  }

  @AfterEach
  void closeAll() throws IOException {
    for (PostRun run : runs) {
      run.close();
    }
  }

  private Stream<DynamicContainer> forEveryClient(
      Setup setup, boolean fallback, String... properties) throws IOException {
    assumeTrue(Jdk.wanted().stream().anyMatch(jdk -> jdk.version() == JDK.version()));
    assumeTrue(JDK.isPresent(), JDK::missingMessage);
    List<DynamicContainer> containers = new ArrayList<>();
    for (PostClient client : PostClient.values()) {
      PostRun run = new PostRun(Files.createDirectory(folder.resolve(client.name())));
      runs.add(run);
      Map<String, Check> checks = new LinkedHashMap<>();
      setup.prepare(run, checks);
      run.run(client, JDK, fallback ? run.withFallback(properties) : properties);
      checks.put("every key stays at its host", done -> assertThat(done.strayKeys()).isEmpty());
      List<DynamicTest> tests = new ArrayList<>();
      checks.forEach((name, check) -> tests.add(dynamicTest(name, () -> check.on(run))));
      containers.add(dynamicContainer(client.name(), tests));
    }
    return containers.stream();
  }

  private interface Setup {
    void prepare(PostRun run, Map<String, Check> checks) throws IOException;
  }

  @TestFactory
  Stream<DynamicContainer> withAFallback() throws IOException {
    return forEveryClient(
        (run, checks) -> {
          StreamCases.failedResponse(run, checks);
          StreamCases.errorEventBeforeContent(run, checks);
          StreamCases.errorEventAfterContent(run, checks);
          RefusalCases.waits(run, checks);
          RefusalCases.tooLong(run, checks);
          RefusalCases.filtered(run, checks);
          StreamCases.leaving(run, checks);
          RequestCases.large(run, checks);
          RequestCases.traced(run, checks);
          RequestCases.boundToOneProvider(run, checks);
        },
        true,
        "retry.base-delay=50ms",
        "retry.budget=100%",
        "breaker.min-calls=4",
        "timeout.call=20s");
  }

  @TestFactory
  Stream<DynamicContainer> withoutFallbackAndRecovery() throws IOException {
    return forEveryClient(
        (run, checks) -> {
          StreamCases.cut(run, checks);
          StreamCases.oddFraming(run, checks);
          StreamCases.errorEventAfterContentPassesThrough(run, checks);
          RefusalCases.tooLongAWait(run, checks);
        },
        false,
        "stream.recovery=off",
        "retry.base-delay=50ms",
        "retry.budget=100%",
        "timeout.call=20s");
  }

  @TestFactory
  Stream<DynamicContainer> withNothingSet() throws IOException {
    return forEveryClient(
        (run, checks) -> {
          RefusalCases.secondAttemptHangs(run, checks);
          UsageCases.unasked(run, checks);
          UsageCases.asked(run, checks);
          UsageCases.refused(run, checks);
          UsageCases.besideUsage(run, checks);
        },
        false);
  }

  @TestFactory
  Stream<DynamicContainer> withALimitOfTokens() throws IOException {
    return forEveryClient(
        RefusalCases::moreTokensThanTheLimit, false, "limit.tpm=100 tokens", "limit.max-wait=2s");
  }
}
