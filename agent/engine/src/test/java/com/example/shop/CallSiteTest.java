package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.call.Attribution;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import java.io.File;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The place in the application that makes a call; not in Flyball's own packages, as they are
 * skipped.
 */
class CallSiteTest {
  private final AttributionRules rules = AttributionRules.defaults("shop");

  private Attribution recommend() {
    return rules.attribute(
        new WireRequest(
            "POST", URI.create("https://models.example/v1"), Headers.EMPTY, new byte[0]),
        rules.origin());
  }

  @Test
  void isTheInnermostApplicationMethodAndTheFeatureWhenNothingElseIs() {
    Attribution attribution = recommend();
    assertThat(attribution.callSite()).isEqualTo("com.example.shop.CallSiteTest.recommend");
    assertThat(attribution.feature()).isEqualTo(attribution.callSite());
  }

  @Test
  void isFoundBehindLambdasReflectionAndCollections() throws Exception {
    Callable<Attribution> lambda =
        () ->
            rules.attribute(
                new WireRequest("POST", URI.create("https://m"), Headers.EMPTY, new byte[0]),
                rules.origin());
    Method call = Callable.class.getMethod("call");
    assertThat(((Attribution) call.invoke(lambda)).callSite())
        .isEqualTo("com.example.shop.CallSiteTest.isFoundBehindLambdasReflectionAndCollections");
  }

  @Test
  void theWalkOfJava9FindsTheSameFrame() throws Exception {
    Assumptions.assumeTrue(
        !System.getProperty("java.specification.version").startsWith("1."),
        "StackWalker came with Java 9");
    List<URL> path = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      File newer = new File(entry, "META-INF/versions/9");
      if (new File(newer, "io/flyball/engine/attribute/StackFrames.class").isFile()) {
        path.add(newer.toURI().toURL());
      }
    }
    assertThat(path).hasSize(1);
    BinaryOperator<String> place = (className, method) -> className + '#' + method;
    Predicate<String> mine = name -> name.startsWith("com.example.");
    try (URLClassLoader loader = new URLClassLoader(path.toArray(new URL[0]), null)) {
      Class<?> frames = loader.loadClass("io.flyball.engine.attribute.StackFrames");
      Method first = frames.getDeclaredMethod("first", Predicate.class, BinaryOperator.class);
      first.setAccessible(true);
      assertThat(first.invoke(null, mine, place))
          .isEqualTo("com.example.shop.CallSiteTest#theWalkOfJava9FindsTheSameFrame");
      Predicate<String> nobody = name -> false;
      assertThat(first.invoke(null, nobody, place)).isNull();
    }
  }
}
