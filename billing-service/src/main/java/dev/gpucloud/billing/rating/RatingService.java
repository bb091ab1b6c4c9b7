package dev.gpucloud.billing.rating;

import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.account.AccountRepository.GrantWithBurns;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.price.PriceRepository;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.rating.engine.Rating;
import dev.gpucloud.billing.rating.engine.RatingEngine;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Loads what rating needs in one transaction; the rating itself happens afterwards, without one.
 */
@ApplicationScoped
public class RatingService {
  private final UsageRepository usage;
  private final PriceRepository prices;
  private final AccountRepository accounts;

  RatingService(UsageRepository usage, PriceRepository prices, AccountRepository accounts) {
    this.usage = usage;
    this.prices = prices;
    this.accounts = accounts;
  }

  /** Usage of some tenants in a window with all that decides its price. */
  public record Inputs(
      Instant from,
      Instant to,
      List<RunUsage> runs,
      RateCard rateCard,
      Map<TenantId, Timeline<Terms>> terms,
      List<GrantWithBurns> grants) {

    /** Rates every tenant's runs by its own terms. Costs time: call it on a worker thread. */
    public Rating rate() {
      var rows = new ArrayList<RatedRow>();
      var unpriced = new ArrayList<Rating.Unpriced>();
      runsByTenant()
          .forEach(
              (tenant, theirs) -> {
                var engine =
                    new RatingEngine(
                        rateCard, terms.getOrDefault(tenant, Timeline.empty()), creditBounds());
                Rating rating = engine.rate(theirs, from, to);
                rows.addAll(rating.rows());
                unpriced.addAll(rating.unpriced());
              });
      rows.sort(RatedRow.BY_USAGE_TIME);
      return new Rating(rows, unpriced);
    }

    /** The same usage until an earlier instant. */
    public Inputs until(Instant earlier) {
      return new Inputs(from, earlier, runs, rateCard, terms, grants);
    }

    private Map<TenantId, List<RunUsage>> runsByTenant() {
      return runs.stream()
          .collect(Collectors.groupingBy(r -> r.intervals().getFirst().scope().tenantId()));
    }

    private Set<Instant> creditBounds() {
      var bounds = new HashSet<Instant>();
      for (GrantWithBurns g : grants) {
        bounds.add(g.grant().validFrom());
        if (g.grant().expiresAt() != null) {
          bounds.add(Objects.requireNonNull(g.grant().expiresAt()));
        }
      }
      return bounds;
    }
  }

  public Uni<Inputs> load(Mutiny.Session s, Collection<UUID> tenants, Instant from, Instant to) {
    return usage
        .runs(s, tenants, from, to)
        .chain(
            runs ->
                prices
                    .rateCard(s)
                    .chain(
                        card ->
                            accounts
                                .terms(s, tenants)
                                .chain(
                                    terms ->
                                        accounts
                                            .grants(s, tenants)
                                            .map(
                                                grants ->
                                                    new Inputs(
                                                        from, to, runs, card, terms, grants)))));
  }
}
