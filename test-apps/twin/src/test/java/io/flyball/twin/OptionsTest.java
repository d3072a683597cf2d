package io.flyball.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a command line is said in its own words. */
class OptionsTest {
  @ParameterizedTest
  @ValueSource(strings = {"--seed", "--cases", "--minutes", "--case", "--jdk", "--in-flight"})
  void whatIsNoNumberIsToldWithItsOption(String option) {
    for (String wrong : new String[] {"x", "", "1.5", "-1", "99999999999999999999"}) {
      assertThatThrownBy(() -> Options.parse(option, wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(option + " needs a whole number, not '" + wrong + "'");
    }
  }

  @Test
  void numbersAreTaken() {
    assertThat(Options.parse("--cases", "7", "--seed", "8").cases).isEqualTo(7);
  }

  /** Of the script, too, as ./flyball help shows it. */
  @Test
  void everyOptionStandsInTheHelp() throws IOException {
    String script = Files.readString(Path.of("../../flyball"));
    Matcher options = Pattern.compile("--[a-z]+").matcher(Options.USAGE);
    int found = 0;
    while (options.find()) {
      assertThat(script).contains(options.group());
      found++;
    }
    assertThat(found).isGreaterThan(8);
  }
}
