package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that takes something away to a new file. */
abstract class FileExport extends ApiCommand {
  @Option(names = "--file", paramLabel = "FILE", description = "A new file.")
  private @Nullable Path file;

  FileExport(CliContext context) {
    super(context);
  }

  /** The file's name when none is given. */
  abstract String name();

  abstract Call<Call.Nothing, ?> content();

  @Override
  final ExitCode run() {
    Path target = file == null ? Path.of(name()) : file;
    WorkingFolder folder = new WorkingFolder(context());
    folder.requireNew(target);
    folder.write(target, api().download(content()));
    say("Wrote %s.", target);
    return ExitCode.OK;
  }
}
