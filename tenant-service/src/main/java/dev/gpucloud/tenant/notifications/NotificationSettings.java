package dev.gpucloud.tenant.notifications;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.notifications.engine.Language;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What tenants chose about how their people are written to. */
@ApplicationScoped
class NotificationSettings {
  private static final String LOCK =
      """
      select cast(pg_advisory_xact_lock(hashtextextended('notification-settings/' || ?1, 0))
        as text)""";
  private static final String SET =
      """
      insert into notification_settings (tenant_id, language, version, updated_at)
      values (?1, ?2, ?3, now())
      on conflict (tenant_id) do update set language = excluded.language,
        version = excluded.version, updated_at = now()""";

  private final Transactions transactions;
  private final Audit audit;
  private final Language byDefault;

  NotificationSettings(Transactions transactions, Audit audit, NotificationConfig config) {
    this.transactions = transactions;
    this.audit = audit;
    this.byDefault = config.defaultLanguage();
  }

  /** The settings as they are shown. */
  @Schema(name = "NotificationSettings")
  record SettingsView(Language language, @Schema(examples = "1") long version) {}

  /** What an owner chooses. */
  @Schema(
      name = "ChooseNotificationSettings",
      examples =
          """
          {"language": "KO"}""")
  record Choice(@Schema(required = true, examples = "KO") @Nullable Language language) {}

  Uni<SettingsView> load(TenantId tenant) {
    return transactions.readAsTenant(tenant, session -> find(session, tenant));
  }

  private Uni<SettingsView> find(Mutiny.Session session, TenantId tenant) {
    return Sql.rows(
            session,
            "select language, version from notification_settings where tenant_id = ?1",
            tenant.value())
        .map(
            rows ->
                rows.isEmpty()
                    ? new SettingsView(byDefault, 0)
                    : new SettingsView(
                        Language.valueOf((String) rows.getFirst()[0]),
                        ((Number) rows.getFirst()[1]).longValue()));
  }

  Uni<SettingsView> choose(TenantId tenant, Choice choice, @Nullable String ifMatch) {
    var violations = new Violations();
    if (choice.language() == null) {
      violations.add("/language", "is required: KO or EN");
    }
    Refusals.throwIfAny(violations);
    Language language = choice.language() == null ? byDefault : choice.language();
    return transactions.asTenant(
        tenant,
        session ->
            Sql.rows(session, LOCK, tenant.toString())
                .chain(() -> find(session, tenant))
                .invoke(before -> ETags.require(ifMatch, before.version()))
                .chain(before -> set(session, tenant, before, language)));
  }

  private Uni<SettingsView> set(
      Mutiny.Session session, TenantId tenant, SettingsView before, Language language) {
    var after = new SettingsView(language, before.version() + 1);
    AuditChange change =
        AuditChange.of("tenant.notification-settings.set", "tenant", tenant.toString())
            .at(tenant)
            .from(before)
            .to(after);
    return Sql.update(session, SET, tenant.value(), language.name(), after.version())
        .chain(() -> audit.changed(session, change))
        .replaceWith(after);
  }
}
