package dev.gpucloud.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** What a command gets from the process around it; a test gives its own. */
public record CliContext(
    Terminal terminal, Map<String, String> env, Path workingFolder, InstantSource clock) {

  /** The context of this process. */
  public static CliContext ofProcess() {
    Map<String, String> env = System.getenv();
    return new CliContext(
        Terminal.system(env), env, Path.of("").toAbsolutePath(), InstantSource.system());
  }

  /** The same in a language. */
  CliContext in(Translation language) {
    return new CliContext(terminal.in(language), env, workingFolder, clock);
  }

  /** A non-empty environment variable, else the other value. */
  String env(String name, String otherwise) {
    String value = env.get(name);
    return value == null || value.isBlank() ? otherwise : value.strip();
  }
}
