package dev.gpucloud.billing.payment;

import dev.gpucloud.contracts.id.PaymentAllocationId;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.idempotency.Idempotency;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Finance takes back here what was given to the wrong invoice. */
@Path("/api/v1/finance/payment-allocations")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "payments")
class PaymentAllocationsResource {
  private final Idempotency idempotency;
  private final PaymentService service;
  private final PaymentRepository payments;

  PaymentAllocationsResource(
      Idempotency idempotency, PaymentService service, PaymentRepository payments) {
    this.idempotency = idempotency;
    this.service = service;
    this.payments = payments;
  }

  /** Why an allocation was wrong. */
  @Schema(
      name = "TakeBackAllocation",
      examples =
          """
          {"comment": "It belongs to the invoice of October."}""")
  record TakeBackRequest(@Schema(required = true, maxLength = 500) @Nullable String comment) {
    String checked() {
      if (comment == null || comment.isBlank() || !RecordPaymentRequest.printable(comment)) {
        throw PaymentProblems.invalid(
            List.of(new FieldError("/comment", "expected 1 to 500 printable characters")));
      }
      return comment.strip();
    }
  }

  @POST
  @Path("/{allocation}/take-back")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(summary = "Take back what a payment paid of an invoice, once")
  @APIResponse(
      responseCode = "201",
      description = "The allocation that takes it back.",
      content = @Content(schema = @Schema(implementation = AllocationView.class)))
  @APIResponse(responseCode = "409", description = "STATE_CONFLICT: taken back already.")
  public Uni<Response> takeBackAllocation(
      @PathParam("allocation") String allocation,
      @Nullable TakeBackRequest body,
      @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    UUID id = allocationId(allocation);
    return idempotency.platform(
        key,
        body,
        s ->
            service
                .takeBack(s, id, PaymentsResource.required(body).checked())
                .chain(made -> payments.allocation(s, made))
                .map(made -> AllocationView.of(made.orElseThrow()))
                .map(
                    view ->
                        PaymentsResource.created(
                            "/api/v1/finance/payments/" + view.payment(), view)));
  }

  private static UUID allocationId(String text) {
    try {
      return PaymentAllocationId.parse(text).value();
    } catch (IllegalArgumentException e) {
      throw ProblemType.NOT_FOUND.because("There is no such allocation.");
    }
  }
}
