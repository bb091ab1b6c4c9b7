package dev.gpucloud.tenant.onboarding;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.tenant.engine.BillingMode;
import dev.gpucloud.tenant.engine.Contacts;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.SuspensionPolicy;
import dev.gpucloud.tenant.engine.TenantKind;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The documented shape of a tenant in a request. {@link DeclarationReader} reads it from the tree,
 * which is how all violations are found at once.
 */
@Schema(
    name = "TenantDeclaration",
    examples =
        """
        {
          "slug": "saebyeok-bio",
          "name": "Saebyeok Bio",
          "kind": "EXTERNAL",
          "segment": "STARTUP",
          "billingMode": "EXTERNAL",
          "businessNumber": "000-00-00086",
          "contacts": {"billing": {"name": "Lee Minho", "email": "lee.minho@example.com"}},
          "quota": {"b200-sxm-180g": 32},
          "projects": [{"slug": "docking", "costCenter": "BIO-1", "labels": {"team": "screening"}}]
        }""",
    description = "What a tenant is to be.")
record TenantDeclaration(
    @Schema(
            required = true,
            examples = "sk-hynix",
            pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
            minLength = 3,
            maxLength = 40)
        String slug,
    @Schema(required = true, examples = "SK hynix", maxLength = 120) String name,
    @Schema(required = true, examples = "SUBSIDIARY") TenantKind kind,
    @Schema(description = "Required for EXTERNAL, refused for others.") @Nullable Segment segment,
    @Schema(
            examples = "sk-group",
            description = "Slug of the tenant above. Required for SUBSIDIARY, refused for GROUP.")
        @Nullable String parent,
    @Schema(examples = "GROUP_SERVICE", description = "Required unless the kind is GROUP.")
        @Nullable BillingMode billingMode,
    @Schema(
            examples = "000-00-00015",
            description =
                "Korean business registration number; the check digit is verified. Required for"
                    + " every billing mode but SHOWBACK.")
        @Nullable String businessNumber,
    @Schema(
            examples = "sk-hynix",
            description =
                "Slug of a tenant that has the same business number, to say that both are one"
                    + " company with one billing account and its invoices. Needed when another"
                    + " tenant has the number and neither stands above the other; not kept.")
        @Nullable String sharesAccountWith,
    TenantFact.@Nullable Programme programme,
    TenantFact.@Nullable Residency residency,
    @Nullable Contacts contacts,
    @Nullable SuspensionPolicy suspensionPolicy,
    @Schema(
            examples = "{\"b200-sxm-180g\":4096}",
            description =
                "GPUs by model; null is no limit of its own. Not above the limit of a tenant above.")
        @Nullable Map<String, Integer> quota,
    @Schema(description = "Projects; instead of an object, its slug alone suffices.")
        @Nullable List<ProjectDeclaration> projects,
    @Nullable List<MemberDeclaration> members) {

  /** The documented shape of a project in a declaration. */
  @Schema(name = "ProjectDeclaration")
  record ProjectDeclaration(
      @Schema(required = true, examples = "fab-digital-twin") String slug,
      @Nullable String name,
      @Nullable String costCenter,
      @Nullable Map<String, String> labels) {}

  /** The documented shape of a member in a declaration. */
  @Schema(name = "MemberDeclaration")
  record MemberDeclaration(
      @Schema(required = true) String subject,
      @Schema(required = true) String username,
      @Schema(description = "Roles at the tenant.") @Nullable List<MemberRole> roles,
      @Schema(description = "Further roles by project slug.")
          @Nullable Map<String, List<MemberRole>> projectRoles) {}

  /** The documented shape of an imported document. */
  @Schema(
      name = "TenantDocument",
      examples =
          """
          {
            "tenants": [
              {
                "slug": "namu-games",
                "name": "Namu Games",
                "kind": "EXTERNAL",
                "segment": "STARTUP",
                "billingMode": "EXTERNAL",
                "businessNumber": "000-00-00107",
                "quota": {"b200-sxm-180g": 16},
                "projects": [{"slug": "npc-dialogue"}, {"slug": "upscaling"}]
              }
            ]
          }""",
      description =
          "Tenants to be as declared. Other sections of a scenario file (sites, prices and so on)"
              + " are allowed and passed over; with gpuModels, quotas may name only those models.")
  record Document(@Schema(required = true) List<TenantDeclaration> tenants) {}
}
