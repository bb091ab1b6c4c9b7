package dev.gpucloud.contracts.id;

import java.util.UUID;

/** An id of one kind of thing; its text form is the kind's prefix, an underscore and a UUID. */
public sealed interface TypedId
    permits TenantId,
        TenantApplicationId,
        InvitationId,
        SshKeyId,
        QuotaRequestId,
        GrantCallId,
        GrantApplicationId,
        GrantAwardId,
        ProjectId,
        ClusterId,
        VolumeId,
        InstanceId,
        RunId,
        HostId,
        GpuId,
        InvoiceId,
        NoteId,
        SpendBudgetId,
        PaymentId,
        PaymentAllocationId,
        CloseWaiverId,
        CreditId,
        MaintenanceWindowId,
        FaultId,
        OperationId,
        ApiKeyId,
        DispatchId,
        NotificationId,
        WebhookId,
        ServiceAccountId {

  /** The UUIDv7 that stands in the database. */
  UUID value();

  /**
   * Reads {@code prefix_uuid} in its canonical lower-case form.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  static UUID parse(String prefix, String text) {
    if (text.length() == prefix.length() + 37 && text.startsWith(prefix + "_")) {
      String uuid = text.substring(prefix.length() + 1);
      UUID value = UUID.fromString(uuid);
      if (value.toString().equals(uuid)) {
        return value;
      }
    }
    throw new IllegalArgumentException("expected an id of the form " + prefix + "_<uuid>");
  }
}
