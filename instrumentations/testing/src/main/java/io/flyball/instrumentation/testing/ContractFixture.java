package io.flyball.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What the tests of the contract share: a provider, a client, and the <em>twin</em> of a request.
 *
 * <p>A twin is the same request to a path of the same length that is no model call. It goes the
 * client's own way, so what the client does there is what it must do here.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ContractFixture {
  protected static final String PATH = "/v1/chat/completions";
  protected static final String TWIN_PATH = "/v1/chat/completionz";

  protected static final String SECRET = "sk-ambient";

  /** What a client can do, beyond blocking calls. */
  public enum Capability {
    /** Asynchronous calls. */
    ASYNC,
    /** Giving up a call before its head closes the connection, not only the wait. */
    ABORTABLE,
    /** A blocked call ends when its thread is interrupted. */
    INTERRUPTIBLE,
    /** Its timeout ends with the head: for the rest of a silent body it waits forever. */
    PATIENT
  }

  protected FakeProvider provider;
  protected GovernedClient client;

  /** The agent that the test class registered. */
  protected abstract InProcessAgent agent();

  /**
   * A new client that trusts {@link FakeProvider#trust}.
   *
   * @param timeoutMillis the client's own timeout for silence on the wire; 0 for none
   */
  protected abstract GovernedClient newClient(long timeoutMillis);

  /**
   * A new client that adds the application's secrets to every request in each way that it has, be
   * it cookies, interceptors or an answer to a server that wants a password. Cookies are called
   * {@value #SECRET}, and so is every secret that is not made into something else on the wire. It
   * follows redirects.
   */
  protected abstract GovernedClient newClientWithSecrets();

  protected abstract Set<Capability> capabilities();

  @BeforeEach
  void startProvider() throws IOException {
    provider = FakeProvider.start();
    client = newClient(0);
    agent().failures().clear();
  }

  @AfterEach
  void noInternalFailures() throws IOException {
    client.close();
    provider.close();
    assertThat(agent().failures()).isEmpty();
  }

  protected final void needs(Capability capability) {
    assumeTrue(capabilities().contains(capability), () -> "the client has no " + capability);
  }

  /** Whoever waited for that connection's head has given up. */
  protected final void assertAborted(int connection) throws InterruptedException {
    if (capabilities().contains(Capability.ABORTABLE)) {
      assertThat(provider.connections().get(connection).awaitClose()).isTrue();
    }
  }

  /** For tests that look at what the engine recorded. */
  protected static void needsRecords() {
    assumeFalse(InProcessAgent.attached(), "the attached agent keeps its records to itself");
  }

  /** For tests of what only {@code flyball.mode=govern} does. */
  protected final void needsGovern() {
    assumeTrue(agent().governs(), "observe changes nothing");
  }

  /** That request where it is no model call. */
  protected static Outgoing twin(Outgoing request) {
    return request.to(request.url().replace(PATH, TWIN_PATH));
  }

  /** Every byte of that request as its twin would have sent it. */
  protected static String asTwin(RecordedRequest request) {
    return request.rawText().replaceFirst(PATH, TWIN_PATH);
  }

  /** What goes wrong with the request is what goes wrong with its twin. */
  protected final void failsLikeItsTwin(Outgoing request) {
    failsLikeItsTwin(client, request);
  }

  protected final void failsLikeItsTwin(GovernedClient with, Outgoing request) {
    Throwable expected = catchThrowable(() -> with.send(twin(request)));
    assertThat(expected).isNotNull();
    assertThatThrown(catchThrowable(() -> with.send(request)), expected);
  }

  protected static void assertThatThrown(Throwable actual, Throwable expected) {
    assertThat(actual).hasSameClassAs(expected);
    assertNothingOfOursIn(actual);
  }

  /** What the application sees of a failure is its client's, with all that it was caused by. */
  protected static void assertNothingOfOursIn(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> rest = new ArrayDeque<>();
    rest.add(thrown);
    while (!rest.isEmpty()) {
      Throwable next = rest.poll();
      if (seen.add(next)) {
        assertThat(next.getClass().getName()).doesNotStartWith("io.flyball.");
        rest.addAll(Arrays.asList(next.getSuppressed()));
        if (next.getCause() != null) {
          rest.add(next.getCause());
        }
      }
    }
  }
}
