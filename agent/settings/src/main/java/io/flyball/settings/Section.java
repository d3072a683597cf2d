package io.flyball.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Properties that belong together, in the order in which they are documented, and what they are
 * read to. Whoever has settings declares one; all there are make a {@link Schema}. Immutable.
 *
 * @param <C> what its values are read to; immutable
 */
public final class Section<C> {
  private final String title;
  private final String introduction;
  private final Function<Values, C> reader;
  private final List<Property<?>> properties;
  private final List<Rule> rules;
  private final List<OtherFile> otherFiles;

  private Section(
      String title,
      String introduction,
      Function<Values, C> reader,
      List<Property<?>> properties,
      List<Rule> rules,
      List<OtherFile> otherFiles) {
    this.title = Objects.requireNonNull(title, "title");
    this.introduction = Objects.requireNonNull(introduction, "introduction");
    this.reader = Objects.requireNonNull(reader, "reader");
    this.properties = Collections.unmodifiableList(new ArrayList<>(properties));
    this.rules = Collections.unmodifiableList(new ArrayList<>(rules));
    this.otherFiles = Collections.unmodifiableList(new ArrayList<>(otherFiles));
  }

  /**
   * @param introduction what the documentation says before the table; may be empty
   * @param reader makes {@code C} of the values in force, and never throws: each value is one of
   *     its property's type, and the default stands where the user's was wrong
   * @param <C> what its values are read to
   */
  public static <C> Section<C> of(
      String title, String introduction, Function<Values, C> reader, Property<?>... properties) {
    return new Section<>(
        title,
        introduction,
        reader,
        Arrays.asList(properties),
        Collections.emptyList(),
        Collections.emptyList());
  }

  /** The same with one more rule, behind those it has. */
  public Section<C> with(Rule rule) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(rule);
    return new Section<>(title, introduction, reader, properties, more, otherFiles);
  }

  /**
   * The same with a file that one of its settings names, and that might be given as the
   * configuration.
   */
  public Section<C> with(OtherFile file) {
    List<OtherFile> more = new ArrayList<>(otherFiles);
    more.add(file);
    return new Section<>(title, introduction, reader, properties, rules, more);
  }

  public String title() {
    return title;
  }

  /** May be empty. */
  public String introduction() {
    return introduction;
  }

  public List<Property<?>> properties() {
    return properties;
  }

  List<Rule> rules() {
    return rules;
  }

  List<OtherFile> otherFiles() {
    return otherFiles;
  }

  C read(Values values) {
    return reader.apply(values);
  }
}
