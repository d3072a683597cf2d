package io.flyball.javaagent;

import io.flyball.engine.EngineSettings;
import io.flyball.engine.anomaly.AnomalySettings;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.attribute.InitialisedClasses;
import io.flyball.engine.call.Stage;
import io.flyball.engine.config.AgentConfig;
import io.flyball.engine.config.AnomalyConfig;
import io.flyball.engine.config.AttributionConfig;
import io.flyball.engine.config.BypassConfig;
import io.flyball.engine.config.ContentConfig;
import io.flyball.engine.config.EndpointConfig;
import io.flyball.engine.config.TargetConfig;
import io.flyball.engine.config.TargetSettings;
import io.flyball.engine.config.TimeoutConfig;
import io.flyball.engine.pipeline.Policies;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/** Says to the engine what the user configured. */
final class EngineConfiguration {
  private EngineConfiguration() {}

  static EngineSettings settings(
      Settings config,
      PolicyConfiguration policies,
      List<Stage> addedStages,
      InitialisedClasses classes) {
    Policies inForce = policies.policies(config);
    return EngineSettings.builder(new Protocols(endpoints(config)))
        .mode(config.get(AgentConfig.SECTION).mode())
        .policies(inForce)
        .suppressSdkRetries(inForce.suppressesSdkRetries())
        .attribution(
            new AttributionRules(
                config.get(AgentConfig.SECTION).service(),
                config.get(AttributionConfig.SECTION).sources(),
                classes))
        .inboundDeadline(config.get(TimeoutConfig.SECTION).inbound())
        .bypassAllowed(config.get(BypassConfig.SECTION).allowed())
        .keepsRequests(keepsRequests(config))
        .addedStages(addedStages)
        .capture(
            config.get(ContentConfig.SECTION).capture()
                ? config.get(ContentConfig.SECTION).sample()
                : 0,
            Accounting.CAPTURED_CHARACTERS)
        .build();
  }

  private static boolean keepsRequests(Settings config) {
    AnomalySettings watched = config.get(AnomalyConfig.SECTION).settings();
    return (watched != null && watched.watchesLoops()) || Accounting.isToldOfOneByOne(config);
  }

  /** What calls are sent to is a model endpoint, too. */
  static List<Endpoint> endpoints(Settings config) {
    List<Endpoint> endpoints = new ArrayList<>(config.get(EndpointConfig.SECTION).all());
    for (TargetSettings target : config.get(TargetConfig.SECTION).byName().values()) {
      String protocol = target.protocol();
      String family = protocol.equals("openai-chat") ? "openai" : protocol;
      endpoints.add(new Endpoint(target.name(), target.url(), family));
    }
    return endpoints;
  }
}
