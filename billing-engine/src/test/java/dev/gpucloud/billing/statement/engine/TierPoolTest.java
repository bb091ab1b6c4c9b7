package dev.gpucloud.billing.statement.engine;

import static dev.gpucloud.billing.rating.engine.Story.kst;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.Scope;
import dev.gpucloud.billing.rating.engine.ContractPrice;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Rating.Unpriced;
import dev.gpucloud.billing.rating.engine.Story;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.rating.engine.Tiers.Band;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two companies whose hours reach a band of 10 hours together: 4,500 won, then 4,000. */
class TierPoolTest {
  private static final BillingMonth SEPTEMBER = BillingMonth.parse("2026-09");
  private static final TenantId OTHER = new TenantId(new UUID(1, 2));
  private static final Tiers BANDS =
      new Tiers(
          Tiers.Mode.VOLUME,
          List.of(new Band(Rational.of(10), Rational.of(4500)), new Band(null, Rational.of(4000))));

  @Test
  void whatAnotherUsedWithoutAPriceIsMissingFromTheBandsOfAll() {
    List<RunUsage> runs =
        List.of(
            run(Story.TENANT, "2026-09-20T10:00", "2026-09-20T11:00"),
            run(OTHER, "2026-09-10T10:00", "2026-09-10T11:00"));

    Statement whole = state(runs, BANDS, "2026-09-01T00:00");
    assertThat(whole.unpriced()).isEmpty();
    assertThat(whole.supplyValue().amount()).isEqualTo(8 * 4000);

    Statement late = state(runs, BANDS, "2026-09-15T00:00");
    assertThat(late.unpriced()).containsExactly(new Unpriced(Story.H100, kst("2026-09-10T10:00")));
  }

  @Test
  void whoseBandsDoNotCountItMayBeBilled() {
    List<RunUsage> runs =
        List.of(
            run(Story.TENANT, "2026-09-20T10:00", "2026-09-20T11:00"),
            run(OTHER, "2026-09-10T10:00", "2026-09-10T11:00"));

    Statement flat = state(runs, null, "2026-09-15T00:00");

    assertThat(flat.unpriced()).isEmpty();
    assertThat(flat.supplyValue().amount()).isEqualTo(8 * 4500);
  }

  private static Statement state(List<RunUsage> runs, @Nullable Tiers tiers, String othersFrom) {
    PriceBook book =
        PriceBook.of(
            RateCard.of(List.of(), List.of()),
            List.of(
                account("acme", Story.TENANT, tiers, kst("2026-09-01T00:00")),
                account("other", OTHER, tiers, kst(othersFrom))),
            List.of(new TierPool("pool", Set.of("acme", "other"))));
    return new StatementEngine(book, runs).state("acme", SEPTEMBER);
  }

  private static AccountTerms account(
      String id, TenantId tenant, @Nullable Tiers tiers, Instant pricedFrom) {
    var price =
        new ContractPrice(
            "c-" + id,
            null,
            Story.H100,
            PriceUnit.GPU_HOUR,
            Rational.of(4500),
            tiers,
            pricedFrom,
            null);
    return new AccountTerms(
        id,
        BillingMode.EXTERNAL,
        Taxation.USUAL,
        Map.of(
            tenant,
            Timeline.of(
                List.of(new Terms(Instant.EPOCH, "EXTERNAL", null, null, null)),
                Terms::effectiveFrom)),
        List.of(price),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static RunUsage run(TenantId tenant, String start, String end) {
    var scope = new Scope(tenant, Story.A, "a", null);
    UUID id = new UUID(3, tenant.value().getLeastSignificantBits());
    return RunUsage.tile(
            new RunId(id),
            new InstanceId(id),
            "vm",
            List.of(
                new RunFact(1, RunFact.Kind.STARTED, kst(start), scope, Story.h100(8)),
                new RunFact(2, RunFact.Kind.STOPPED, kst(end), scope, Story.h100(8))))
        .orElseThrow();
  }
}
