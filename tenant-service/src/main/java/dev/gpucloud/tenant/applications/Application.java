package dev.gpucloud.tenant.applications;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.tenant.engine.BillingMode;
import dev.gpucloud.tenant.engine.Contacts;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.Slugs;
import dev.gpucloud.tenant.engine.TenantKind;
import dev.gpucloud.tenant.engine.TenantRules;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Fields;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.ContactsPatch;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What somebody asks for: a tenant with a first project, and what it is for. */
record Application(TenantSpec spec, String project, @Nullable String purpose) {
  private static final Set<String> FIELDS =
      Set.of(
          "slug",
          "name",
          "kind",
          "segment",
          "parent",
          "billingMode",
          "businessNumber",
          "contacts",
          "project",
          "purpose");
  private static final String FIRST_PROJECT = "main";
  private static final int MAX_PURPOSE_LENGTH = 500;

  /** The documented shape of the request. */
  @Schema(
      name = "ApplyForTenant",
      examples =
          """
          {
            "slug": "dalbit-vision",
            "name": "Dalbit Vision",
            "kind": "EXTERNAL",
            "segment": "STARTUP",
            "billingMode": "EXTERNAL",
            "businessNumber": "000-00-00091",
            "contacts": {"billing": {"name": "Park Seoyeon", "email": "park.seoyeon@example.com"}},
            "project": "inspection",
            "purpose": "Vision models for the inspection of welds."
          }""",
      description = "The tenant that is asked for.")
  record Shape(
      @Schema(
              required = true,
              examples = "hanbit-robotics",
              pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
              minLength = 3,
              maxLength = 40)
          String slug,
      @Schema(required = true, examples = "Hanbit Robotics", maxLength = 120) String name,
      @Schema(
              required = true,
              enumeration = {"EXTERNAL", "SUBSIDIARY"})
          String kind,
      @Schema(description = "Required for EXTERNAL, refused for SUBSIDIARY.")
          @Nullable Segment segment,
      @Schema(description = "Slug of the company above; required for SUBSIDIARY.")
          @Nullable String parent,
      @Schema(required = true) BillingMode billingMode,
      @Schema(
              examples = "000-00-00048",
              description = "Its check digit is verified. Required for every mode but SHOWBACK.")
          @Nullable String businessNumber,
      @Schema(required = true, description = "Whom to reach; billing is required.")
          Contacts contacts,
      @Schema(examples = "main", description = "Slug of the first project; main by default.")
          @Nullable String project,
      @Schema(maxLength = MAX_PURPOSE_LENGTH, description = "What it is for.")
          @Nullable String purpose) {}

  /** Reads a request with every violation at once; an unknown field refuses it alone. */
  static Application read(@Nullable JsonNode body) {
    var violations = new Violations();
    Fields fields = body == null ? null : Fields.open(body, "", violations);
    if (fields == null) {
      throw ProblemType.VALIDATION_FAILED
          .because("An application is a JSON object.")
          .at("", "expected an object");
    }
    fields.refuseUnknown(FIELDS);
    Application asked = read(fields, violations);
    Refusals.throwIfAny(violations);
    return asked;
  }

  private static Application read(Fields fields, Violations violations) {
    TenantSpec spec = spec(fields, violations);
    if (!spec.slug().isEmpty()) {
      TenantRules.check(spec, "", violations);
    }
    if (spec.kind() == TenantKind.GROUP) {
      violations.add("/kind", "a GROUP is opened by the platform alone");
    }
    if (spec.contacts() == null || spec.contacts().billing() == null) {
      violations.add("/contacts/billing", "is required");
    }
    String project = fields.text("project");
    if (project != null) {
      Slugs.projectRefusal(project).ifPresent(why -> violations.add("/project", why));
    }
    String purpose = fields.text("purpose");
    if (purpose != null && !Texts.isPrintable(purpose.strip(), MAX_PURPOSE_LENGTH)) {
      violations.add("/purpose", "expected 1 to " + MAX_PURPOSE_LENGTH + " printable characters");
    }
    return new Application(
        spec, project == null ? FIRST_PROJECT : project, purpose == null ? null : purpose.strip());
  }

  private static TenantSpec spec(Fields fields, Violations violations) {
    String slug = fields.requiredText("slug");
    String name = fields.requiredText("name");
    fields.requiredText("kind");
    ContactsPatch contacts =
        fields.isNull("contacts") ? null : ContactsPatch.read(fields, violations);
    return new TenantSpec(
        slug == null ? "" : slug,
        name,
        fields.oneOf("kind", TenantKind.class),
        fields.oneOf("segment", Segment.class),
        fields.text("parent"),
        fields.oneOf("billingMode", BillingMode.class),
        fields.text("businessNumber"),
        null,
        null,
        contacts == null ? null : contacts.on(Contacts.NONE),
        null);
  }
}
