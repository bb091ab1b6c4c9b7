package dev.gpucloud.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Renders a kustomization with the real tool: {@code kubectl kustomize}, or the {@code kustomize}
 * named by the environment variable {@code KUSTOMIZE}. Without one the test fails; nothing is
 * skipped.
 */
final class Kustomize {
  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Map<String, List<JsonNode>> RENDERED = new ConcurrentHashMap<>();

  private Kustomize() {}

  /** The project's root folder. */
  static Path root() {
    return Path.of(System.getProperty("gpucloud.root"));
  }

  /** The objects of a folder below {@code k8s/}. */
  static List<JsonNode> render(String folder) {
    return RENDERED.computeIfAbsent(folder, name -> parse(run(root().resolve("k8s/" + name))));
  }

  static List<JsonNode> parse(String yaml) {
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      return documents.readAll();
    } catch (IOException e) {
      throw new AssertionError("kustomize answered no YAML", e);
    }
  }

  private static String run(Path folder) {
    String own = System.getenv("KUSTOMIZE");
    List<String> command =
        own == null || own.isBlank()
            ? List.of("kubectl", "kustomize", folder.toString())
            : List.of(own, "build", folder.toString());
    try {
      Process process = new ProcessBuilder(command).start();
      process.getOutputStream().close();
      Thread errors = new Thread(() -> drain(process, folder));
      errors.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      errors.join();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(command + " failed: " + FAILURES.get(folder));
      }
      return out;
    } catch (IOException e) {
      throw new AssertionError(
          "Cannot run "
              + command.getFirst()
              + ". Install kubectl (1.27 or newer) on the PATH, or name a kustomize binary in the"
              + " environment variable KUSTOMIZE.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static final Map<Path, String> FAILURES = new ConcurrentHashMap<>();

  private static void drain(Process process, Path folder) {
    try {
      byte[] text = process.getErrorStream().readAllBytes();
      FAILURES.put(folder, new String(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      FAILURES.put(folder, e.toString());
    }
  }
}
