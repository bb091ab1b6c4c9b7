package dev.gpucloud.devstack.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
  @TempDir private Path folder;

  @Test
  void showsTheLastLinesOfItsOwnAndNoneOfAnEarlierStart() throws Exception {
    Path log = folder.resolve("child.log");
    Files.writeString(log, "failed yesterday\n");

    Child child = run(log, "echo one; echo two; echo three");

    assertThat(child.lastLines(2)).containsExactly("two", "three");
    assertThat(child.lastLines(12)).containsExactly("one", "two", "three");
    assertThat(run(log, "exit 1").lastLines(12)).isEmpty();
  }

  private Child run(Path log, String script) throws Exception {
    ChildSpec spec =
        new ChildSpec(List.of("sh", "-c", script), Map.of(), folder, log, "KILL", "TERM", false);
    Child child = new ChildStarter().start(spec);
    child.await();
    return child;
  }
}
