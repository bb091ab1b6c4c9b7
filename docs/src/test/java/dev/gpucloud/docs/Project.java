package dev.gpucloud.docs;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** The checkout that the pages are made from. */
final class Project {
  private Project() {}

  static Path root() {
    return Path.of(System.getProperty("gpucloud.root"));
  }

  /** The main sources of a module. */
  static List<Path> javaSources(String module) {
    Path folder = root().resolve(module).resolve("src/main/java");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A properties file of a module's main resources; empty when there is none. */
  static Properties properties(String module, String name) {
    Properties properties = new Properties();
    Path file = root().resolve(module).resolve("src/main/resources").resolve(name);
    if (!Files.exists(file)) {
      return properties;
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the module builds on another of ours. */
  static boolean dependsOn(String module, String other) {
    try {
      String pom = Files.readString(root().resolve(module).resolve("pom.xml"));
      return pom.contains("<artifactId>" + other + "</artifactId>");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
