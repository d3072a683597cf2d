package io.flyball.instrumentation.testing.stage;

import io.flyball.engine.call.Stage;
import io.flyball.engine.call.StageProvider;

/** Puts {@link ScriptedStage} into an agent that is attached for tests. */
public final class ScriptedStageProvider implements StageProvider {

  @Override
  public Stage create() {
    return new ScriptedStage();
  }
}
