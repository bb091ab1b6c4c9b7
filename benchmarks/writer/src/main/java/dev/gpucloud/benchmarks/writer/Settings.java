package dev.gpucloud.benchmarks.writer;

/** What is measured, in the order of the arguments. */
record Settings(int hosts, int pools, int operations, int inFlight, String commit, boolean header) {
  static Settings of(String[] args) {
    return new Settings(
        Integer.parseInt(args[0]),
        Integer.parseInt(args[1]),
        Integer.parseInt(args[2]),
        Integer.parseInt(args[3]),
        args[4],
        Boolean.parseBoolean(args[5]));
  }
}
