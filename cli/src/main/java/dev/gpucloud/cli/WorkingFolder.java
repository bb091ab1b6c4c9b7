package dev.gpucloud.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads what a person names and writes new files, never over others. */
final class WorkingFolder {
  private final Path folder;

  WorkingFolder(CliContext context) {
    this.folder = context.workingFolder();
  }

  byte[] read(Path file) {
    try {
      return Files.readAllBytes(folder.resolve(file));
    } catch (IOException e) {
      throw new CliException(ExitCode.USAGE, "Cannot read " + file + ".");
    }
  }

  /** Fails before anything is asked of the server when the file is there already. */
  void requireNew(Path file) {
    if (Files.exists(folder.resolve(file))) {
      throw exists(file);
    }
  }

  void write(Path file, byte[] content) {
    try {
      Files.write(folder.resolve(file), content, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw exists(file);
    } catch (IOException e) {
      throw new CliException(ExitCode.USAGE, "Cannot write " + file + ": " + e.getMessage());
    }
  }

  private static CliException exists(Path file) {
    return new CliException(ExitCode.USAGE, "There is a file " + file + " already.");
  }
}
