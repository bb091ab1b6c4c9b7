package dev.gpucloud.inventory.placement.engine.share;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Which shapes are asked for and how often: the most frequent ones until they make up 95 % of all
 * requests, with chances that add up to one.
 */
public record ShareDemand(List<Shape> shapes) {
  private static final double COVERED = 0.95;

  /** A shape and the chance that the next request has it. */
  public record Shape(ShareRequest request, double chance) {}

  public ShareDemand {
    shapes = List.copyOf(shapes);
  }

  /** Every shape as it is. */
  public static ShareDemand of(Collection<ShareRequest> requests) {
    return of(requests, UnaryOperator.identity());
  }

  /** Shapes that differ in memory alone count as one, which is what fragmentation looks at. */
  public static ShareDemand ignoringMemory(Collection<ShareRequest> requests) {
    return of(requests, r -> new ShareRequest(r.cpuMilli(), 0, r.gpus(), r.gpuMilli(), r.models()));
  }

  /**
   * At most {@code limit} shapes: while there are more, sizes are rounded up to coarser and coarser
   * steps, so that the work per decision is bounded whatever is asked for.
   */
  public static ShareDemand atMost(int limit, Collection<ShareRequest> requests) {
    ShareDemand demand = of(requests);
    for (int step = 1; demand.shapes.size() > limit && step < 1 << 20; step *= 2) {
      int size = step;
      demand = of(requests, r -> coarser(r, size));
    }
    return new ShareDemand(demand.shapes.subList(0, Math.min(limit, demand.shapes.size())));
  }

  /** The shapes that want a GPU and may use one of this model; a blank model takes all of them. */
  List<Shape> usableOn(String model) {
    return shapes.stream()
        .filter(shape -> shape.request().gpus() > 0)
        .filter(shape -> shape.request().allows(model))
        .toList();
  }

  private static ShareRequest coarser(ShareRequest r, int step) {
    int share =
        r.sharesGpu() ? Math.min(up(r.gpuMilli(), 5 * step), ShareRequest.WHOLE) : r.gpuMilli();
    return new ShareRequest(
        up(r.cpuMilli(), 250 * step), up(r.memoryMib(), 1024 * step), r.gpus(), share, r.models());
  }

  private static int up(int value, int step) {
    return (int) Math.min(Integer.MAX_VALUE, (value + step - 1L) / step * step);
  }

  private static ShareDemand of(
      Collection<ShareRequest> requests, UnaryOperator<ShareRequest> view) {
    Map<ShareRequest, Integer> counts = new LinkedHashMap<>();
    requests.forEach(request -> counts.merge(view.apply(request), 1, Integer::sum));
    List<Map.Entry<ShareRequest, Integer>> sorted = new ArrayList<>(counts.entrySet());
    sorted.sort(
        Map.Entry.<ShareRequest, Integer>comparingByValue()
            .reversed()
            .thenComparing(Map.Entry::getKey, LARGEST_FIRST));
    int covered = 0;
    int kept = 0;
    while (kept < sorted.size() && covered < COVERED * requests.size()) {
      covered += sorted.get(kept++).getValue();
    }
    double all = covered;
    return new ShareDemand(
        sorted.subList(0, kept).stream()
            .map(entry -> new Shape(entry.getKey(), entry.getValue() / all))
            .toList());
  }

  private static final Comparator<ShareRequest> LARGEST_FIRST =
      Comparator.comparingInt(ShareRequest::cpuMilli)
          .thenComparingInt(ShareRequest::gpuMilli)
          .thenComparingInt(ShareRequest::gpus)
          .thenComparingInt(ShareRequest::memoryMib)
          .thenComparing(request -> String.join("|", request.models().stream().sorted().toList()))
          .reversed();
}
