package io.flyball.instrumentation.example;

import example.Client;
import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;

/** Links to the application's {@code example.Client}, and fails on request. */
public final class ExamplePlugin implements Plugin {
  /** Pins the loader when anything of ours keeps the plugin. */
  private Client last;

  public ExamplePlugin(Gateway gateway) {
    if (gateway == null) {
      throw new NullPointerException("gateway");
    }
  }

  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    last = (Client) self;
    String question = (String) arguments[0];
    if (question.equals("unlinkable")) {
      throw new NoSuchMethodError("secret");
    }
    if (question.equals("broken")) {
      throw new IllegalStateException("secret");
    }
    return Outcome.value("governed:" + question + (last == self ? "" : "?"));
  }
}
