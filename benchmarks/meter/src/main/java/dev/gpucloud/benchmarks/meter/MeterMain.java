package dev.gpucloud.benchmarks.meter;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;

/** Starts billing-service to measure its metering, or its close beside a stand-in of inventory. */
@QuarkusMain
public final class MeterMain {
  private MeterMain() {}

  /** The first argument says what is measured: {@code metering} or {@code close}. */
  public static void main(String... args) throws IOException {
    if (args[0].equals("close")) {
      Positions.serve(Integer.parseInt(args[2]));
      System.setProperty("quarkus.scheduler.enabled", "true");
      System.setProperty("gpucloud.close.check", "PT0.1S");
      System.setProperty("gpucloud.day-books.check", "PT0.1S");
      Quarkus.run(CloseBenchmark.class, args);
    } else {
      Quarkus.run(MeteringBenchmark.class, args);
    }
  }
}
