package dev.gpucloud.billing.review;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.FindingSource;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.review.ReviewRepository.Head;
import dev.gpucloud.billing.review.engine.Anomaly;
import dev.gpucloud.billing.review.engine.AnomalyEngine;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
  public Uni<List<Finding>> find(Mutiny.Session s, Account account, BillingMonth month) {
    return reviews
        .find(s, account.id(), month.toString())
        .chain(
            head ->
                head.isEmpty() ? Uni.createFrom().item(List.<AnomalyView>of()) : of(s, head.get()))
        .map(all -> all.stream().filter(a -> !a.looked()).map(Anomalies::finding).toList());
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
    return found(s, head)
        .chain(
            found ->
                found.isEmpty()
                    ? Uni.createFrom().item(List.of())
                    : reviews
                        .looked(s, head.id())
                        .map(
                            looked ->
                                found.stream()
                                    .map(a -> AnomalyView.of(a, looked.contains(a)))
                                    .sorted(Comparator.comparing(AnomalyView::looked))
                                    .toList()));
  }

  /** Without an invoice of the month before there is nothing to compare with. */
  private Uni<List<Anomaly>> found(Mutiny.Session s, Head head) {
    String before = BillingMonth.parse(head.month()).month().minusMonths(1).toString();
    return reviews
        .find(s, head.account(), before)
        .chain(
            last ->
                last.isEmpty()
                    ? Uni.createFrom().item(List.of())
                    : reviews
                        .billed(s, last.get())
                        .chain(
                            billed ->
                                reviews.billed(s, head).map(now -> engine.compare(now, billed))));
  }
}
