package dev.gpucloud.billing.review;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.FindingSource;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.review.ReviewRepository.AccountMonth;
import dev.gpucloud.billing.review.ReviewRepository.Head;
import dev.gpucloud.billing.review.engine.Anomaly;
import dev.gpucloud.billing.review.engine.AnomalyEngine;
import dev.gpucloud.billing.review.engine.BilledMonth;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Compares drafts with the month before; what nobody has looked at keeps the month from closing.
 */
@ApplicationScoped
class Anomalies implements FindingSource {
  private final ReviewRepository reviews;
  private final AnomalyEngine engine;

  Anomalies(ReviewRepository reviews, ReviewConfig config) {
    this.reviews = reviews;
    this.engine = new AnomalyEngine(config.thresholds());
  }

  @Override
  public Uni<Map<UUID, List<Finding>>> find(
      Mutiny.Session s, List<Account> accounts, BillingMonth month) {
    return reviews
        .find(s, accounts.stream().map(a -> new AccountMonth(a.id(), month.toString())).toList())
        .chain(heads -> of(s, heads).map(all -> unseen(heads, all)));
  }

  private static Map<UUID, List<Finding>> unseen(
      List<Head> heads, Map<UUID, List<AnomalyView>> all) {
    return heads.stream()
        .collect(
            Collectors.toMap(
                Head::account,
                h ->
                    all.getOrDefault(h.id(), List.of()).stream()
                        .filter(a -> !a.looked())
                        .map(Anomalies::finding)
                        .toList()));
  }

  private static Finding finding(AnomalyView a) {
    return new Finding(
        Check.ANOMALY,
        a.code() + "@" + a.subject() + ": " + a.detail(),
        "Nobody has looked at this yet: %s, %s.".formatted(a.subject(), a.detail()),
        Map.of("anomaly", a.code(), "subject", a.subject(), "detail", a.detail()));
  }

  /** The anomalies of an invoice, those nobody has looked at first. */
  Uni<List<AnomalyView>> of(Mutiny.Session s, Head head) {
    return of(s, List.of(head)).map(all -> all.getOrDefault(head.id(), List.of()));
  }

  /** The same of some invoices; one without any has no entry. */
  Uni<Map<UUID, List<AnomalyView>>> of(Mutiny.Session s, List<Head> heads) {
    return found(s, heads)
        .chain(
            found ->
                found.isEmpty()
                    ? Uni.createFrom().item(Map.of())
                    : reviews.looked(s, heads).map(looked -> views(found, looked)));
  }

  private static Map<UUID, List<AnomalyView>> views(
      Map<UUID, List<Anomaly>> found, Map<UUID, Set<Anomaly>> looked) {
    return found.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e -> views(e.getValue(), looked.getOrDefault(e.getKey(), Set.of()))));
  }

  private static List<AnomalyView> views(List<Anomaly> found, Set<Anomaly> looked) {
    return found.stream()
        .map(a -> AnomalyView.of(a, looked.contains(a)))
        .sorted(Comparator.comparing(AnomalyView::looked))
        .toList();
  }

  /** Without an invoice of the month before there is nothing to compare with. */
  private Uni<Map<UUID, List<Anomaly>>> found(Mutiny.Session s, List<Head> heads) {
    return reviews
        .find(s, heads.stream().map(Anomalies::before).toList())
        .chain(
            last ->
                last.isEmpty()
                    ? Uni.createFrom().item(Map.of())
                    : reviews
                        .billed(s, Stream.concat(heads.stream(), last.stream()).distinct().toList())
                        .map(billed -> found(heads, last, billed)));
  }

  private static AccountMonth before(Head head) {
    return new AccountMonth(
        head.account(), BillingMonth.parse(head.month()).month().minusMonths(1).toString());
  }

  private Map<UUID, List<Anomaly>> found(
      List<Head> heads, List<Head> last, Map<UUID, BilledMonth> billed) {
    Map<AccountMonth, Head> lastOf =
        last.stream()
            .collect(Collectors.toMap(h -> new AccountMonth(h.account(), h.month()), h -> h));
    Map<UUID, List<Anomaly>> found = new HashMap<>();
    for (Head head : heads) {
      Head before = lastOf.get(before(head));
      List<Anomaly> unlike =
          before == null
              ? List.of()
              : engine.compare(
                  Objects.requireNonNull(billed.get(head.id())),
                  Objects.requireNonNull(billed.get(before.id())));
      if (!unlike.isEmpty()) {
        found.put(head.id(), unlike);
      }
    }
    return found;
  }
}
