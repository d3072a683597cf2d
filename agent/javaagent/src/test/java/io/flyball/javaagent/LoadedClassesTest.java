package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.attribute.InitialisedClasses;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Finds what an application uses, without becoming a user of it. */
class LoadedClassesTest {
  private static final String USED = Used.class.getName();
  private static final String BROKEN = Broken.class.getName();

  private InitialisedClasses classes;

  /** A class of the application; its copies are loaded by the loaders below. */
  public static final class Used {
    private Used() {}
  }

  /** A class whose initialiser fails. */
  public static final class Broken {
    private static final int NEVER = Integer.parseInt("not a number");

    private Broken() {}
  }

  /** An application's loader, which tells what it was asked for. */
  private static final class Application extends URLClassLoader {
    final List<String> asked = new ArrayList<>();

    Application(ClassLoader parent) {
      super(
          new URL[] {LoadedClassesTest.class.getProtectionDomain().getCodeSource().getLocation()},
          parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      asked.add(name);
      return super.loadClass(name, resolve);
    }
  }

  @BeforeEach
  void ask() throws Exception {
    classes = LoadedClasses.in(ByteBuddyAgent.install());
  }

  @Test
  void aClassIsFoundOnceTheApplicationHasInitialisedIt() throws Exception {
    try (Application application = new Application(null)) {
      assertThat(classes.find(application, USED)).isNull();
      Class<?> used = application.loadClass(USED);
      assertThat(classes.find(application, USED)).isNull();
      Class.forName(USED, true, application);
      assertThat(classes.find(application, USED)).isSameAs(used);
    }
  }

  @Test
  void nothingIsLoadedByAsking() throws Exception {
    try (Application application = new Application(null)) {
      assertThat(classes.find(application, USED)).isNull();
      assertThat(application.asked).isEmpty();
    }
  }

  @Test
  void aLoaderSeesWhatItsParentsHaveInitialisedUnlessItHasItsOwn() throws Exception {
    try (Application parent = new Application(null);
        Application child = new Application(parent);
        Application other = new Application(null)) {
      Class<?> used = Class.forName(USED, true, parent);
      assertThat(classes.find(child, USED)).isSameAs(used);
      assertThat(classes.find(other, USED)).isNull();
      Class<?> own = Class.forName(USED, true, other);
      assertThat(classes.find(other, USED)).isSameAs(own).isNotSameAs(used);
    }
  }

  @Test
  void aClassThatCouldNotBeInitialisedIsLeftAlone() throws Exception {
    try (Application application = new Application(null)) {
      assertThatThrownBy(() -> Class.forName(BROKEN, true, application))
          .isInstanceOf(ExceptionInInitializerError.class);
      assertThat(classes.find(application, BROKEN)).isNull();
    }
  }
}
