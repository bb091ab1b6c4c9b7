package dev.gpucloud.billing.review;

import dev.gpucloud.billing.review.ReviewRepository.By;
import dev.gpucloud.billing.review.ReviewRepository.Head;
import dev.gpucloud.billing.review.engine.Anomaly;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Anomalies of an invoice with who looked at them, and what finance says about it. */
@Path("/api/v1/finance/invoices/{invoice}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "close")
class ReviewsResource {
  private static final int LONGEST_NOTE = 1000;
  private static final int LONGEST_COMMENT = 2000;

  private final Transactions transactions;
  private final Idempotency idempotency;
  private final ReviewRepository reviews;
  private final Anomalies anomalies;
  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  ReviewsResource(
      Transactions transactions,
      Idempotency idempotency,
      ReviewRepository reviews,
      Anomalies anomalies,
      Audit audit,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.reviews = reviews;
    this.anomalies = anomalies;
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  @GET
  @Path("/anomalies")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List what of an invoice is unlike last month, unseen things first")
  public Uni<List<AnomalyView>> listAnomalies(@PathParam("invoice") String invoice) {
    return transactions.asPlatform(s -> load(s, invoice).chain(head -> anomalies.of(s, head)));
  }

  /** Which anomaly somebody looked at, as the list shows it. */
  @Schema(
      name = "LookAtAnomaly",
      examples =
          """
          {
            "code": "SUPPLY_CHANGED",
            "subject": "supply",
            "detail": "2028000 after 1014000",
            "note": "The training run of November."
          }""")
  record LookRequest(
      @Schema(required = true, examples = "SUPPLY_CHANGED") @Nullable String code,
      @Schema(required = true) @Nullable String subject,
      @Schema(required = true) @Nullable String detail,
      @Schema(maxLength = 1000) @Nullable String note) {}

  @POST
  @Path("/anomalies/look")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({"finance", "finance-approver"})
  @Operation(
      summary = "Say that one looked at an anomaly",
      description = "It blocks no more. With other figures it is another anomaly.")
  @APIResponse(responseCode = "200", description = "The anomalies as they stand now.")
  @APIResponse(responseCode = "422", description = "UNPROCESSABLE: it has no such anomaly.")
  public Uni<List<AnomalyView>> lookAtAnomaly(
      @PathParam("invoice") String invoice, @Nullable LookRequest body) {
    LookRequest look = valid(body);
    var by = new By(caller.subject(), caller.username());
    return transactions.asPlatform(
        s ->
            load(s, invoice)
                .chain(
                    head ->
                        anomalies
                            .of(s, head)
                            .map(all -> find(all, look))
                            .call(a -> look(s, head, a, look.note(), by))
                            .chain(a -> anomalies.of(s, head))));
  }

  private Uni<Void> look(Mutiny.Session s, Head head, AnomalyView a, @Nullable String note, By by) {
    var anomaly = new Anomaly(Anomaly.Kind.valueOf(a.code()), a.subject(), a.detail());
    return a.looked()
        ? Uni.createFrom().voidItem()
        : reviews
            .look(s, head, anomaly, note, by, clock.instant())
            .chain(
                () ->
                    audit.changed(
                        s,
                        AuditChange.of("invoice.anomaly.look", "invoice", id(head))
                            .at(new TenantId(head.tenant()))
                            .from(a)
                            .to(AnomalyView.of(anomaly, true))));
  }

  private static AnomalyView find(List<AnomalyView> all, LookRequest look) {
    return all.stream()
        .filter(
            a ->
                a.code().equals(look.code())
                    && a.subject().equals(look.subject())
                    && a.detail().equals(look.detail()))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemType.UNPROCESSABLE
                    .because("The invoice has no such anomaly; its figures may have changed.")
                    .at("/detail", "is not what the list shows now"));
  }

  private static LookRequest valid(@Nullable LookRequest body) {
    var errors = new ArrayList<FieldError>();
    LookRequest look = required(body);
    missing("/code", look.code(), errors);
    missing("/subject", look.subject(), errors);
    missing("/detail", look.detail(), errors);
    if (look.note() != null && look.note().length() > LONGEST_NOTE) {
      errors.add(new FieldError("/note", "must have at most " + LONGEST_NOTE + " characters"));
    }
    refuse(errors);
    return look;
  }

  /** What somebody has to say. */
  @Schema(
      name = "CommentOnInvoice",
      examples =
          """
          {"text": "The interruption of 3 November is to be credited."}""")
  record CommentRequest(@Schema(required = true, maxLength = 2000) @Nullable String text) {}

  @POST
  @Path("/comments")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Comment on an invoice, for finance to read; never changed")
  @APIResponse(
      responseCode = "201",
      description = "The comment.",
      content = @Content(schema = @Schema(implementation = CommentView.class)))
  public Uni<Response> commentOnInvoice(
      @PathParam("invoice") String invoice,
      @Nullable CommentRequest body,
      @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    var by = new By(caller.subject(), caller.username());
    return idempotency.platform(
        key,
        body,
        s ->
            load(s, invoice)
                .chain(
                    head -> {
                      var comment =
                          new CommentView(
                              Ids.next().toString(), text(body), by.name(), clock.instant());
                      return reviews
                          .comment(s, head, comment, by)
                          .chain(() -> tell(s, head, comment))
                          .map(
                              v ->
                                  Response.status(Response.Status.CREATED).entity(comment).build());
                    }));
  }

  private Uni<Void> tell(Mutiny.Session s, Head head, CommentView comment) {
    return audit.changed(
        s,
        AuditChange.of("invoice.comment", "invoice", id(head))
            .at(new TenantId(head.tenant()))
            .to(comment));
  }

  private static String text(@Nullable CommentRequest body) {
    var errors = new ArrayList<FieldError>();
    String text = required(body).text();
    missing("/text", text, errors);
    if (text != null && text.length() > LONGEST_COMMENT) {
      errors.add(new FieldError("/text", "must have at most " + LONGEST_COMMENT + " characters"));
    }
    refuse(errors);
    return Objects.requireNonNull(text).strip();
  }

  @GET
  @Path("/comments")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List the comments on an invoice, oldest first")
  public Uni<Page<CommentView>> listInvoiceComments(
      @PathParam("invoice") String invoice, @BeanParam PageRequest page) {
    UUID after = after(page.after().get("id"));
    return transactions
        .asPlatform(
            s ->
                load(s, invoice).chain(head -> reviews.comments(s, head.id(), after, page.limit())))
        .map(found -> page.page(found, c -> c, c -> Map.of("id", c.id())));
  }

  private Uni<Head> load(Mutiny.Session s, String invoice) {
    UUID id;
    try {
      id = InvoiceId.parse(invoice).value();
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
    return reviews.find(s, id).map(found -> found.orElseThrow(ReviewsResource::notFound));
  }

  private static ProblemException notFound() {
    return ProblemType.NOT_FOUND.because("There is no such invoice.");
  }

  private static String id(Head head) {
    return new InvoiceId(head.id()).toString();
  }

  static @Nullable UUID after(@Nullable String id) {
    try {
      return id == null ? null : UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN
          .because("The page token is not one this list gave out.")
          .at("pageToken", "pass nextPageToken of the page before, unchanged");
    }
  }

  private static <T> T required(@Nullable T body) {
    if (body == null) {
      throw ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
    }
    return body;
  }

  private static void missing(String pointer, @Nullable String text, List<FieldError> errors) {
    if (text == null || text.isBlank()) {
      errors.add(new FieldError(pointer, "is missing"));
    }
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new ProblemException(
          ProblemType.VALIDATION_FAILED,
          errors.size() + " values are invalid; nothing was changed.",
          Map.of(),
          errors);
    }
  }
}
