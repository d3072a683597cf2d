package io.flyball.engine;

import io.flyball.engine.call.Client;
import io.flyball.protocol.sdk.Sdk;
import io.flyball.wire.WireRequest;
import java.util.EnumSet;
import java.util.Set;

/** Which SDKs have their retry loops ended in this JVM, in their own code. Thread safe. */
final class SdkLoops {
  private volatile Set<Sdk> ended = EnumSet.noneOf(Sdk.class);

  /**
   * @param sdkId a word of {@link Sdk#id()}; any other is passed over
   */
  synchronized void endsRetriesOf(String sdkId) {
    Sdk sdk = Sdk.ofId(sdkId);
    if (sdk != Sdk.UNKNOWN) {
      Set<Sdk> more = EnumSet.copyOf(ended);
      more.add(sdk);
      ended = more;
    }
  }

  /**
   * Who made a request.
   *
   * @param attempt of the retry loop that the call was made in; null when in none that is known
   */
  Client client(WireRequest request, GivenUpCalls.Attempt attempt) {
    Sdk said = Sdk.of(request.headers()::first);
    Sdk sdk = attempt == null ? said : named(said, attempt.sdk());
    // A loop around an SDK that has one of its own does not tell of that one.
    boolean watched = attempt != null && !sdk.obeysShouldRetry();
    return new Client(sdk, watched || ended.contains(sdk));
  }

  /** Some calls of openai-java (its client's raw ones) do not say whose they are. */
  private static Sdk named(Sdk said, Sdk around) {
    boolean unnamed = said == Sdk.STAINLESS && around.obeysShouldRetry();
    return said == Sdk.UNKNOWN || unnamed ? around : said;
  }
}
