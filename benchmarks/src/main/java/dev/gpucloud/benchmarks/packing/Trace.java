package dev.gpucloud.benchmarks.packing;

import dev.gpucloud.inventory.placement.engine.share.ShareHost;
import dev.gpucloud.inventory.placement.engine.share.ShareRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Hosts and requests in the format of Alibaba's cluster-trace-gpu-v2023. Holds at least one GPU and
 * one request for a GPU.
 */
record Trace(String name, List<ShareHost> hosts, List<ShareRequest> requests) {
  private static final int WHOLE = ShareRequest.WHOLE;

  Trace {
    hosts = List.copyOf(hosts);
    requests = List.copyOf(requests);
  }

  static Trace read(Path nodes, Path pods) throws BadInputException {
    List<ShareHost> hosts = hosts(nodes);
    return new Trace(stem(pods), hosts, requests(pods));
  }

  long totalMilli() {
    return hosts.stream().mapToLong(host -> (long) host.gpus() * WHOLE).sum();
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".csv") ? name.substring(0, name.length() - 4) : name;
  }

  private static List<ShareHost> hosts(Path nodes) throws BadInputException {
    CsvFile file = CsvFile.read(nodes, "cpu_milli", "memory_mib", "gpu");
    List<ShareHost> hosts = new ArrayList<>();
    for (CsvFile.Row row : file.rows()) {
      hosts.add(
          new ShareHost(
              row.text("sn"),
              row.text("model"),
              row.number("cpu_milli", Integer.MAX_VALUE),
              row.number("memory_mib", Integer.MAX_VALUE),
              row.number("gpu", ShareHost.MAX_GPUS)));
    }
    if (hosts.stream().noneMatch(host -> host.gpus() > 0)) {
      throw BadInputException.in(nodes, "column gpu: no host has a GPU");
    }
    return hosts;
  }

  private static List<ShareRequest> requests(Path pods) throws BadInputException {
    CsvFile file = CsvFile.read(pods, "cpu_milli", "memory_mib", "num_gpu", "gpu_milli");
    List<ShareRequest> requests = new ArrayList<>();
    for (CsvFile.Row row : file.rows()) {
      int gpus = row.number("num_gpu", ShareHost.MAX_GPUS);
      requests.add(
          new ShareRequest(
              row.number("cpu_milli", Integer.MAX_VALUE),
              row.number("memory_mib", Integer.MAX_VALUE),
              gpus,
              gpuMilli(row, gpus),
              models(row.text("gpu_spec"))));
    }
    if (requests.stream().noneMatch(request -> request.gpus() > 0)) {
      throw BadInputException.in(pods, "column num_gpu: no request asks for a GPU");
    }
    return requests;
  }

  /** A share counts for one GPU alone; several are taken whole and none has nothing to say. */
  private static int gpuMilli(CsvFile.Row row, int gpus) throws BadInputException {
    if (gpus != 1 && row.text("gpu_milli").isEmpty()) {
      return gpus == 0 ? 0 : WHOLE;
    }
    int milli = row.number("gpu_milli", WHOLE);
    if (gpus == 1 && milli == 0) {
      throw row.bad("gpu_milli", "one GPU takes a share of 1 to " + WHOLE);
    }
    if (gpus > 1 && milli != 0 && milli != WHOLE) {
      throw row.bad("gpu_milli", "several GPUs are taken whole, with " + WHOLE + " each");
    }
    return gpus == 0 ? 0 : gpus == 1 ? milli : WHOLE;
  }

  private static Set<String> models(String spec) {
    return Arrays.stream(spec.split("\\|"))
        .map(String::strip)
        .filter(model -> !model.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
