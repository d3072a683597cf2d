package io.flyball.engine.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

  @Test
  void everythingCanBeSaid() {
    RedisAddress address = RedisAddress.of("rediss://me:s%40me:thing@redis.internal:6380/7");
    assertThat(address.isTls()).isTrue();
    assertThat(address.host()).isEqualTo("redis.internal");
    assertThat(address.port()).isEqualTo(6380);
    assertThat(address.database()).isEqualTo(7);
    assertThat(address.user()).isEqualTo("me");
    assertThat(address.password()).isEqualTo("s@me:thing");
    assertThat(address).hasToString("rediss://redis.internal:6380/7");
  }

  @Test
  void littleNeedBeSaid() {
    RedisAddress address = RedisAddress.of("redis://[::1]");
    assertThat(address.isTls()).isFalse();
    assertThat(address.host()).isEqualTo("::1");
    assertThat(address.port()).isEqualTo(6379);
    assertThat(address.database()).isZero();
    assertThat(address.user()).isNull();
    assertThat(address.password()).isNull();
    assertThat(RedisAddress.of("redis://:pw@h").user()).isNull();
    assertThat(RedisAddress.of("redis://:pw@h").password()).isEqualTo("pw");
  }

  @Test
  void whatIsSaidElsewhereWins() {
    RedisAddress address = RedisAddress.of("redis://me:old@h").with(null, "new");
    assertThat(address.user()).isEqualTo("me");
    assertThat(address.password()).isEqualTo("new");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:6379",
        "http://h",
        "redis://",
        "redis://h/one",
        "redis://h/-1",
        "redis://h:0",
        "redis://h:70000",
        "redis://h?timeout=1",
        "redis://me:s3cret@h/x",
        "redis://s3cret with space@h"
      })
  void whatIsNoneIsRefusedAndNotRepeated(String wrong) {
    assertThatThrownBy(() -> RedisAddress.of(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("redis://redis.internal:6379/0")
        .hasMessageNotContaining("s3cret");
  }
}
