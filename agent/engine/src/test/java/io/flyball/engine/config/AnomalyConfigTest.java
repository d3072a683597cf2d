package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.settings.ConfigLoader;
import io.flyball.settings.LoadedConfig;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnomalyConfigTest {

  private static LoadedConfig load(String arguments) {
    return ConfigLoader.load(
        Sections.SCHEMA,
        arguments,
        Collections.<String, String>emptyMap(),
        Collections.<String, String>emptyMap());
  }

  @Test
  void watchesAndOnlyTellsByDefault() {
    AnomalyConfig config = ConfigLoader.defaults(Sections.SCHEMA).get(AnomalyConfig.SECTION);
    assertThat(config.settings()).isNotNull();
    assertThat(config.settings().watchesLoops()).isTrue();
    assertThat(config.throttles()).isFalse();
    assertThat(config.webhookUrl()).isNull();
  }

  @Test
  void canBeSwitchedOffAltogether() {
    AnomalyConfig config =
        load("anomaly.enabled=false,anomaly.action=throttle").config().get(AnomalyConfig.SECTION);
    assertThat(config.settings()).isNull();
    assertThat(config.throttles()).isFalse();
  }

  @Test
  void loopsNeedNotBeWatched() {
    AnomalyConfig config =
        load("anomaly.loop.steps=off,anomaly.loop.repeats=off").config().get(AnomalyConfig.SECTION);
    assertThat(config.settings().watchesLoops()).isFalse();
  }

  @Test
  void theWebhookIsASecret() {
    LoadedConfig loaded =
        load(
            "anomaly.webhook.url=https://hooks.example/services/T0/s3cret?x=y,"
                + "anomaly.webhook.headers.Authorization=Bearer t0ken");
    assertThat(loaded.explain()).doesNotContain("s3cret").doesNotContain("t0ken");
    assertThat(loaded.ok()).isTrue();
    AnomalyConfig config = loaded.config().get(AnomalyConfig.SECTION);
    assertThat(config.webhookUrl().reveal()).contains("s3cret");
    assertThat(config.webhookHeaders().get("authorization").reveal()).isEqualTo("Bearer t0ken");
    assertThat(loaded.config().toString()).doesNotContain("s3cret").doesNotContain("t0ken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anomaly.action=stop",
        "anomaly.factor=1",
        "anomaly.window=2h",
        "anomaly.min-cost=1",
        "anomaly.loop.steps=1",
        "anomaly.webhook.url=hooks.example",
        "anomaly.webhook.url=ftp://hooks.example/s3cret",
        "anomaly.webhook.url=https://user:s3cret@hooks.example/",
        "anomaly.webhook.headers.x=y"
      })
  void whatIsWrongIsSaidWithoutSecrets(String arguments) {
    LoadedConfig loaded = load(arguments);
    assertThat(loaded.ok()).isFalse();
    assertThat(loaded.errors().toString()).doesNotContain("s3cret");
  }
}
