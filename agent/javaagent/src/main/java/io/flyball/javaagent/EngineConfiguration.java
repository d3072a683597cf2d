package io.flyball.javaagent;

import io.flyball.engine.EngineSettings;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.attribute.InitialisedClasses;
import io.flyball.engine.call.Stage;
import io.flyball.engine.config.FlyballConfig;
import io.flyball.protocol.Protocols;
import java.util.List;

/** Says to the engine what the user configured. */
final class EngineConfiguration {
  private EngineConfiguration() {}

  static EngineSettings settings(
      FlyballConfig config, List<Stage> addedStages, InitialisedClasses classes) {
    return EngineSettings.builder(new Protocols(config.endpoint().all()))
        .mode(config.mode())
        .attribution(
            new AttributionRules(config.service(), config.attribution().sources(), classes))
        .addedStages(addedStages)
        .capture(
            config.content().capture() ? config.content().sample() : 0,
            Accounting.CAPTURED_CHARACTERS)
        .build();
  }
}
