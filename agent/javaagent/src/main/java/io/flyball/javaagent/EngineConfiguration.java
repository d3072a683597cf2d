package io.flyball.javaagent;

import io.flyball.engine.EngineSettings;
import io.flyball.engine.anomaly.AnomalySettings;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.attribute.InitialisedClasses;
import io.flyball.engine.call.Stage;
import io.flyball.engine.config.FlyballConfig;
import io.flyball.engine.config.TargetSettings;
import io.flyball.engine.pipeline.Policies;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import java.util.ArrayList;
import java.util.List;

/** Says to the engine what the user configured. */
final class EngineConfiguration {
  private EngineConfiguration() {}

  static EngineSettings settings(
      FlyballConfig config,
      PolicyConfiguration policies,
      List<Stage> addedStages,
      InitialisedClasses classes) {
    Policies inForce = policies.policies(config);
    return EngineSettings.builder(new Protocols(endpoints(config)))
        .mode(config.mode())
        .policies(inForce)
        .suppressSdkRetries(inForce.suppressesSdkRetries())
        .attribution(
            new AttributionRules(config.service(), config.attribution().sources(), classes))
        .inboundDeadline(config.timeout().inbound())
        .bypassAllowed(config.bypass().allowed())
        .keepsRequests(keepsRequests(config))
        .addedStages(addedStages)
        .capture(
            config.content().capture() ? config.content().sample() : 0,
            Accounting.CAPTURED_CHARACTERS)
        .build();
  }

  private static boolean keepsRequests(FlyballConfig config) {
    AnomalySettings watched = config.anomaly().settings();
    return (watched != null && watched.watchesLoops()) || Accounting.isToldOfOneByOne(config);
  }

  /** What calls are sent to is a model endpoint, too. */
  static List<Endpoint> endpoints(FlyballConfig config) {
    List<Endpoint> endpoints = new ArrayList<>(config.endpoint().all());
    for (TargetSettings target : config.target().byName().values()) {
      String protocol = target.protocol();
      String family = protocol.equals("openai-chat") ? "openai" : protocol;
      endpoints.add(new Endpoint(target.name(), target.url(), family));
    }
    return endpoints;
  }
}
