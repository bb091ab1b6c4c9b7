package dev.gpucloud.cli;

/** A command that shows everything a list of the API has under the given filters. */
abstract class ListCommand extends ApiCommand {
  private final Columns columns;

  ListCommand(CliContext context, Columns columns) {
    super(context);
    this.columns = columns;
  }

  /** The list with its filters. */
  abstract String path();

  @Override
  final ExitCode run() {
    return show(api().list(path()), columns);
  }
}
