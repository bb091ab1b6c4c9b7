package dev.gpucloud.devstack.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A running child of the supervisor. */
public final class Child {
  private static final int TAIL_BYTES = 64 * 1024;

  private final Process process;
  private final String stopSignal;
  private final Path log;
  private final long logFrom;

  /** Its own lines in the log begin at this byte. */
  Child(Process process, String stopSignal, Path log, long logFrom) {
    this.process = process;
    this.stopSignal = stopSignal;
    this.log = log;
    this.logFrom = logFrom;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The file it writes to, after what others wrote there before it. */
  public Path log() {
    return log;
  }

  /** At most so many of the last lines that it wrote itself. */
  public List<String> lastLines(int most) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(logFrom, file.length() - TAIL_BYTES));
      byte[] bytes = new byte[(int) (file.length() - file.getFilePointer())];
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
  }

  /** Waits for the end and returns the exit status. */
  public int await() throws InterruptedException {
    return process.waitFor();
  }

  /** Waits at most this long for the end. */
  public boolean await(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Asks the child to end in order, and makes it when the patience runs out. */
  public void stop(Duration patience) throws InterruptedException {
    signal(stopSignal);
    if (!await(patience)) {
      kill();
      process.waitFor();
    }
  }

  /** Ends the child at once, without its help. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Memory resident for the child and its own children, in MiB. */
  public long residentMib() {
    ProcessHandle handle = process.toHandle();
    return Stream.concat(Stream.of(handle), handle.descendants())
            .mapToLong(p -> residentKib(p.pid()))
            .sum()
        / 1024;
  }

  /** Memory resident for any process, in KiB; 0 when the kernel does not say. */
  public static long residentKib(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException | RuntimeException _) {
      return 0;
    }
  }

  private void signal(String name) throws InterruptedException {
    if (name.equals("TERM")) {
      process.destroy();
      return;
    }
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException _) {
      process.destroy();
    }
  }
}
