package io.flyball.javaagent;

import io.flyball.engine.EngineSettings;
import io.flyball.engine.Mode;
import io.flyball.engine.attribute.AttributionKey;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.call.Stage;
import io.flyball.engine.config.AttributionConfig;
import io.flyball.engine.config.AttributionSource;
import io.flyball.engine.config.FlyballConfig;
import io.flyball.protocol.Protocols;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Says to the engine what the user configured. */
final class EngineConfiguration {
  /** Of an answer that is kept, at most. */
  private static final int CAPTURED_CHARACTERS = 64 * 1024;

  private EngineConfiguration() {}

  static EngineSettings settings(FlyballConfig config, List<Stage> addedStages) {
    return EngineSettings.builder(new Protocols(config.endpoint().all()))
        .mode(config.mode() == io.flyball.engine.config.Mode.OBSERVE ? Mode.OBSERVE : Mode.GOVERN)
        .attribution(attribution(config))
        .addedStages(addedStages)
        .capture(config.content().capture() ? config.content().sample() : 0, CAPTURED_CHARACTERS)
        .build();
  }

  private static AttributionRules attribution(FlyballConfig config) {
    AttributionConfig configured = config.attribution();
    Map<AttributionKey, List<String>> sources = new EnumMap<>(AttributionKey.class);
    sources.put(AttributionKey.TENANT, written(configured.tenant()));
    sources.put(AttributionKey.FEATURE, written(configured.feature()));
    sources.put(AttributionKey.USER, written(configured.user()));
    sources.put(AttributionKey.LOCALE, written(configured.locale()));
    sources.put(AttributionKey.PROMPT_VERSION, written(configured.promptVersion()));
    return new AttributionRules(config.service(), sources);
  }

  private static List<String> written(List<AttributionSource> sources) {
    List<String> texts = new ArrayList<>();
    for (AttributionSource source : sources) {
      texts.add(source.toString());
    }
    return texts;
  }
}
