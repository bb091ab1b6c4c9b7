package dev.gpucloud.inventory.placement.engine.share;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The free room of a fleet, GPUs in thousandths. A whole GPU goes to one request only, shares of a
 * GPU never exceed it, and CPU and memory never go below zero. The order of the hosts is the order
 * in which a policy prefers equals. Not safe for several threads.
 */
public final class ShareFleet {
  private static final int STRIDE = ShareHost.MAX_GPUS;

  private final List<ShareHost> hosts;
  private final List<String> models = new ArrayList<>();
  private final int[] model;
  private final int[] cpuMilli;
  private final int[] memoryMib;
  private final int[] gpus;
  private final int[] freeMilli;
  private final int[] hostFreeMilli;
  private final int[] kinds;
  private final int[] version;
  private final long totalMilli;
  private long allocatedMilli;

  public ShareFleet(List<ShareHost> hosts) {
    this.hosts = List.copyOf(hosts);
    int n = hosts.size();
    model = new int[n];
    cpuMilli = new int[n];
    memoryMib = new int[n];
    gpus = new int[n];
    freeMilli = new int[n * STRIDE];
    hostFreeMilli = new int[n];
    kinds = new int[n];
    version = new int[n];
    Map<String, Integer> ids = new HashMap<>();
    long total = 0;
    for (int at = 0; at < n; at++) {
      ShareHost host = hosts.get(at);
      model[at] = ids.computeIfAbsent(host.model(), this::addModel);
      cpuMilli[at] = host.cpuMilli();
      memoryMib[at] = host.memoryMib();
      gpus[at] = host.gpus();
      Arrays.fill(freeMilli, at * STRIDE, at * STRIDE + host.gpus(), ShareRequest.WHOLE);
      hostFreeMilli[at] = host.gpus() * ShareRequest.WHOLE;
      total += hostFreeMilli[at];
    }
    totalMilli = total;
  }

  private int addModel(String name) {
    models.add(name);
    return models.size() - 1;
  }

  public int size() {
    return hosts.size();
  }

  public ShareHost host(int host) {
    return hosts.get(host);
  }

  /** Thousandths of GPUs in all hosts. */
  public long totalMilli() {
    return totalMilli;
  }

  /** Thousandths of GPUs given away so far. */
  public long allocatedMilli() {
    return allocatedMilli;
  }

  /** Free CPU of a host in thousandths of a core. */
  public int cpuMilli(int host) {
    return cpuMilli[host];
  }

  /** Free memory of a host. */
  public int memoryMib(int host) {
    return memoryMib[host];
  }

  public int gpus(int host) {
    return gpus[host];
  }

  /** Free thousandths of one GPU of a host. */
  public int freeMilli(int host, int gpu) {
    return freeMilli[host * STRIDE + gpu];
  }

  /** Free thousandths of all GPUs of a host together. */
  public int freeMilli(int host) {
    return hostFreeMilli[host];
  }

  /** How many GPUs of a host are wholly free. */
  public int wholeGpus(int host) {
    return gpusWithRoom(host, ShareRequest.WHOLE);
  }

  /** How many GPUs of a host have room for a share. */
  int gpusWithRoom(int host, int milli) {
    int count = 0;
    int from = host * STRIDE;
    for (int at = from; at < from + gpus[host]; at++) {
      count += freeMilli[at] >= milli ? 1 : 0;
    }
    return count;
  }

  /** The GPU with the least room that takes the share, the first of equals; -1 when none does. */
  int tightestGpu(int host, int milli) {
    int best = -1;
    for (int gpu = 0; gpu < gpus[host]; gpu++) {
      int free = freeMilli(host, gpu);
      if (free >= milli && (best < 0 || free < freeMilli(host, best))) {
        best = gpu;
      }
    }
    return best;
  }

  /** One bit per kind of GPU request that runs on the host, see {@link #kind}. */
  int kinds(int host) {
    return kinds[host];
  }

  /** Bit 0 is a share, bit n a request for n whole GPUs; 0 without GPUs. */
  static int kind(ShareRequest request) {
    if (request.gpus() == 0) {
      return 0;
    }
    return request.sharesGpu() ? 1 : 1 << request.gpus();
  }

  /** Counts what was placed on a host, so that what was derived from its room can be kept. */
  int version(int host) {
    return version[host];
  }

  /** Which model a host has, as an index into {@link #models()}. */
  int model(int host) {
    return model[host];
  }

  /** The models of the fleet; a blank one takes requests for any. */
  List<String> models() {
    return models;
  }

  /** By model: whether a request may use its hosts. */
  boolean[] allowedModels(ShareRequest request) {
    boolean[] allowed = new boolean[models.size()];
    for (int at = 0; at < allowed.length; at++) {
      allowed[at] = request.allows(models.get(at));
    }
    return allowed;
  }

  /** Whether a host has room for a request, and the model it asks for. */
  public boolean fits(int host, ShareRequest request) {
    return request.allows(hosts.get(host).model()) && hasRoom(host, request);
  }

  boolean hasRoom(int host, ShareRequest request) {
    return cpuMilli[host] >= request.cpuMilli()
        && memoryMib[host] >= request.memoryMib()
        && (request.gpus() == 0 || gpusWithRoom(host, request.gpuMilli()) >= request.gpus());
  }

  /**
   * Gives a request its room: a share on {@code gpu}, whole GPUs on the first that are free.
   * Answers the GPUs taken, one bit each. Refuses what does not fit and then changes nothing.
   */
  int take(int host, ShareRequest request, int gpu) {
    if (!fits(host, request)
        || (request.sharesGpu() && freeMilli(host, gpu) < request.gpuMilli())) {
      throw new IllegalArgumentException("no room on " + hosts.get(host).name());
    }
    cpuMilli[host] -= request.cpuMilli();
    memoryMib[host] -= request.memoryMib();
    hostFreeMilli[host] -= request.totalMilli();
    allocatedMilli += request.totalMilli();
    kinds[host] |= kind(request);
    version[host]++;
    return request.sharesGpu()
        ? takeShare(host, gpu, request.gpuMilli())
        : takeWhole(host, request);
  }

  private int takeShare(int host, int gpu, int milli) {
    freeMilli[host * STRIDE + gpu] -= milli;
    return 1 << gpu;
  }

  private int takeWhole(int host, ShareRequest request) {
    int taken = 0;
    for (int gpu = 0; Integer.bitCount(taken) < request.gpus(); gpu++) {
      if (freeMilli(host, gpu) == ShareRequest.WHOLE) {
        freeMilli[host * STRIDE + gpu] = 0;
        taken |= 1 << gpu;
      }
    }
    return taken;
  }
}
