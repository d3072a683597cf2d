package io.flyball.instrumentation.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of a servlet's mappings a request came by. */
class RoutesTest {

  @ParameterizedTest
  @CsvSource({
    "/a;/a/*,       /a,     ,       /a",
    "/a;/a/*,       /a,     /17,    /a/*",
    "/*,            '',     /a/17,  /*",
    "/a/*;*.do,     /b.do,  ,       *.do",
    "/a/*;/,        /b/17,  ,       /",
    "/a/*;*.do,     /b/17,  ,       ",
    "/,             ,       ,       /",
    "'',            '',     /,      ",
  })
  void isFoundAsContainersDo(String mappings, String servletPath, String pathInfo, String route) {
    assertThat(Routes.mapping(Arrays.asList(mappings.split(";")), servletPath, pathInfo))
        .isEqualTo(route);
  }
}
