package dev.gpucloud.benchmarks.edge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs of wrk, a closed loop over so many connections. */
record Wrk(Path report, int seconds) {

  /** What came of a run. */
  record Result(long requests, double perSecond, double p50Ms, double p99Ms, long failed) {}

  Result run(String url, String token, int connections) throws IOException, InterruptedException {
    Process wrk =
        new ProcessBuilder(
                List.of(
                    "wrk",
                    "-t1",
                    "-c" + connections,
                    "-d" + seconds + "s",
                    "-s",
                    report.toString(),
                    "-H",
                    "Authorization: Bearer " + token,
                    url))
            .redirectErrorStream(true)
            .start();
    String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (wrk.waitFor() != 0) {
      throw new IOException("wrk failed: " + said);
    }
    String line = said.lines().filter(l -> l.startsWith("result ")).findFirst().orElseThrow();
    long[] figures =
        java.util.Arrays.stream(line.substring(7).split(" ")).mapToLong(Long::parseLong).toArray();
    return new Result(
        figures[0], figures[0] * 1e6 / figures[1], figures[2] / 1e3, figures[3] / 1e3, figures[4]);
  }
}
