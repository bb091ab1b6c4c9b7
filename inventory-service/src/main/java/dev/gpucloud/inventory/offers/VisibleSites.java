package dev.gpucloud.inventory.offers;

import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.catalogue.OpenSites;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import dev.gpucloud.inventory.placement.engine.TenantRules;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.KeyGrant;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The sites a caller may know of: those that one of its tenants may use by dedication, residency
 * and CSAP zone. A platform admin sees all, who is a member of no tenant those open to everybody.
 */
@ApplicationScoped
class VisibleSites {
  private final Transactions transactions;
  private final CatalogueCache catalogue;
  private final Caller caller;

  VisibleSites(Transactions transactions, CatalogueCache catalogue, Caller caller) {
    this.transactions = transactions;
    this.catalogue = catalogue;
    this.caller = caller;
  }

  Uni<Set<String>> ofCaller() {
    List<SiteFacts> sites = List.copyOf(catalogue.current().sites().values());
    if (caller.platformRoles().contains("platform-admin")) {
      return Uni.createFrom().item(sites.stream().map(SiteFacts::id).collect(Collectors.toSet()));
    }
    KeyGrant key = caller.actor().key();
    return transactions
        .asSystem(
            s ->
                Sql.rows(
                    s,
                    """
                    select t.slug, t.fact->'residency'->>'country',
                      t.fact->'residency'->>'minCsapZone'
                    from member_ref m join tenant_ref t on t.tenant_id = m.tenant_id
                    where m.subject = ?1
                      and (cast(?2 as text) is null or t.tenant_id = cast(cast(?2 as text) as uuid))""",
                    caller.subject(),
                    key == null ? null : key.tenant().value().toString()))
        .map(rows -> rows.stream().map(VisibleSites::rules).toList())
        .map(memberships -> visible(sites, memberships));
  }

  private static TenantRules rules(Object[] row) {
    return OpenSites.rules((String) row[0], (String) row[1], (String) row[2]);
  }

  private static Set<String> visible(List<SiteFacts> sites, List<TenantRules> memberships) {
    return sites.stream()
        .filter(
            site ->
                memberships.isEmpty()
                    ? site.dedicatedTo() == null
                    : memberships.stream().anyMatch(m -> m.allow(site)))
        .map(SiteFacts::id)
        .collect(Collectors.toSet());
  }
}
