package io.flyball.protocol.conversation;

import io.flyball.protocol.json.JsonTree;

/** A call that is no conversation: it has to be for the same model. */
final class SameOther extends SameProtocol {
  SameOther(SourceCall call, JsonTree body, TargetModel target) {
    super(call, body, target);
  }

  @Override
  void adapt() throws UntranslatableException {
    if (otherModel) {
      throw new UntranslatableException(call.operation() + " of another model");
    }
  }
}
