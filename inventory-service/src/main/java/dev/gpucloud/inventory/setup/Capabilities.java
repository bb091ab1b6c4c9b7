package dev.gpucloud.inventory.setup;

import dev.gpucloud.contracts.event.Capability;
import dev.gpucloud.contracts.event.SiteCapabilities;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the drivers of the sites provide, as their agents said it; in memory, read at start and
 * every ten seconds. A site whose agent has said nothing provides nothing beside GPUs.
 */
@ApplicationScoped
public class Capabilities {
  private static final Logger LOG = Logger.getLogger(Capabilities.class);

  private final Transactions transactions;
  private volatile SortedMap<String, Set<Capability>> bySite = new TreeMap<>();

  Capabilities(Transactions transactions) {
    this.transactions = transactions;
  }

  @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> keepFresh() {
    return transactions
        .asSystem(
            s -> Sql.rows(s, "select site_id, array_to_string(capabilities, ',') from site_driver"))
        .invoke(
            rows -> {
              SortedMap<String, Set<Capability>> read = new TreeMap<>();
              rows.forEach(
                  row -> read.put((String) row[0], known(List.of(((String) row[1]).split(",")))));
              bySite = read;
            })
        .replaceWithVoid()
        .onFailure()
        .invoke(failure -> LOG.warnf("capabilities not refreshed: %s", failure.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private static Set<Capability> known(List<String> names) {
    Set<Capability> found = EnumSet.noneOf(Capability.class);
    Arrays.stream(Capability.values())
        .filter(capability -> names.contains(capability.name()))
        .forEach(found::add);
    return found;
  }

  /** Takes in what an agent declares of its own site; an older one changes nothing. */
  public Uni<Void> declared(Mutiny.Session s, SiteCapabilities declared) {
    return Sql.update(
            s,
            """
            insert into site_driver (site_id, driver, capabilities, declared_at)
            select id, ?2, string_to_array(?3, ','), ?4 from site where id = ?1
            on conflict (site_id) do update set driver = excluded.driver,
              capabilities = excluded.capabilities, declared_at = excluded.declared_at
            where site_driver.declared_at <= excluded.declared_at""",
            declared.site(),
            declared.driver(),
            String.join(",", known(declared.capabilities()).stream().map(Enum::name).toList()),
            declared.at().atOffset(ZoneOffset.UTC))
        .invoke(
            n -> {
              if (n > 0) {
                TreeMap<String, Set<Capability>> next = new TreeMap<>(bySite);
                next.put(declared.site(), known(declared.capabilities()));
                bySite = next;
              }
            })
        .replaceWithVoid();
  }

  /** Whether the site's driver provides it. */
  public boolean has(String site, Capability capability) {
    return bySite.getOrDefault(site, Set.of()).contains(capability);
  }

  private List<String> sitesWith(Collection<Capability> all) {
    return bySite.entrySet().stream()
        .filter(site -> site.getValue().containsAll(all))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Refuses what the site's driver does not provide, naming the sites that do. Without a site one
   * must be named unless every site that is open to the tenant provides it.
   *
   * @param needed what is asked for, by the field that asks for it
   */
  public void require(
      SequencedMap<String, Capability> needed, @Nullable String site, Set<String> open) {
    List<String> able = sitesWith(needed.values());
    if (needed.isEmpty() || (site == null ? able.containsAll(open) : able.contains(site))) {
      return;
    }
    ProblemException problem =
        ProblemType.UNPROCESSABLE.because(
            site == null
                ? "Not every site provides what is asked for; name one of params.sitesWithIt."
                : "The driver of site " + site + " does not provide all that is asked for.");
    Set<Capability> missing = new LinkedHashSet<>();
    for (Map.Entry<String, Capability> each : needed.entrySet()) {
      if (site == null || !has(site, each.getValue())) {
        missing.add(each.getValue());
        problem = problem.at(each.getKey(), "needs " + each.getValue() + " of the site's driver");
      }
    }
    throw problem
        .with("missingCapabilities", List.copyOf(missing))
        .with("sitesWithIt", able.stream().filter(open::contains).toList());
  }

  /** Refuses to show or change what the instance's site does not provide. */
  public void requireAt(String site, Capability capability) {
    if (!has(site, capability)) {
      throw ProblemType.STATE_CONFLICT
          .because("The driver of site " + site + " does not provide " + capability + ".")
          .with("capability", capability.name())
          .with("site", site)
          .with("sitesWithIt", sitesWith(Set.of(capability)));
    }
  }
}
