package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What the JDK's own client does since newer JDKs, and the JDK of the build cannot show: those
 * tests of its instrumentation run once more in a JVM of the newest.
 */
class NewerJdkIT {

  @Test
  void theJdksClientIsGovernedInWhatItDoesSinceJava21() throws Exception {
    List<Jdk> wanted = Jdk.enough(jdk -> jdk.version() >= 21, 25);
    assumeTrue(!wanted.isEmpty(), "no JDK of 21 or later is wanted");
    Jdk newest = wanted.get(wanted.size() - 1);
    assumeTrue(newest.isPresent(), newest::missingMessage);
    String tests = "io.flyball.instrumentation.javahttpclient.";
    try (JavaProcess run =
        JavaProcess.on(newest)
            .shortLived()
            .jvm("-XX:+EnableDynamicAgentLoading")
            .classPath(
                ContractClient.JAVA_HTTP_CLIENT.classPath(),
                "org.junit.platform.console.ConsoleLauncher",
                "execute",
                "--disable-banner",
                "--disable-ansi-colors",
                "--details=tree",
                "--select-class=" + tests + "ClosedClientTest",
                "--select-class=" + tests + "ApplicationsThreadsTest")
            .start()
            .await(5, TimeUnit.MINUTES)) {
      assertThat(run.exitCode()).as(run::describe).isZero();
      assertThat(run.out()).contains("0 tests aborted").contains("0 tests failed");
    }
  }
}
