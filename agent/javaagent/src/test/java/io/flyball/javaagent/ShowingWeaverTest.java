package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Hooks;
import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.ClientInstrumentation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.ClassFileLocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What hooks that only show do: to the woven class nothing. */
class ShowingWeaverTest {
  private final List<String> shown = new ArrayList<>();

  @BeforeEach
  void listen() {
    Bridge.connect(
        new Hooks() {
          @Override
          public Outcome enter(String hook, Object self, Object[] arguments) {
            shown.add(
                hook + (self == null ? " " : " of an object ") + Arrays.deepToString(arguments));
            return null;
          }

          @Override
          public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
            throw new AssertionError();
          }
        });
  }

  @AfterEach
  void stop() {
    Bridge.connect(null);
  }

  /** Branches before super(), parameters of all sizes that are assigned to, loops, handlers. */
  static class Connector {
    final String made;

    Connector(String host, long port) {
      this(host, port > 0 ? (int) port : 443);
      port = 0;
    }

    private Connector(String host, int port) {
      made = host + ':' + port;
    }

    static String connect(
        boolean a, byte b, char c, short d, int e, long f, float g, double h, int[] i, String j) {
      for (; e > 0; e--) {
        f += e;
      }
      try {
        j = j.trim();
      } catch (NullPointerException none) {
        j = "none";
      }
      return "" + a + b + c + d + e + f + g + h + i.length + j;
    }

    String connect() {
      return made;
    }
  }

  private static Class<?> woven(String... methods) throws Exception {
    String name = Connector.class.getName();
    byte[] bytes = ClassFileLocator.ForClassLoader.read(Connector.class);
    byte[] woven = ShowingWeaver.weave(bytes, new TreeSet<>(Arrays.asList(methods)), "h:T");
    ClassLoader loader =
        new ClassLoader(ShowingWeaverTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String wanted, boolean resolve)
              throws ClassNotFoundException {
            return wanted.equals(name)
                ? defineClass(name, woven, 0, woven.length)
                : super.loadClass(wanted, resolve);
          }
        };
    return Class.forName(name, true, loader);
  }

  @Test
  void allKindsOfArgumentsAreShownAsTheyCame() throws Exception {
    Class<?> woven = woven("connect");
    Object[] arguments = {
      true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, new int[] {7}, " api.example.com "
    };
    Object result = null;
    for (Method method : woven.getDeclaredMethods()) {
      if (method.getParameterCount() == arguments.length) {
        method.setAccessible(true);
        result = method.invoke(null, arguments);
      }
    }

    assertThat(result).isEqualTo("true1c20105.06.01api.example.com");
    assertThat(shown)
        .containsExactly("h:T [true, 1, c, 2, 3, 4, 5.0, 6.0, [7],  api.example.com ]");
  }

  @Test
  void constructorsShowTheirArgumentsAndMethodsTheirObject() throws Exception {
    Constructor<?> constructor =
        woven("<init>", "connect").getDeclaredConstructor(String.class, long.class);
    constructor.setAccessible(true);
    Object made = constructor.newInstance("h", 0L);
    Method connect = made.getClass().getDeclaredMethod("connect");
    connect.setAccessible(true);

    assertThat(connect.invoke(made)).isEqualTo("h:443");
    assertThat(shown).containsExactly("h:T [h, 0]", "h:T [h, 443]", "h:T of an object []");
  }

  /** The agent's own classes, as the JVM would get them: every method woven, all verified. */
  @Test
  void anyClassIsStillOne() throws Exception {
    List<String> names =
        Arrays.asList(
            "io.flyball.javaagent.ShowingWeaver",
            "io.flyball.javaagent.Weaver",
            "io.flyball.engine.Engine",
            "net.bytebuddy.jar.asm.ClassReader",
            "com.fasterxml.jackson.core.json.UTF8StreamJsonParser");
    for (String name : names) {
      byte[] bytes = ClassFileLocator.ForClassLoader.read(Class.forName(name));
      TreeSet<String> methods = new TreeSet<>();
      for (Method method : Class.forName(name).getDeclaredMethods()) {
        methods.add(method.getName());
      }
      methods.add("<init>");
      byte[] woven = ShowingWeaver.weave(bytes, methods, "h:" + name);
      ClassLoader loader =
          new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> loadClass(String wanted, boolean resolve)
                throws ClassNotFoundException {
              return wanted.equals(name)
                  ? defineClass(name, woven, 0, woven.length)
                  : super.loadClass(wanted, resolve);
            }
          };
      assertThat(Class.forName(name, true, loader).getDeclaredMethods()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "reactor.netty.http.client.HttpClientConnect, Reactor Netty",
    "software.amazon.awssdk.http.apache.ApacheHttpClient, AWS SDK 2 (Apache)",
    "org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager, Apache HttpClient 5"
  })
  void aClientThatIsOnlyKnownIsSeenByItsClass(String typeName, String client) {
    List<String> seen = new ArrayList<>();
    List<ClientInstrumentation> known =
        Instrumentations.in(getClass().getClassLoader()).stream()
            .filter(each -> !each.governs())
            .collect(Collectors.toList());
    ShowingWeaver weaver =
        new ShowingWeaver(
            known, loader -> true, (each, type, domain) -> seen.add(each.clientOf(type)));
    byte[] bytes = new ByteBuddy().subclass(Object.class).name(typeName).make().getBytes();

    weaver.transform(null, typeName.replace('.', '/'), null, null, bytes);

    assertThat(seen).isEqualTo(Collections.singletonList(client));
  }
}
