package dev.gpucloud.tenant.webhooks;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.id.WebhookId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A webhook's row. {@code version} counts what its owners change, and its end by failures. */
@Entity
@Table(name = "webhook")
class WebhookEntity {
  /** Whether it is told anything. */
  enum State {
    /** It is told what happens. */
    ACTIVE,
    /** Its owner wants it told nothing for now. */
    PAUSED,
    /** It failed for too long. */
    DISABLED
  }

  @Id
  @Column(name = "webhook_id")
  private UUID id;

  @Column(name = "tenant_id")
  private UUID tenantId;

  private String url;
  private String description;

  @Column(columnDefinition = "text[]")
  private String[] kinds;

  @Column(columnDefinition = "text[]")
  private String[] events;

  @Enumerated(EnumType.STRING)
  private State state;

  private byte[] secret;

  @Column(name = "previous_secret")
  private byte @Nullable [] previousSecret;

  @Column(name = "previous_until")
  private @Nullable Instant previousUntil;

  @Column(name = "failing_since")
  private @Nullable Instant failingSince;

  @Column(name = "last_tried_at")
  private @Nullable Instant lastTriedAt;

  @Column(name = "last_status")
  private @Nullable Integer lastStatus;

  @Column(name = "last_problem")
  private @Nullable String lastProblem;

  private long version;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected WebhookEntity() {}

  static WebhookEntity of(
      TenantId tenant, WebhookRequest.Asked asked, byte[] sealedSecret, Instant now) {
    var row = new WebhookEntity();
    row.id = Ids.next();
    row.tenantId = tenant.value();
    row.secret = sealedSecret;
    row.set(asked);
    row.version = 1;
    row.createdAt = now;
    row.updatedAt = now;
    return row;
  }

  /** Takes on what is asked for; one that was disabled begins anew when it is enabled. */
  void change(WebhookRequest.Asked asked, Instant now) {
    set(asked);
    count(now);
  }

  private void set(WebhookRequest.Asked asked) {
    url = asked.url();
    description = asked.description();
    kinds = asked.kinds().toArray(String[]::new);
    events = asked.events().toArray(String[]::new);
    state = asked.enabled() ? State.ACTIVE : State.PAUSED;
    failingSince = null;
  }

  /** Signs with a new secret, and with the present one for a while. */
  void rotate(byte[] sealedSecret, Instant until, Instant now) {
    previousSecret = secret;
    previousUntil = until;
    secret = sealedSecret;
    count(now);
  }

  private void count(Instant now) {
    version++;
    updatedAt = now;
  }

  WebhookId id() {
    return new WebhookId(id);
  }

  TenantId tenant() {
    return new TenantId(tenantId);
  }

  String url() {
    return url;
  }

  String description() {
    return description;
  }

  List<String> kinds() {
    return List.of(kinds);
  }

  List<String> events() {
    return List.of(events);
  }

  State state() {
    return state;
  }

  @Nullable Instant previousUntil() {
    return previousUntil;
  }

  @Nullable Instant failingSince() {
    return failingSince;
  }

  @Nullable Instant lastTriedAt() {
    return lastTriedAt;
  }

  @Nullable Integer lastStatus() {
    return lastStatus;
  }

  @Nullable String lastProblem() {
    return lastProblem;
  }

  long version() {
    return version;
  }

  Instant createdAt() {
    return createdAt;
  }

  Instant updatedAt() {
    return updatedAt;
  }
}
