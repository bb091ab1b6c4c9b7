package dev.gpucloud.benchmarks.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An nginx of this process, of a configuration in the repository with places filled in. */
final class Nginx implements AutoCloseable {
  private final Process process;

  private Nginx(Process process) {
    this.process = process;
  }

  static Nginx start(Path template, Path work, Map<String, String> places) throws IOException {
    String text = Files.readString(template);
    for (Map.Entry<String, String> place : places.entrySet()) {
      text = text.replace("@" + place.getKey() + "@", place.getValue());
    }
    Path configuration = work.resolve(template.getFileName());
    Files.writeString(configuration, text);
    List<String> command =
        List.of("/usr/sbin/nginx", "-c", configuration.toString(), "-g", "daemon off;");
    return new Nginx(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(work.resolve(template.getFileName() + ".out").toFile())
            .start());
  }

  ProcessFigures figures() {
    return new ProcessFigures(process.toHandle());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
