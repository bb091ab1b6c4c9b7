package dev.gpucloud.devstack.command;

import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.process.Unpack;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A copy of what the build made, from which the stack runs: a build beside a running stack then
 * changes nothing under its feet. Copies what differs by size or time, and removes what the build
 * no longer makes.
 */
final class Snapshot {
  private static final List<String> PARTS =
      List.of(
          "java-client/target/classes",
          "contracts/target/classes",
          "verifier/target/classes",
          "cli/target/classes",
          "dev-stack/target/classes",
          "dev-stack/target/lib",
          "dev-stack/target/postgresql",
          "dev-stack/kafka-broker/target/classes",
          "dev-stack/kafka-broker/target/lib",
          "dev-stack/keycloak-dist/target",
          "tenant-service/target/quarkus-app",
          "inventory-service/target/quarkus-app",
          "billing-service/target/quarkus-app",
          "gateway/target/quarkus-app",
          "site-agent/target/lib",
          "site-agent/target/site-agent.jar");

  private final Path from;
  private final Path to;

  Snapshot(Path from, Path to) {
    this.from = from;
    this.to = to;
  }

  void take() throws IOException {
    for (String part : PARTS) {
      Path source = from.resolve(part);
      if (!Files.exists(source)) {
        throw new StackProblem(
            StackProblem.NOT_BUILT, source + " is missing. Run ./mvnw -DskipTests package.");
      }
      mirror(source, to.resolve(part));
    }
  }

  private static void mirror(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Path copy = target.resolve(source.relativize(folder).toString());
            Files.createDirectories(copy);
            removeOthers(folder, copy);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            copy(file, attributes, target.resolve(source.relativize(file).toString()));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void copy(Path file, BasicFileAttributes attributes, Path copy)
      throws IOException {
    if (Files.exists(copy)
        && Files.size(copy) == attributes.size()
        && Files.getLastModifiedTime(copy).equals(attributes.lastModifiedTime())) {
      return;
    }
    Files.createDirectories(copy.getParent());
    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void removeOthers(Path source, Path copy) throws IOException {
    Set<String> wanted;
    try (Stream<Path> files = Files.list(source)) {
      wanted = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
    List<Path> present;
    try (Stream<Path> files = Files.list(copy)) {
      present = files.toList();
    }
    for (Path file : present) {
      if (!wanted.contains(file.getFileName().toString())) {
        Unpack.delete(file);
      }
    }
  }
}
