package dev.gpucloud.cli;

import dev.gpucloud.client.Call;

/** A command that shows everything a list of the API has under the given filters. */
abstract class ListCommand extends ApiCommand {
  private final Columns columns;

  ListCommand(CliContext context, Columns columns) {
    super(context);
    this.columns = columns;
  }

  /** The list with its filters. */
  abstract Call<Call.Nothing, ?> list();

  @Override
  final ExitCode run() {
    return show(api().list(list()), columns);
  }
}
