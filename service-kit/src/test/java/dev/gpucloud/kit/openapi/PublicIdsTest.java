package dev.gpucloud.kit.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The API's document shows each public id as the text it is, not as the record that holds it. */
class PublicIdsTest {
  private static final String SCHEMA = "mp.openapi.schema.dev.gpucloud.contracts.id.";
  private static final Path IDS =
      Path.of(
          System.getProperty("gpucloud.root"), "contracts/src/main/java/dev/gpucloud/contracts/id");

  @Test
  void everyIdHasASchema() throws IOException {
    Properties config = new Properties();
    try (InputStream in =
        Objects.requireNonNull(
            getClass().getResourceAsStream("/META-INF/microprofile-config.properties"))) {
      config.load(in);
    }
    assertThat(ids()).hasSizeGreaterThan(20).allMatch(id -> config.containsKey(SCHEMA + id));
  }

  private static List<String> ids() throws IOException {
    try (Stream<Path> files = Files.list(IDS)) {
      return files
          .filter(PublicIdsTest::isAnId)
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .toList();
    }
  }

  private static boolean isAnId(Path file) {
    try {
      return Files.readString(file).contains("implements TypedId");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
