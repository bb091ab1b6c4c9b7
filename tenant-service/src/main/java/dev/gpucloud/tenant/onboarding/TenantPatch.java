package dev.gpucloud.tenant.onboarding;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.BillingMode;
import dev.gpucloud.tenant.engine.Contacts;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.SuspensionPolicy;
import dev.gpucloud.tenant.engine.TenantRules;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Fields;
import dev.gpucloud.tenant.tenants.ContactsPatch;
import dev.gpucloud.tenant.tenants.TenantEntity;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A merge patch (RFC 7396) of a tenant by the platform: what is absent stays, null clears what may
 * be absent, and objects but contacts are replaced as a whole. Slug and kind are for ever.
 */
final class TenantPatch {
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "parent",
          "segment",
          "billingMode",
          "businessNumber",
          "sharesAccountWith",
          "programme",
          "residency",
          "contacts",
          "suspensionPolicy");

  /** The documented shape of the patch. */
  @Schema(
      name = "PatchTenantByPlatform",
      examples =
          """
          {
            "residency": {"country": "KR", "minCsapZone": "low"},
            "suspensionPolicy": {"running": "STOP_AFTER", "noticeHours": 72}
          }""",
      description =
          "What is absent stays; null clears what may be absent; objects but contacts are replaced"
              + " as a whole.")
  record Shape(
      @Nullable String name,
      @Schema(description = "Slug or id of the tenant to stand below; null for the top.")
          @Nullable String parent,
      @Nullable Segment segment,
      @Nullable BillingMode billingMode,
      @Nullable String businessNumber,
      @Schema(
              description =
                  "Slug of a tenant that has the new business number, to say that both are one"
                      + " company with one billing account and its invoices; not kept.")
          @Nullable String sharesAccountWith,
      TenantFact.@Nullable Programme programme,
      TenantFact.@Nullable Residency residency,
      @Nullable Contacts contacts,
      @Nullable SuspensionPolicy suspensionPolicy) {}

  /** The tenant after the patch, with what is wrong with it by itself. */
  record Patched(TenantSpec spec, @Nullable String sharesAccountWith, Violations violations) {}

  private final Fields fields;
  private final List<FieldError> unreadable;
  private final @Nullable ContactsPatch contacts;
  private final @Nullable SuspensionPolicy policy;
  private final Read read;

  /** The fields' values; null when absent, cleared or unreadable. */
  private record Read(
      @Nullable String name,
      @Nullable String parent,
      @Nullable Segment segment,
      @Nullable BillingMode billingMode,
      @Nullable String businessNumber,
      @Nullable String sharesAccountWith,
      TenantFact.@Nullable Programme programme,
      TenantFact.@Nullable Residency residency) {}

  private TenantPatch(Fields fields, Violations violations) {
    this.fields = fields;
    for (String required : List.of("name", "suspensionPolicy")) {
      if (fields.isNull(required)) {
        violations.add(fields.pointer(required), "cannot be cleared");
      }
    }
    read =
        new Read(
            fields.text("name"),
            fields.text("parent"),
            fields.oneOf("segment", Segment.class),
            fields.oneOf("billingMode", BillingMode.class),
            fields.text("businessNumber"),
            fields.text("sharesAccountWith"),
            DeclarationReader.programme(fields.object("programme")),
            DeclarationReader.residency(fields.object("residency")));
    contacts = ContactsPatch.read(fields, violations);
    policy = DeclarationReader.suspensionPolicy(fields);
    unreadable = violations.list();
  }

  /** Reads the patch; an unknown field refuses it at once. */
  static TenantPatch read(@Nullable JsonNode body) {
    var violations = new Violations();
    Fields fields = body == null ? null : Fields.open(body, "", violations);
    if (fields == null) {
      throw ProblemType.VALIDATION_FAILED
          .because("A patch is a JSON object.")
          .at("", "expected an object");
    }
    fields.refuseUnknown(FIELDS);
    return new TenantPatch(fields, violations);
  }

  /** The patched tenant; a parent named by id is found among all tenants. */
  Patched on(TenantEntity tenant, Collection<TenantEntity> all) {
    TenantSpec before = tenant.spec(slugOf(all, String.valueOf(tenant.parent())));
    var violations = new Violations();
    unreadable.forEach(error -> violations.add(error.pointer(), error.detail()));
    TenantSpec spec =
        new TenantSpec(
            before.slug(),
            read.name() == null ? before.name() : read.name(),
            before.kind(),
            given("segment", Read::segment, before.segment()),
            given("parent", r -> parent(r.parent(), all), before.parent()),
            given("billingMode", Read::billingMode, before.billingMode()),
            given("businessNumber", Read::businessNumber, before.businessNumber()),
            given("programme", Read::programme, before.programme()),
            given("residency", Read::residency, before.residency()),
            contacts == null ? before.contacts() : contacts.on(tenant.contacts()),
            policy == null ? before.suspensionPolicy() : policy);
    if (unreadable.isEmpty()) {
      TenantRules.check(spec, "", violations);
    }
    return new Patched(spec, read.sharesAccountWith(), violations);
  }

  private <T> @Nullable T given(
      String name, Function<Read, @Nullable T> value, @Nullable T before) {
    return fields.has(name) ? value.apply(read) : before;
  }

  /** The slug; what is neither a slug nor a known id stays as it is, and no tenant has it. */
  private static @Nullable String parent(@Nullable String slugOrId, Collection<TenantEntity> all) {
    String known = slugOrId == null ? null : slugOf(all, slugOrId);
    return known == null ? slugOrId : known;
  }

  private static @Nullable String slugOf(Collection<TenantEntity> all, String id) {
    return all.stream()
        .filter(tenant -> tenant.id().toString().equals(id))
        .map(TenantEntity::slug)
        .findFirst()
        .orElse(null);
  }
}
