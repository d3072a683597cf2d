package io.flyball.engine.capability;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Something that the console shows as a table, and its API as {@code /api/<name>}: an object with
 * one list of that name, whose objects have a field for each column. Immutable; rows are made anew
 * each time it is looked at.
 */
public final class View {
  /** How values are shown on the page. In the API they are as they are. */
  public enum Kind {
    TEXT,
    /** A number of things. */
    COUNT,
    /** A time span in milliseconds; 0 is shown as none. */
    MILLIS
  }

  /** One of its columns. Immutable. */
  public static final class Column {
    private final String field;
    private final String title;
    private final Kind kind;
    private final String usual;

    private Column(String field, String title, Kind kind, String usual) {
      this.field = Objects.requireNonNull(field, "field");
      this.title = Objects.requireNonNull(title, "title");
      this.kind = kind;
      this.usual = usual;
    }

    /** In the API: snake_case. */
    public String field() {
      return field;
    }

    public String title() {
      return title;
    }

    public Kind kind() {
      return kind;
    }

    /** Values other than this are pointed out; null when none are. */
    public String usual() {
      return usual;
    }
  }

  private final String name;
  private final String title;
  private final List<Column> columns;
  private final Supplier<List<Object[]>> rows;

  private View(String name, String title, List<Column> columns, Supplier<List<Object[]>> rows) {
    this.name = name;
    this.title = title;
    this.columns = Collections.unmodifiableList(new ArrayList<>(columns));
    this.rows = rows;
  }

  /**
   * Begins one.
   *
   * @param name in the API: snake_case
   * @param title above the table
   * @param rows what each row is made of, in the order in which they are shown
   */
  public static <R> Builder<R> of(String name, String title, Supplier<List<R>> rows) {
    return new Builder<>(name, title, rows);
  }

  public String name() {
    return name;
  }

  public String title() {
    return title;
  }

  public List<Column> columns() {
    return columns;
  }

  /** As they are now: the values of the columns, in their order: String, Long, Double or null. */
  public List<Object[]> rows() {
    return rows.get();
  }

  /**
   * Columns of a view, in their order.
   *
   * @param <R> what a row is made of
   */
  public static final class Builder<R> {
    private final String name;
    private final String title;
    private final Supplier<List<R>> rows;
    private final List<Column> columns = new ArrayList<>();
    private final List<Function<R, Object>> values = new ArrayList<>();

    private Builder(String name, String title, Supplier<List<R>> rows) {
      this.name = Objects.requireNonNull(name, "name");
      this.title = Objects.requireNonNull(title, "title");
      this.rows = Objects.requireNonNull(rows, "rows");
    }

    private Builder<R> add(Column column, Function<R, Object> value) {
      columns.add(column);
      values.add(value);
      return this;
    }

    public Builder<R> text(String field, String columnTitle, Function<R, String> value) {
      return add(new Column(field, columnTitle, Kind.TEXT, null), value::apply);
    }

    /** The same; values other than {@code usual} are pointed out. */
    public Builder<R> text(
        String field, String columnTitle, String usual, Function<R, String> value) {
      return add(new Column(field, columnTitle, Kind.TEXT, usual), value::apply);
    }

    public Builder<R> count(String field, String columnTitle, ToLongFunction<R> value) {
      return add(new Column(field, columnTitle, Kind.COUNT, null), value::applyAsLong);
    }

    public Builder<R> millis(String field, String columnTitle, ToDoubleFunction<R> value) {
      return add(new Column(field, columnTitle, Kind.MILLIS, null), value::applyAsDouble);
    }

    public View build() {
      List<Function<R, Object>> each = new ArrayList<>(values);
      return new View(
          name,
          title,
          columns,
          () -> {
            List<Object[]> made = new ArrayList<>();
            for (R row : rows.get()) {
              Object[] line = new Object[each.size()];
              for (int i = 0; i < line.length; i++) {
                line[i] = each.get(i).apply(row);
              }
              made.add(line);
            }
            return made;
          });
    }
  }
}
