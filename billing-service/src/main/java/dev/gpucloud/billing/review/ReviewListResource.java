package dev.gpucloud.billing.review;

import dev.gpucloud.billing.review.ReviewRepository.Head;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Invoices that wait for somebody, anomalies first. */
@Path("/api/v1/finance/invoice-reviews")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "close")
class ReviewListResource {
  private final Transactions transactions;
  private final ReviewRepository reviews;
  private final Anomalies anomalies;

  ReviewListResource(Transactions transactions, ReviewRepository reviews, Anomalies anomalies) {
    this.transactions = transactions;
    this.reviews = reviews;
    this.anomalies = anomalies;
  }

  /** An invoice that is not issued yet with what is unlike last month. */
  @Schema(name = "InvoiceReview")
  record ReviewView(
      InvoiceId invoice,
      String month,
      String state,
      String accountId,
      String accountName,
      String businessNumber,
      Money supplyValue,
      @Schema(description = "How many of the anomalies nobody has looked at.") int unseen,
      List<AnomalyView> anomalies) {
    static ReviewView of(Head h, List<AnomalyView> anomalies) {
      return new ReviewView(
          new InvoiceId(h.id()),
          h.month(),
          h.state(),
          h.account().toString(),
          h.accountName(),
          h.businessNumber(),
          Money.krw(h.supplyKrw()),
          (int) anomalies.stream().filter(a -> !a.looked()).count(),
          anomalies);
    }
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(
      summary = "List invoices that are not issued yet, those with unseen anomalies first",
      description = "The order is that of the page: pages follow each other by id.")
  public Uni<Page<ReviewView>> listInvoiceReviews(
      @QueryParam("month") @Nullable String month, @BeanParam PageRequest page) {
    String of = month == null ? null : month(month);
    UUID after = ReviewsResource.after(page.after().get("id"));
    return transactions
        .asPlatform(
            s -> reviews.open(s, of, after, page.limit()).chain(found -> reviewed(s, found)))
        .map(all -> page.page(all, r -> r, r -> Map.of("id", r.invoice().value().toString())))
        .map(p -> new Page<>(unseenFirst(p.items()), p.nextPageToken()));
  }

  private Uni<List<ReviewView>> reviewed(Mutiny.Session s, List<Head> found) {
    return anomalies
        .of(s, found)
        .map(
            all ->
                found.stream()
                    .map(head -> ReviewView.of(head, all.getOrDefault(head.id(), List.of())))
                    .toList());
  }

  private static List<ReviewView> unseenFirst(List<ReviewView> page) {
    return page.stream().sorted(Comparator.comparing(ReviewView::unseen).reversed()).toList();
  }

  private static String month(String text) {
    try {
      return BillingMonth.parse(text).toString();
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("A month is a Seoul calendar month such as 2026-11.")
          .at("month", "must be of the form 2026-11");
    }
  }
}
