package io.flyball.instrumentation.testing;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Hooks;
import io.flyball.bootstrap.Outcome;
import io.flyball.bootstrap.TaskHooks;
import io.flyball.bootstrap.Tasks;
import io.flyball.engine.Engine;
import io.flyball.engine.EngineSettings;
import io.flyball.engine.Mode;
import io.flyball.engine.Recogniser;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Stage;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.request.RequestLimits;
import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.instrumentation.testing.stage.ScriptedStage;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.wire.Gateway;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.ResettableClassFileTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.JavaModule;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An agent inside the test's own JVM: weaves one instrumentation's hooks, makes its plugin in the
 * application loader and runs an engine with {@link ScriptedStage}. Does nothing when the real
 * agent is attached ({@code test.agent.attached}), so that one test class covers both.
 */
public final class InProcessAgent implements BeforeAllCallback, AfterAllCallback {
  /**
   * True in a JVM that was started with the agent for tests. Its name is not one of Flyball's: the
   * agent takes an unknown {@code flyball.*} property for a mistake and switches itself off.
   */
  public static final String ATTACHED_PROPERTY = "test.agent.attached";

  /** What the engine takes for a provider's host, at any port. */
  public static final String MODEL_HOST = "localhost";

  private final ClientInstrumentation client;
  private final boolean govern;
  private Policies policies = Policies.NONE;
  private boolean scripted = true;
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<CallRecord> records = new CopyOnWriteArrayList<>();
  private ResettableClassFileTransformer woven;
  private Instrumentation instrumentation;
  private Hooks connected;
  private volatile Gateway gateway;

  private InProcessAgent(ClientInstrumentation client, boolean govern) {
    this.client = client;
    this.govern = govern;
  }

  /** With {@code flyball.mode=govern}. */
  public static InProcessAgent govern(ClientInstrumentation client) {
    return new InProcessAgent(client, true);
  }

  /** With {@code flyball.mode=observe}. */
  public static InProcessAgent observe(ClientInstrumentation client) {
    return new InProcessAgent(client, false);
  }

  /** As a user has it who has set what no call may exceed, so that every request must be read. */
  public static InProcessAgent guard(ClientInstrumentation client) {
    return govern(client)
        .unscripted()
        .with(
            Policies.builder()
                .requestLimits(
                    RequestLimits.builder().maxInputTokens(1_000).build(),
                    new CostBounds(
                        (provider, host, model) -> null,
                        (provider, host, model) -> 1_000,
                        (body, model) -> body.length))
                .build());
  }

  /** The same agent with these policies; without them only {@link ScriptedStage} is at work. */
  public InProcessAgent with(Policies thePolicies) {
    policies = thePolicies;
    return this;
  }

  /**
   * The same agent without {@link ScriptedStage}: as a user has it, for whom nobody but the wire
   * answers.
   */
  public InProcessAgent unscripted() {
    scripted = false;
    return this;
  }

  /** Whether the real agent is there and this one keeps still. */
  public static boolean attached() {
    return Boolean.getBoolean(ATTACHED_PROPERTY);
  }

  /** Whether requests and answers may be changed. */
  public boolean governs() {
    return attached() ? !"observe".equals(System.getProperty("flyball.mode")) : govern;
  }

  /**
   * Its engine, for a test that plays the client below an SDK; null when the real agent is there.
   */
  public Gateway gateway() {
    return gateway;
  }

  /** The calls that ended so far; always empty when the real agent is attached. */
  public List<CallRecord> records() {
    return Collections.unmodifiableList(records);
  }

  /** Internal failures so far: what a user would find in the log. */
  public Collection<Throwable> failures() {
    return failures;
  }

  /** Takes one expected failure off the list; fails when there is none. */
  public void expectFailure() {
    if (!attached() && failures.poll() == null) {
      throw new AssertionError("no internal failure was reported");
    }
  }

  /** Cuts the woven code off from the agent while the work runs. */
  public void disconnectedWhile(Work work) throws Exception {
    Bridge.connect(null);
    TaskHooks tasks = Tasks.connect(null);
    try {
      work.run();
    } finally {
      Bridge.connect(connected);
      Tasks.connect(tasks);
    }
  }

  /** What a test does. */
  public interface Work {
    void run() throws Exception;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    if (attached()) {
      return;
    }
    instrumentation = ByteBuddyAgent.install();
    gateway = engine();
    Plugin plugin =
        (Plugin)
            Class.forName(client.pluginClassName())
                .getConstructor(Gateway.class)
                .newInstance(gateway);
    connected = new Direct(plugin);
    if (plugin instanceof TaskHooks) {
      Tasks.connect((TaskHooks) plugin);
    }
    woven = weave();
    Bridge.connect(connected);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (woven != null) {
      Bridge.connect(null);
      Tasks.connect(null);
      woven.reset(instrumentation, AgentBuilder.RedefinitionStrategy.RETRANSFORMATION);
    }
  }

  private Gateway engine() {
    EngineSettings settings =
        EngineSettings.builder(new WithModelHost(new Protocols(Collections.<Endpoint>emptyList())))
            .mode(govern ? Mode.GOVERN : Mode.OBSERVE)
            .addedStages(
                scripted
                    ? Collections.<Stage>singletonList(new ScriptedStage())
                    : Collections.<Stage>emptyList())
            .policies(policies)
            .build();
    return Engine.builder(settings, records::add, (place, failure) -> failures.add(failure))
        .build();
  }

  /** Knows one host more that serves models, {@link #MODEL_HOST}. */
  private static final class WithModelHost implements Recogniser {
    private final Protocols protocols;

    WithModelHost(Protocols protocols) {
      this.protocols = protocols;
    }

    @Override
    public boolean mayMatch(String method, String path) {
      return protocols.mayMatch(method, path);
    }

    @Override
    public boolean mayMatch(String method, String host, int port, String path) {
      return protocols.mayMatch(method, host, port, path);
    }

    @Override
    public RequestFacts recognise(RequestHead head, byte[] body) {
      return protocols.recognise(head, body);
    }

    @Override
    public RequestFacts recogniseUnread(RequestHead head) {
      return protocols.recogniseUnread(head);
    }

    @Override
    public RequestFacts recogniseUnknown(RequestHead head, byte[] body) {
      return protocols.recogniseUnknown(head, body);
    }

    @Override
    public boolean isModelHost(String host, int port) {
      return host.equals(MODEL_HOST) || protocols.isModelHost(host, port);
    }
  }

  private ResettableClassFileTransformer weave() {
    loadHookedClassesOfTheJdk();
    ClassFileLocator advice = ClassFileLocator.ForClassLoader.of(getClass().getClassLoader());
    AgentBuilder builder =
        new AgentBuilder.Default()
            .disableClassFormatChanges()
            .ignore(ElementMatchers.none())
            .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
            .with(
                new AgentBuilder.Listener.Adapter() {
                  @Override
                  public void onError(
                      String type,
                      ClassLoader loader,
                      JavaModule module,
                      boolean loaded,
                      Throwable failure) {
                    failures.add(failure);
                  }
                });
    for (Hook hook : client.hooks()) {
      builder =
          builder
              .type(ElementMatchers.named(hook.type()))
              .transform(
                  (type, description, loader, module, domain) -> type.visit(change(hook, advice)));
    }
    return builder.installOn(instrumentation);
  }

  /** Those that come from the JVM's archive later are not always shown to transformers. */
  private void loadHookedClassesOfTheJdk() {
    for (Hook hook : client.hooks()) {
      try {
        Class.forName(hook.type(), false, null);
      } catch (ClassNotFoundException ofALibrary) {
        // Woven when it is defined.
      }
    }
  }

  private static AsmVisitorWrapper change(Hook hook, ClassFileLocator advice) {
    if (!hook.replacesRun()) {
      return Advice.to(describe(hook.adviceClassName(), advice), advice).on(matcher(hook));
    }
    try {
      return MemberSubstitution.relaxed()
          .method(ElementMatchers.named("run").and(ElementMatchers.isDeclaredBy(Runnable.class)))
          .replaceWith(Tasks.class.getMethod("run", Runnable.class))
          .on(matcher(hook));
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  private static TypeDescription describe(String adviceClassName, ClassFileLocator locator) {
    return TypePool.Default.of(locator).describe(adviceClassName).resolve();
  }

  private static ElementMatcher<MethodDescription> matcher(Hook hook) {
    return method -> {
      List<String> parameters = new ArrayList<>();
      for (TypeDescription parameter : method.getParameters().asTypeList().asErasures()) {
        parameters.add(parameter.getName());
      }
      return method.getInternalName().equals(hook.method())
          && (hook.hasAnyParameters() || parameters.equals(hook.parameterTypes()));
    };
  }

  private final class Direct implements Hooks {
    private final Plugin plugin;

    Direct(Plugin plugin) {
      this.plugin = plugin;
    }

    @Override
    public Outcome enter(String hook, Object self, Object[] arguments) {
      try {
        return plugin.enter(hook, self, arguments);
      } catch (Throwable failure) {
        failures.add(failure);
        return null;
      }
    }

    @Override
    public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
      try {
        return plugin.exit(hook, self, arguments, result);
      } catch (Throwable failure) {
        failures.add(failure);
        return null;
      }
    }
  }
}
