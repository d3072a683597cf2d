package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import java.io.IOException;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Governs what the application gives to a client, and lets pass what an attempt gives to it. */
public final class ApacheHttpClient5Plugin implements Plugin {
  private final Gateway gateway;
  private final StrangersClients strangers = new StrangersClients();

  public ApacheHttpClient5Plugin(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    Object request = arguments[1];
    if (request == null || request instanceof AttemptRequest) {
      return null;
    }
    HttpHost target = (HttpHost) arguments[0];
    ClassicHttpRequest asked = (ClassicHttpRequest) request;
    if (isCancelled(asked)) {
      return null;
    }
    if (!Origins.mayGovern(gateway, target, asked) && !Messages.saysSomethingToFlyball(asked)) {
      return null;
    }
    ClassicCall call =
        new ClassicCall(
            gateway,
            strangers,
            (CloseableHttpClient) self,
            target,
            asked,
            (HttpContext) arguments[2]);
    try {
      return call.run();
    } catch (IOException failure) {
      return Outcome.failure(failure);
    } catch (RuntimeException | Error failure) {
      if (call.hasBegun()) {
        // The client must not send once more what was sent.
        return Outcome.failure(failure);
      }
      throw failure;
    }
  }

  /** What is cancelled before it begins fails in the client's own way. */
  private static boolean isCancelled(ClassicHttpRequest request) {
    return request instanceof CancellableDependency
        && ((CancellableDependency) request).isCancelled();
  }
}
