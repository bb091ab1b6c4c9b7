package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A kind of thing of the API as a group of commands: what one of it is called, how it looks and
 * what is done with it. A new kind costs no class, only its description.
 */
final class Resource {
  /** Where a thing belongs, which says which options name that. */
  enum Scope {
    /** The platform's own. */
    PLATFORM,
    /** A tenant's. */
    TENANT,
    /** A project's. */
    PROJECT
  }

  private final String name;
  private final String description;
  private final List<Verb> verbs = new ArrayList<>();
  private final List<Class<?>> others = new ArrayList<>();
  private Scope scope = Scope.PLATFORM;
  private Verb.@Nullable Argument item;
  private @Nullable Columns columns;
  private @Nullable Function<Verb.Named, Call<Call.Nothing, ?>> one;

  Resource(String name, String description) {
    this.name = name;
    this.description = description;
  }

  Resource in(Scope where) {
    scope = where;
    return this;
  }

  /** What one of it is called on a command line. */
  Resource item(String label, String sample, String about) {
    item = new Verb.Argument(label, sample, about);
    return this;
  }

  /** How rows of it look. */
  Resource columns(Columns of) {
    columns = of;
    return this;
  }

  /** All of it, by filters that go into the query. */
  Resource list(String about, Function<Verb.Named, Call<?, ?>> call, Input... filters) {
    verbs.add(new Verb(Verb.Kind.LIST, "list", about, call).takes(filters).rows(columns));
    return this;
  }

  /** One of it, which is what later verbs act on. */
  Resource show(String about, Function<Verb.Named, Call<Call.Nothing, ?>> call) {
    one = call;
    verbs.add(new Verb(Verb.Kind.SHOW, "show", about, call::apply).names(theItem()));
    return this;
  }

  /** What shows one of it, which is what later verbs act on, though the command is another. */
  Resource shownBy(Function<Verb.Named, Call<Call.Nothing, ?>> call) {
    one = call;
    return this;
  }

  /** Rows about one of it. */
  Resource rows(String verb, String about, Function<Verb.Named, Call<?, ?>> call, Columns of) {
    verbs.add(new Verb(Verb.Kind.LIST, verb, about, call).names(theItem()).rows(of));
    return this;
  }

  /** Something else that is known about one of it. */
  Resource part(String verb, String about, Function<Verb.Named, Call<?, ?>> call) {
    verbs.add(new Verb(Verb.Kind.SHOW, verb, about, call).names(theItem()));
    return this;
  }

  /** A change of one of it. */
  Resource act(String verb, String about, Function<Verb.Named, Call<?, ?>> call, Input... inputs) {
    return act(change(verb, about, call, inputs));
  }

  /** A change of one of it that cannot be undone. */
  Resource danger(
      String verb,
      String about,
      Function<Verb.Named, Call<?, ?>> call,
      String question,
      Input... inputs) {
    return act(change(verb, about, call, inputs).asks(question));
  }

  /** A change as it is described elsewhere. */
  Resource act(Verb verb) {
    verbs.add(verb);
    return this;
  }

  private Verb change(
      String verb, String about, Function<Verb.Named, Call<?, ?>> call, Input... inputs) {
    return new Verb(Verb.Kind.ACT, verb, about, call)
        .names(theItem())
        .takes(inputs)
        .onWhatIsSeen(one);
  }

  /**
   * Waiting for a state of one of it.
   *
   * @param states all that it can have; others are refused instead of waited for
   */
  Resource awaits(String sample, String about, List<String> states) {
    Function<Verb.Named, Call<Call.Nothing, ?>> shown = Objects.requireNonNull(one);
    verbs.add(
        new Verb(Verb.Kind.WAIT, "wait", about, shown::apply)
            .names(theItem())
            .untilOneOf(states)
            .takes(
                Input.text("for", "STATE", sample, "The state, as 'show' has it.").must(),
                Input.of(
                    Input.Kind.WHOLE,
                    "timeout",
                    "SECONDS",
                    "600",
                    "How long to wait (default: 300).")));
    return this;
  }

  /** A command of this group that needs a class of its own. */
  Resource with(Class<?> command) {
    others.add(command);
    return this;
  }

  String name() {
    return name;
  }

  Scope scope() {
    return scope;
  }

  List<Verb> verbs() {
    return verbs;
  }

  private Verb.Argument theItem() {
    return Objects.requireNonNull(item, "item");
  }

  /** Puts the group with all its commands below another; the factory makes those of classes. */
  void below(CommandSpec parent, CliContext context, CommandLine.IFactory factory) {
    CommandSpec group = CommandSpec.forAnnotatedObject(new ResourceGroup());
    group.name(name);
    group.usageMessage().description(description);
    parent.addSubcommand(name, group);
    for (Class<?> other : others) {
      CommandLine made = new CommandLine(other, factory);
      group.addSubcommand(made.getCommandName(), made);
    }
    addTo(group, context);
  }

  /** Adds its commands to a group. */
  void addTo(CommandSpec group, CliContext context) {
    String path = group.qualifiedName();
    for (Verb verb : verbs) {
      group.addSubcommand(verb.name(), new VerbCommand(context, scope, verb).spec(path));
    }
  }

  /** The group itself, which does nothing. */
  @CommandLine.Command(mixinStandardHelpOptions = true)
  private static final class ResourceGroup extends CommandGroup {}
}
