package dev.gpucloud.benchmarks.packing;

import dev.gpucloud.inventory.placement.engine.share.ShareHost;
import dev.gpucloud.inventory.placement.engine.share.ShareRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What arrives in one run, as in the published experiment: the trace, filled up with requests drawn
 * from it with replacement (or thinned out at random) until its GPUs are the wanted per cent of the
 * fleet's, in random order; and the hosts in random order, in which equals are preferred. The same
 * seed gives the same run, to every policy.
 */
record Arrivals(List<ShareHost> hosts, List<ShareRequest> requests) {
  static Arrivals of(Trace trace, int percent, long seed) {
    Random random = new Random(seed);
    List<ShareHost> hosts = new ArrayList<>(trace.hosts());
    Collections.shuffle(hosts, random);
    List<ShareRequest> requests = new ArrayList<>(trace.requests());
    long wanted = trace.totalMilli() * percent / 100;
    long asked = requests.stream().mapToLong(ShareRequest::totalMilli).sum();
    if (asked < wanted) {
      fillUp(requests, trace.requests(), wanted - asked, random);
    } else {
      thinOut(requests, asked - wanted, random);
    }
    Collections.shuffle(requests, random);
    return new Arrivals(hosts, requests);
  }

  /** About how many requests a run has. */
  static long expected(Trace trace, int percent) {
    long asked = trace.requests().stream().mapToLong(ShareRequest::totalMilli).sum();
    double wanted = trace.totalMilli() * (percent / 100.0);
    return (long) (trace.requests().size() * Math.max(1, wanted / asked));
  }

  /** Stops at the first draw that would ask for more than is missing. */
  private static void fillUp(
      List<ShareRequest> requests, List<ShareRequest> trace, long missing, Random random) {
    long left = missing;
    while (true) {
      ShareRequest drawn = trace.get(random.nextInt(trace.size()));
      left -= drawn.totalMilli();
      if (left < 0) {
        return;
      }
      requests.add(drawn);
    }
  }

  private static void thinOut(List<ShareRequest> requests, long excess, Random random) {
    long left = excess;
    while (left > 0) {
      int at = random.nextInt(requests.size());
      left -= requests.get(at).totalMilli();
      requests.set(at, requests.getLast());
      requests.removeLast();
    }
  }
}
