package dev.gpucloud.gateway.limits;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.gateway.limits.TenantMemory.Place;
import dev.gpucloud.gateway.limits.engine.Admission;
import dev.gpucloud.gateway.limits.engine.Limit;
import dev.gpucloud.gateway.limits.engine.Slots;
import dev.gpucloud.gateway.limits.shared.Sharing;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.MultiMap;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request in if its key, its user, its tenant and, without any of them, its address have
 * sent little enough lately and have few enough under way, so that one tenant's storm takes nothing
 * from the others. What they sent is shared by the replicas where a store is configured; what is
 * under way is memory of this one.
 */
@Singleton
public class Limits {
  private final Map<RouteClass, Buckets> ofKeys = new EnumMap<>(RouteClass.class);
  private final Map<RouteClass, Buckets> ofUsers = new EnumMap<>(RouteClass.class);
  private final Map<RouteClass, Buckets> ofTenants = new EnumMap<>(RouteClass.class);
  private final Buckets ofAddresses;
  private final Slots callers;
  private final Slots tenants;
  private final TenantMemory memory;
  private final MeterRegistry meters;

  Limits(LimitsConfig config, Sharing sharing, MeterRegistry meters) {
    this.meters = meters;
    ofKeys.put(RouteClass.READ, new Buckets("key-read", config.readsPerKey(), config, sharing));
    ofKeys.put(RouteClass.WRITE, new Buckets("key-write", config.writesPerKey(), config, sharing));
    ofKeys.put(RouteClass.HEAVY, new Buckets("key-heavy", config.heavyPerKey(), config, sharing));
    ofUsers.put(RouteClass.READ, new Buckets("user-read", config.readsPerUser(), config, sharing));
    ofUsers.put(
        RouteClass.WRITE, new Buckets("user-write", config.writesPerUser(), config, sharing));
    ofUsers.put(
        RouteClass.HEAVY, new Buckets("user-heavy", config.heavyPerUser(), config, sharing));
    ofTenants.put(
        RouteClass.READ, new Buckets("tenant-read", config.readsPerTenant(), config, sharing));
    ofTenants.put(
        RouteClass.WRITE, new Buckets("tenant-write", config.writesPerTenant(), config, sharing));
    ofTenants.put(
        RouteClass.HEAVY, new Buckets("tenant-heavy", config.heavyPerTenant(), config, sharing));
    ofAddresses = new Buckets("address", config.openPerAddress(), config, sharing);
    callers = new Slots(config.concurrentPerCaller());
    tenants = new Slots(config.concurrentPerTenant());
    memory = new TenantMemory(config.remembered());
  }

  /** Who sends a request: a user, perhaps with a key of theirs. */
  public record Sender(String user, @Nullable String key) {
    String caller() {
      return key == null ? user : user + "/" + key;
    }
  }

  /** Lets a request without a caller in, or throws a problem; says how it stands in the headers. */
  public void admitAddress(String address, MultiMap headers) {
    require(List.of(ofAddresses.of(AddressBlock.of(address))), headers);
  }

  /** Lets a caller's request in, or throws a problem; says how it stands in the headers. */
  public Passage admit(Sender sender, RouteClass costs, String path, MultiMap headers) {
    Optional<Place> place = Place.of(sender.caller(), path);
    @Nullable String tenant = place.map(memory::tenantOf).orElse(null);
    List<Limit> limits = limits(sender, tenant, costs);
    require(limits, headers);
    try {
      enter(sender.user(), tenant);
    } catch (ProblemException full) {
      RateHeaders.write(Admission.takeBack(limits, System.nanoTime()), headers);
      throw full;
    }
    return new Passage(
        of -> place.ifPresent(at -> memory.learn(at, of)), () -> leave(sender.user(), tenant));
  }

  /** Forgets what everybody sent, and where. */
  public void forget() {
    List.of(ofKeys, ofUsers, ofTenants).forEach(all -> all.values().forEach(Buckets::forget));
    ofAddresses.forget();
    memory.forget();
  }

  private List<Limit> limits(Sender sender, @Nullable String tenant, RouteClass costs) {
    List<Limit> limits = new ArrayList<>(3);
    if (sender.key() != null) {
      limits.add(Objects.requireNonNull(ofKeys.get(costs)).of(sender.key()));
    }
    limits.add(Objects.requireNonNull(ofUsers.get(costs)).of(sender.user()));
    if (tenant != null) {
      limits.add(Objects.requireNonNull(ofTenants.get(costs)).of(tenant));
    }
    return limits;
  }

  private void require(List<Limit> limits, MultiMap headers) {
    switch (Admission.ask(limits, System.nanoTime())) {
      case Admission.Admitted admitted -> RateHeaders.write(admitted.standings(), headers);
      case Admission.Refused refused -> {
        RateHeaders.write(refused.standings(), headers);
        throw counted(
            refused.limit(), LimitProblem.tooMany(refused.limit(), refused.waitSeconds()));
      }
    }
  }

  private void enter(String caller, @Nullable String tenant) {
    if (!callers.tryEnter(caller)) {
      throw atOnce("caller-concurrent");
    }
    if (tenant != null && !tenants.tryEnter(tenant)) {
      callers.leave(caller);
      throw atOnce("tenant-concurrent");
    }
  }

  private void leave(String caller, @Nullable String tenant) {
    callers.leave(caller);
    if (tenant != null) {
      tenants.leave(tenant);
    }
  }

  private ProblemException atOnce(String limit) {
    return counted(limit, LimitProblem.tooManyAtOnce(limit));
  }

  private ProblemException counted(String limit, ProblemException problem) {
    meters.counter("gpucloud.gateway.limited", "limit", limit).increment();
    return problem;
  }
}
