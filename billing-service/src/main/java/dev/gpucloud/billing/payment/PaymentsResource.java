package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.payment.PaymentRepository.Payment;
import dev.gpucloud.contracts.id.PaymentId;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Finance records what came in here, and decides what is not clear by itself. */
@Path("/api/v1/finance/payments")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "payments", description = "Money that came in, and the invoices it pays.")
class PaymentsResource {
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final PaymentService service;
  private final PaymentRepository payments;
  private final InstantSource clock;

  PaymentsResource(
      Transactions transactions,
      Idempotency idempotency,
      PaymentService service,
      PaymentRepository payments,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.service = service;
    this.payments = payments;
    this.clock = clock;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(
      summary = "Record money that came in",
      description =
          "It is given to the invoices that its reference names, or to those of the payer when the"
              + " sum is exactly one of them or all of them; else match says why a person decides.")
  @APIResponse(
      responseCode = "201",
      description = "Recorded; Location is its address.",
      content = @Content(schema = @Schema(implementation = PaymentView.class)))
  public Uni<Response> recordPayment(
      @Nullable RecordPaymentRequest body, @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    return idempotency.platform(
        key,
        body,
        s ->
            service
                .record(s, required(body).receipt(today()))
                .chain(id -> service.load(s, id))
                .chain(payment -> view(s, payment))
                .map(view -> created("/api/v1/finance/payments/" + view.id(), view)));
  }

  static <T> T required(@Nullable T body) {
    if (body == null) {
      throw ProblemType.VALIDATION_FAILED.because("The body is missing.").at("", "is missing");
    }
    return body;
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), BillingMonth.ZONE);
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List payments, newest first, without what they pay")
  @APIResponse(responseCode = "200", description = "A page of payments.")
  public Uni<Page<PaymentView>> listPayments(
      @QueryParam("open")
          @Parameter(description = "true: only those of which something is for no invoice yet.")
          @Nullable Boolean open,
      @BeanParam PageRequest page) {
    UUID after = after(page.after().get("id"));
    return transactions
        .asPlatform(s -> payments.list(s, Boolean.TRUE.equals(open), after, page.limit()))
        .map(
            found ->
                page.page(
                    found,
                    payment -> PaymentView.of(payment, List.of()),
                    payment -> Map.of("id", payment.id().toString())));
  }

  private static @Nullable UUID after(@Nullable String id) {
    try {
      return id == null ? null : UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN
          .because("The page token is not one this list gave out.")
          .at("pageToken", "pass nextPageToken of the page before, unchanged");
    }
  }

  @GET
  @Path("/{payment}")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Show a payment with what it pays")
  @APIResponse(
      responseCode = "200",
      description = "The payment.",
      content = @Content(schema = @Schema(implementation = PaymentView.class)))
  public Uni<PaymentView> showPayment(@PathParam("payment") String payment) {
    UUID id = id(payment);
    return transactions.asPlatform(s -> service.load(s, id).chain(found -> view(s, found)));
  }

  private Uni<PaymentView> view(Mutiny.Session s, Payment payment) {
    return payments.ofPayment(s, payment.id()).map(all -> PaymentView.of(payment, all));
  }

  private static UUID id(String text) {
    try {
      return PaymentId.parse(text).value();
    } catch (IllegalArgumentException e) {
      throw PaymentProblems.noPayment();
    }
  }

  /** What a person gives of a payment. */
  @Schema(
      name = "AllocatePayment",
      examples =
          """
          {
            "invoice": "2026-11-000001",
            "amount": {"amount": "2230800", "currency": "KRW"},
            "comment": "Told by telephone."
          }""")
  record AllocateRequest(
      @Schema(required = true, examples = "2026-11-000001", description = "Id or number.")
          @Nullable String invoice,
      @Schema(required = true) @Nullable Money amount,
      @Schema(maxLength = 500) @Nullable String comment) {
    PaymentService.Wish wish() {
      List<FieldError> errors = new ArrayList<>();
      long won = RecordPaymentRequest.won(amount, errors);
      if (invoice == null || invoice.isBlank()) {
        errors.add(new FieldError("/invoice", "is missing"));
      }
      if (comment != null && !RecordPaymentRequest.printable(comment)) {
        errors.add(new FieldError("/comment", "expected at most 500 printable characters"));
      }
      if (!errors.isEmpty()) {
        throw PaymentProblems.invalid(errors);
      }
      return new PaymentService.Wish(Objects.requireNonNull(invoice), won, comment);
    }
  }

  @POST
  @Path("/{payment}/allocations")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(summary = "Give a part of a payment to an invoice")
  @APIResponse(
      responseCode = "201",
      description = "The payment as it is now.",
      content = @Content(schema = @Schema(implementation = PaymentView.class)))
  @APIResponse(
      responseCode = "422",
      description = "UNKNOWN_REFERENCE, or UNPROCESSABLE: more than there is to give or to take.")
  public Uni<Response> allocatePayment(
      @PathParam("payment") String payment,
      @Nullable AllocateRequest body,
      @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    UUID id = id(payment);
    return idempotency.platform(
        key,
        body,
        s ->
            service
                .load(s, id)
                .chain(() -> service.allocate(s, id, required(body).wish()))
                .chain(made -> service.load(s, id))
                .chain(found -> view(s, found))
                .map(view -> created("/api/v1/finance/payments/" + view.id(), view)));
  }

  static Response created(String location, Object view) {
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, location)
        .entity(view)
        .build();
  }
}
