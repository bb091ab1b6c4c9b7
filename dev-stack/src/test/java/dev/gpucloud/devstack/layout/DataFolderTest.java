package dev.gpucloud.devstack.layout;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir private Path temp;

  @Test
  void aFileInPlaceOfTheFolderIsToldOf() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));

    assertThatThrownBy(() -> dataFolder(file).requireOwner())
        .isInstanceOf(StackProblem.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("GPUCLOUD_HOME");
  }

  @Test
  void filesOfSomethingElseAreNotDeleted() throws IOException {
    Files.createFile(temp.resolve("thesis.txt"));

    assertThatThrownBy(() -> dataFolder(temp).requireOurs())
        .isInstanceOf(StackProblem.class)
        .hasMessageContaining("nothing in it is deleted");
  }

  @Test
  void dataOfAStackAreOurs() throws IOException {
    Files.createDirectories(temp.resolve("cache"));
    assertThatCode(() -> dataFolder(temp).requireOurs()).doesNotThrowAnyException();

    Files.createDirectories(temp.resolve("logs"));
    Files.createDirectories(temp.resolve("apps/dev-stack"));
    assertThatCode(() -> dataFolder(temp).requireOurs()).doesNotThrowAnyException();
  }

  private static DataFolder dataFolder(Path folder) {
    return new DataFolder(new StackHome(folder, folder.resolve("cache")));
  }
}
