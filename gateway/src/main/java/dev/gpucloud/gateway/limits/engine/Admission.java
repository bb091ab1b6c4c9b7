package dev.gpucloud.gateway.limits.engine;

import java.util.ArrayList;
import java.util.List;

/** What the limits say of a request: each of them gives a token, or none does. */
public sealed interface Admission {

  /** The request may go on. */
  record Admitted(List<Standing> standings) implements Admission {
    public Admitted {
      standings = List.copyOf(standings);
    }
  }

  /** The request came too soon for {@code limit}, the one that it must wait for longest. */
  record Refused(String limit, long waitSeconds, List<Standing> standings) implements Admission {
    public Refused {
      standings = List.copyOf(standings);
    }
  }

  /** Takes a token of every limit or of none. */
  static Admission ask(List<Limit> limits, long nowNanos) {
    for (int i = 0; i < limits.size(); i++) {
      if (!limits.get(i).bucket().tryTake(nowNanos)) {
        limits.subList(0, i).forEach(taken -> taken.bucket().giveBack());
        return refused(limits, i, nowNanos);
      }
    }
    return new Admitted(standings(limits, nowNanos));
  }

  /** What was admitted does not go on: every limit has its token again. */
  static List<Standing> takeBack(List<Limit> limits, long nowNanos) {
    limits.forEach(limit -> limit.bucket().giveBack());
    return standings(limits, nowNanos);
  }

  private static Refused refused(List<Limit> limits, int first, long nowNanos) {
    Limit slowest = limits.get(first);
    long longest = slowest.bucket().nanosUntilToken(nowNanos);
    for (Limit other : limits.subList(first + 1, limits.size())) {
      long wait = other.bucket().nanosUntilToken(nowNanos);
      if (wait > longest) {
        slowest = other;
        longest = wait;
      }
    }
    return new Refused(slowest.name(), Allowance.seconds(longest), standings(limits, nowNanos));
  }

  private static List<Standing> standings(List<Limit> limits, long nowNanos) {
    List<Standing> standings = new ArrayList<>(limits.size());
    for (Limit limit : limits) {
      standings.add(limit.bucket().standing(limit.name(), nowNanos));
    }
    return standings;
  }
}
