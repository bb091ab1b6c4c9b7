package dev.gpucloud.benchmarks.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of a process with its children. */
record ProcessFigures(ProcessHandle process) {
  private static final double MICROS_PER_TICK = 10_000;
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  /** CPU so far, of the children that live too. */
  double cpuMicros() throws IOException {
    long ticks = ticks(process.pid());
    for (ProcessHandle child : process.children().toList()) {
      ticks += ticks(child.pid());
    }
    return ticks * MICROS_PER_TICK;
  }

  /** Resident memory now, of the children that live too. */
  long rssMib() throws IOException {
    long kib = rssKib(process.pid());
    for (ProcessHandle child : process.children().toList()) {
      kib += rssKib(child.pid());
    }
    return kib / 1024;
  }

  private static long ticks(long pid) throws IOException {
    String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
  }

  private static long rssKib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }
}
