package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One thing that is done with a kind of resource: what it takes and what it asks of the API. */
final class Verb {
  /** How a verb asks, and how its answer looks. */
  enum Kind {
    /** All pages of a list, as rows. */
    LIST,
    /** One thing, with everything that is known of it. */
    SHOW,
    /** A change, and the thing after it. */
    ACT,
    /** Looks until the thing is in a state. */
    WAIT
  }

  /**
   * What the words of a command line stand for in a path.
   *
   * @param scope the tenant or project, empty where neither counts
   * @param items what was named, in the order of the arguments
   */
  record Named(String scope, List<String> items) {
    String item() {
      return items.getFirst();
    }

    String second() {
      return items.get(1);
    }
  }

  /** A word of the command line that names something. */
  record Argument(String label, String sample, String description) {}

  private final Kind kind;
  private final String name;
  private final String description;
  private final Function<Named, Call<?, ?>> call;
  private final List<Argument> arguments = new ArrayList<>();
  private final List<Input> inputs = new ArrayList<>();
  private @Nullable Function<Named, Call<Call.Nothing, ?>> seen;
  private @Nullable Function<Named, Call<Call.Nothing, ?>> ofAny;
  private @Nullable Columns columns;
  private @Nullable String question;
  private List<String> states = List.of();
  private boolean takesFile;

  Verb(Kind kind, String name, String description, Function<Named, Call<?, ?>> call) {
    this.kind = kind;
    this.name = name;
    this.description = description;
    this.call = call;
  }

  /** It names things. */
  Verb names(Argument... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** It takes options. */
  Verb takes(Input... more) {
    inputs.addAll(List.of(more));
    return this;
  }

  /** It takes the rest of its body from a file. */
  Verb takesFile() {
    takesFile = true;
    return this;
  }

  /** It acts on the version of a thing that this shows. */
  Verb onWhatIsSeen(@Nullable Function<Named, Call<Call.Nothing, ?>> shows) {
    seen = shows;
    return this;
  }

  /** Who is no member asks here instead, as one of the platform's people. */
  Verb orAsStaff(Function<Named, Call<Call.Nothing, ?>> asks) {
    ofAny = asks;
    return this;
  }

  /** Its answer is rows with these columns. */
  Verb rows(@Nullable Columns of) {
    columns = of;
    return this;
  }

  /** It cannot be undone: a person is asked, a script must say --yes. {@code %s} is the thing. */
  Verb asks(String text) {
    question = text;
    return this;
  }

  /** It waits for one of these states. */
  Verb untilOneOf(List<String> all) {
    states = List.copyOf(all);
    return this;
  }

  Kind kind() {
    return kind;
  }

  String name() {
    return name;
  }

  String description() {
    return description;
  }

  List<Argument> arguments() {
    return arguments;
  }

  List<Input> inputs() {
    return inputs;
  }

  boolean isFromFile() {
    return takesFile;
  }

  @Nullable Columns columns() {
    return columns;
  }

  @Nullable String question() {
    return question;
  }

  List<String> states() {
    return states;
  }

  Call<?, ?> call(Named named) {
    return call.apply(named);
  }

  @Nullable Call<Call.Nothing, ?> ofAny(Named named) {
    return ofAny == null ? null : ofAny.apply(named);
  }

  @Nullable Call<Call.Nothing, ?> seen(Named named) {
    return seen == null ? null : seen.apply(named);
  }
}
