package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RoutePageTest {
  @Test
  void pageListsExactlyTheRoutesThereAre() throws IOException {
    String root = Objects.requireNonNull(System.getProperty("gpucloud.root"), "gpucloud.root");
    List<String> documented =
        Files.readAllLines(Path.of(root, "docs", "gateway.md")).stream()
            .filter(line -> line.matches("\\| `[^`]+` \\| [a-z]+-service \\|"))
            .toList();
    assertThat(documented)
        .containsExactlyElementsOf(
            RouteTable.ROUTES.stream()
                .map(r -> "| `%s` | %s |".formatted(r.pattern(), r.upstream().serviceName()))
                .toList());
  }
}
