package dev.gpucloud.devstack.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
  @TempDir private Path folder;
  private final List<String> shown = new ArrayList<>();

  @Test
  void showsTheLastLinesThenWhatComesLater() throws Exception {
    Path log = Files.writeString(folder.resolve("kafka.log"), "one\ntwo\nthree\nfo");
    LogTail tail = new LogTail(log, false, shown::add);

    tail.last(2);
    Files.writeString(log, "ur\nfive\n", StandardOpenOption.APPEND);
    tail.more();

    assertThat(shown).containsExactly("two", "three", "four", "five");
  }

  @Test
  void followsANewFileAfterTheOldOneWasFull() throws Exception {
    Path log = Files.writeString(folder.resolve("kafka.log"), "a long line\n");
    LogTail tail = new LogTail(log, true, shown::add);
    tail.last(0);

    Files.writeString(log, "new\n");
    tail.more();

    assertThat(shown).containsExactly("kafka              | new");
  }
}
