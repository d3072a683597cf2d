package io.flyball.engine.pipeline;

import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.call.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The order in which the stages stand. The whole call is measured around it, every attempt in it.
 */
public final class StandardPipeline {

  private StandardPipeline() {}

  /** Nothing between the application and the wire. */
  public static Pipeline observing(InternalErrors errors) {
    return new Pipeline(Collections.<Stage>emptyList(), errors);
  }

  /**
   * The policies between the application and the wire.
   *
   * @param added stages from elsewhere, outermost first; they see the application's {@code
   *     x-flyball-*} headers, and answers that have committed
   */
  public static Pipeline governing(List<Stage> added, InternalErrors errors) {
    List<Stage> stages = new ArrayList<>(added);
    if (!added.isEmpty()) {
      stages.add(new CommitGate());
    }
    stages.add(new AskForUsage(errors));
    stages.add(new ReadableEncoding());
    stages.add(new OwnHeaders());
    return new Pipeline(stages, errors);
  }
}
