package io.flyball.javaagent;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;

/** Who may know whom. */
@AnalyzeClasses(
    packages = "io.flyball",
    importOptions = {ImportOption.DoNotIncludeTests.class})
class WallsTest {
  private static final String JAVA = "java..";

  @ArchTest
  static final ArchRule bootstrapKnowsOnlyJava =
      classes()
          .that()
          .resideInAPackage("io.flyball.bootstrap..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.flyball.bootstrap..", JAVA);

  @ArchTest
  static final ArchRule rootOfTheJarKnowsNoLibrary =
      classes()
          .that()
          .resideInAPackage("io.flyball.agent")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.flyball.agent", JAVA);

  @ArchTest
  static final ArchRule openTelemetryDoorKnowsOnlyTheExtensionApi =
      classes()
          .that()
          .resideInAPackage("io.flyball.agent.otel..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.flyball.agent..",
              "io.opentelemetry.javaagent.extension..",
              "io.opentelemetry.sdk.autoconfigure..",
              "io.opentelemetry.sdk",
              JAVA);

  @ArchTest
  static final ArchRule insideDoesNotKnowTheRoot =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.flyball.agent..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.flyball.agent..");

  @ArchTest
  static final ArchRule wireKnowsOnlyJava =
      classes()
          .that()
          .resideInAPackage("io.flyball.wire..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.flyball.wire..", JAVA);

  @ArchTest
  static final ArchRule baseKnowsOnlyJava =
      classes()
          .that()
          .resideInAPackage("io.flyball.base..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.flyball.base..", JAVA);

  @ArchTest
  static final ArchRule settingsKnowNoneThatHasSome =
      classes()
          .that()
          .resideInAPackage("io.flyball.settings..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.flyball.settings..", "io.flyball.base..", "org.snakeyaml.engine..", JAVA);

  @ArchTest
  static final ArchRule protocolIsPureAndKnowsOnlyJackson =
      classes()
          .that()
          .resideInAPackage("io.flyball.protocol..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("io.flyball.protocol..", "com.fasterxml.jackson.core..", JAVA)
                  .and(
                      not(
                          resideInAnyPackage(
                              "java.nio.file..", "java.util.concurrent", "java.net.http.."))));

  @ArchTest
  static final ArchRule engineKnowsNoClientAndNoBytecode =
      classes()
          .that()
          .resideInAPackage("io.flyball.engine..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.flyball.engine..",
              "io.flyball.base..",
              "io.flyball.settings..",
              "io.flyball.wire..",
              "io.flyball.protocol..",
              "com.fasterxml.jackson..",
              "org.snakeyaml.engine..",
              "com.knuddels.jtokkit..",
              "com.github.benmanes.caffeine..",
              "redis.clients.jedis..",
              "io.micrometer..",
              "io.prometheus..",
              "io.opentelemetry..",
              JAVA,
              "javax.net.ssl..");

  @ArchTest
  static final ArchRule onlyTheFleetKnowsRedis =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.flyball.engine.fleet..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("redis.clients..");

  @ArchTest
  static final ArchRule whatIsSharedKnowsNeitherWhoSharesItNorHow =
      classes()
          .that()
          .resideInAPackage("io.flyball.engine.share..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.flyball.engine.share..", JAVA);

  @ArchTest
  static final ArchRule theFleetKnowsNoPolicy =
      noClasses()
          .that()
          .resideInAPackage("io.flyball.engine.fleet..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.flyball.engine.budget..",
              "io.flyball.engine.breaker..",
              "io.flyball.engine.limit..",
              "io.flyball.engine.pipeline..");

  /**
   * They would hand out the application's cookies and passwords, and keep cookies among its own.
   */
  @ArchTest
  static final ArchRule whatWeSendDoesNotGoThroughTheJdksClient =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.flyball.engine..",
              "io.flyball.console..",
              "io.flyball.settings..",
              "io.flyball.base..")
          .should()
          .callMethod(URL.class, "openConnection")
          .orShould()
          .callMethod(URL.class, "openConnection", Proxy.class)
          .orShould()
          .callMethod(URL.class, "openStream");

  /**
   * Making a URL of HTTP loads the handler of the JDK's client; where we are the first to do so, it
   * is not woven yet when the application makes its first call.
   */
  @ArchTest
  static final ArchRule nobodyLoadsTheJdksClientBeforeItIsWoven =
      noClasses()
          .that()
          .resideInAnyPackage("io.flyball.engine..", "io.flyball.settings..", "io.flyball.base..")
          // Asked when a proxy wants a login, long after the start.
          .and()
          .doNotHaveFullyQualifiedName("io.flyball.engine.net.HttpRoute")
          .should()
          .callMethod(URI.class, "toURL");

  @ArchTest
  static final ArchRule policiesDoNotKnowTheFleet =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.flyball.engine.budget..",
              "io.flyball.engine.breaker..",
              "io.flyball.engine.limit..",
              "io.flyball.engine.pipeline..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.flyball.engine.fleet..");

  @ArchTest
  static final ArchRule engineDoesNotKnowProvidersByTheirPackages =
      noClasses()
          .that()
          .resideInAPackage("io.flyball.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.flyball.protocol.openai..", "io.flyball.protocol.anthropic..");

  /** Of the others this will be said as they come to stand so. */
  @ArchTest
  static final ArchRule aCapabilityIsKnownByTheListOfThemAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.flyball.engine.breaker..")
          .and()
          .doNotHaveFullyQualifiedName("io.flyball.engine.Capabilities")
          .and()
          .resideOutsideOfPackage("io.flyball.benchmarks..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.flyball.engine.breaker..");

  @ArchTest
  static final ArchRule consoleKnowsNeitherProtocolsNorClients =
      noClasses()
          .that()
          .resideInAPackage("io.flyball.console..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.flyball.instrumentation..", "io.flyball.javaagent..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule instrumentationsKnowTheWireAndNoPolicy =
      noClasses()
          .that(
              resideInAPackage("io.flyball.instrumentation..")
                  .and(not(resideInAPackage("io.flyball.instrumentation.testing.."))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.flyball.engine..",
                  "io.flyball.base..",
                  "io.flyball.settings..",
                  "io.flyball.protocol..",
                  "io.flyball.console..",
                  "io.flyball.javaagent.."));

  @ArchTest
  static final ArchRule instrumentationsDoNotKnowEachOther =
      slices()
          .matching("io.flyball.instrumentation.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAPackage("io.flyball.instrumentation.."),
              resideInAPackage("io.flyball.instrumentation.api.."))
          .ignoreDependency(
              resideInAPackage("io.flyball.instrumentation.testing.."),
              resideInAPackage("io.flyball.instrumentation.."));

  @ArchTest
  static final ArchRule byteBuddyStaysWithTheWeaverAndAdviceAnnotations =
      noClasses()
          .that(
              resideInAPackage("io.flyball..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "io.flyball.javaagent..", "io.flyball.instrumentation.testing.."))))
          .should()
          .dependOnClassesThat(
              resideInAPackage("net.bytebuddy..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "net.bytebuddy.asm..",
                              "net.bytebuddy.implementation.bytecode.assign.."))));
}
