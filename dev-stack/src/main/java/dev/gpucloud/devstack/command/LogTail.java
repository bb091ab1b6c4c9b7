package dev.gpucloud.devstack.command;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The end of one log file: its last lines, then what is written later. */
final class LogTail {
  private static final int MAX_BYTES = 1024 * 1024;

  private final Path file;
  private final String prefix;
  private final Consumer<String> sink;
  private long position;
  private String unfinished = "";

  LogTail(Path file, boolean named, Consumer<String> sink) {
    this.file = file;
    this.prefix = named ? "%-18s | ".formatted(name(file)) : "";
    this.sink = sink;
  }

  static String name(Path log) {
    return log.getFileName().toString().replaceAll("\\.log$", "");
  }

  void last(int count) throws IOException {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      position = Math.max(0, log.length() - MAX_BYTES);
    }
    List<String> all = read();
    all.subList(Math.max(0, all.size() - count), all.size()).forEach(this::show);
  }

  void more() throws IOException {
    read().forEach(this::show);
  }

  private List<String> read() throws IOException {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      if (log.length() < position) {
        position = 0; // a new file after the old one was full
      }
      log.seek(position);
      byte[] bytes = new byte[(int) Math.min(MAX_BYTES, log.length() - position)];
      log.readFully(bytes);
      position += bytes.length;
      String text = unfinished + new String(bytes, StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n') + 1;
      unfinished = text.substring(end);
      return text.substring(0, end).lines().toList();
    }
  }

  private void show(String line) {
    sink.accept(prefix + line);
  }
}
