package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attribute.InitialisedClasses;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.config.Sections;
import io.flyball.engine.time.SharedTimer;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.LoadedConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final List<Throwable> failures = new ArrayList<>();

  private List<CallRecord> calls(String arguments) {
    LoadedConfig loaded =
        ConfigLoader.load(
            Sections.SCHEMA, arguments, Collections.emptyMap(), Collections.emptyMap());
    assertThat(loaded.explain()).isEmpty();
    SharedTimer timer = new SharedTimer((place, failure) -> failures.add(failure));
    PolicyConfiguration policies =
        PolicyConfiguration.unheard(
            timer, new Pricing(null), (place, failure) -> failures.add(failure));
    List<CallRecord> records = new ArrayList<>();
    new WarmUp(
            () ->
                EngineConfiguration.settings(
                    loaded.config(), policies, Collections.emptyList(), InitialisedClasses.NONE),
            timer,
            () -> null,
            (place, failure) -> failures.add(failure))
        .call(records::add);
    return records;
  }

  @Test
  void callsGoThroughAllThatTheUserHasSetAndNowhere() {
    for (String arguments :
        new String[] {
          "",
          "mode=observe",
          "fallback.chain=b,target.b.url=http://127.0.0.1:9/v1,hedge.enabled=true",
          "budget.all.limit=10 calls,budget.all.window=1h,content.capture=true"
        }) {
      assertThat(calls(arguments))
          .as(arguments)
          .hasSize(2)
          .allSatisfy(record -> assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS))
          .allSatisfy(record -> assertThat(record.usage().total()).isEqualTo(2));
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void settingsThatLetNoCallThroughAreNoFailure() {
    assertThat(calls("request.max-cost=0.000000001 USD,timeout.call=1ms")).hasSize(2);
    assertThat(failures).isEmpty();
  }
}
