package dev.gpucloud.tenant.onboarding;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.tenant.engine.BillingMode;
import dev.gpucloud.tenant.engine.Contacts;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.Slugs;
import dev.gpucloud.tenant.engine.SuspensionPolicy;
import dev.gpucloud.tenant.engine.TenantKind;
import dev.gpucloud.tenant.engine.TenantRules;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.projects.ProjectSpec;
import dev.gpucloud.tenant.request.Fields;
import dev.gpucloud.tenant.tenants.ContactsPatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads declarations of tenants from a document and notes every violation that can be seen without
 * knowing what exists already.
 */
final class DeclarationReader {
  private static final Set<String> TENANT_FIELDS =
      Set.of(
          "slug",
          "name",
          "kind",
          "segment",
          "parent",
          "billingMode",
          "businessNumber",
          "sharesAccountWith",
          "programme",
          "residency",
          "contacts",
          "suspensionPolicy",
          "quota",
          "projects",
          "members");
  private static final Set<String> PROGRAMME_FIELDS =
      Set.of("name", "creditKrw", "customerSharePct", "expires");
  private static final Set<String> POLICY_FIELDS = Set.of("running", "noticeHours");
  private static final Set<String> RESIDENCY_FIELDS = Set.of("country", "minCsapZone");
  private static final Set<String> PROJECT_FIELDS = Set.of("slug", "name", "costCenter", "labels");
  private static final Set<String> MEMBER_FIELDS =
      Set.of("subject", "username", "roles", "projectRoles");

  /** Sections of one scenario file that other services read; here they are passed over. */
  private static final Set<String> DOCUMENT_FIELDS =
      Set.of(
          "tenants",
          "currency",
          "timezone",
          "startsAt",
          "operator",
          "csapOrder",
          "gpuModels",
          "sites",
          "deliveries",
          "instanceTypes",
          "hostShape",
          "priceBook");

  private static final int MAX_PER_TENANT = 1000;
  private static final int MAX_SUBJECT_LENGTH = 64;

  private final Violations violations;
  private @Nullable Set<String> knownModels;

  DeclarationReader(Violations violations) {
    this.violations = violations;
  }

  /** The tenants of a whole document. */
  List<Declared> readDocument(JsonNode document, int maxTenants) {
    var declared = new ArrayList<Declared>();
    Fields fields = Fields.open(document, "", violations);
    if (fields == null) {
      return declared;
    }
    fields.only(DOCUMENT_FIELDS);
    knownModels = modelsOf(fields);
    if (!fields.has("tenants")) {
      violations.add("/tenants", "is required");
    }
    List<JsonNode> tenants = fields.items("tenants");
    if (tenants.size() > maxTenants) {
      violations.add("/tenants", "expected at most " + maxTenants + " tenants in one document");
      return declared;
    }
    for (int i = 0; i < tenants.size(); i++) {
      readTenant(tenants.get(i), "/tenants/" + i).ifPresent(declared::add);
    }
    refuseDuplicates(declared);
    return declared;
  }

  /** One tenant at a pointer. */
  Optional<Declared> readTenant(JsonNode node, String at) {
    Fields fields = Fields.open(node, at, violations);
    if (fields == null) {
      return Optional.empty();
    }
    fields.only(TENANT_FIELDS);
    TenantSpec spec = spec(fields);
    if (!spec.slug().isEmpty()) {
      TenantRules.check(spec, at, violations);
    }
    return Optional.of(
        new Declared(
            at,
            spec,
            quotas(fields),
            projects(fields),
            members(fields),
            fields.text("sharesAccountWith")));
  }

  private static @Nullable Set<String> modelsOf(Fields document) {
    if (!document.has("gpuModels")) {
      return null;
    }
    var models = new HashSet<String>();
    document.items("gpuModels").forEach(model -> models.add(model.path("id").asText()));
    return models;
  }

  private TenantSpec spec(Fields fields) {
    String slug = fields.requiredText("slug");
    String name = fields.requiredText("name");
    if (!fields.has("kind") || fields.isNull("kind")) {
      fields.requiredText("kind");
    }
    return new TenantSpec(
        slug == null ? "" : slug,
        name,
        fields.oneOf("kind", TenantKind.class),
        fields.oneOf("segment", Segment.class),
        fields.text("parent"),
        fields.oneOf("billingMode", BillingMode.class),
        fields.text("businessNumber"),
        programme(fields.object("programme")),
        residency(fields.object("residency")),
        contacts(fields),
        suspensionPolicy(fields));
  }

  private @Nullable Contacts contacts(Fields fields) {
    ContactsPatch given = fields.isNull("contacts") ? null : ContactsPatch.read(fields, violations);
    return given == null ? null : given.on(Contacts.NONE);
  }

  /** Null when none is given. */
  static @Nullable SuspensionPolicy suspensionPolicy(Fields tenant) {
    Fields fields = tenant.object("suspensionPolicy");
    if (fields == null) {
      return null;
    }
    fields.only(POLICY_FIELDS);
    fields.requiredText("running");
    Long hours = fields.integer("noticeHours");
    SuspensionPolicy.Running running = fields.oneOf("running", SuspensionPolicy.Running.class);
    return running == null
        ? null
        : new SuspensionPolicy(running, hours == null ? null : clamp(hours));
  }

  static TenantFact.@Nullable Programme programme(@Nullable Fields fields) {
    if (fields == null) {
      return null;
    }
    fields.only(PROGRAMME_FIELDS);
    String name = fields.requiredText("name");
    Long share = fields.integer("customerSharePct");
    return new TenantFact.Programme(
        name == null ? "unreadable" : name,
        fields.integer("creditKrw"),
        share == null ? null : clamp(share),
        fields.date("expires"));
  }

  static TenantFact.@Nullable Residency residency(@Nullable Fields fields) {
    if (fields == null) {
      return null;
    }
    fields.only(RESIDENCY_FIELDS);
    return new TenantFact.Residency(fields.text("country"), fields.text("minCsapZone"));
  }

  private Map<String, Optional<Integer>> quotas(Fields tenant) {
    var quotas = new LinkedHashMap<String, Optional<Integer>>();
    Fields fields = tenant.object("quota");
    if (fields == null || tooMany(fields.names().size(), tenant.pointer("quota"))) {
      return quotas;
    }
    for (String model : fields.names()) {
      Long limit = fields.integer(model);
      Optional<String> refusal =
          QuotaRules.modelRefusal(model)
              .or(() -> unknownModel(model))
              .or(() -> QuotaRules.limitRefusal(limit));
      refusal.ifPresentOrElse(
          why -> violations.add(fields.pointer(model), why),
          () -> quotas.put(model, Optional.ofNullable(limit).map(DeclarationReader::clamp)));
    }
    return quotas;
  }

  private Optional<String> unknownModel(String model) {
    return knownModels == null || knownModels.contains(model)
        ? Optional.empty()
        : Optional.of("the document's gpuModels has no '" + model + "'");
  }

  private List<Declared.Project> projects(Fields tenant) {
    var projects = new ArrayList<Declared.Project>();
    List<JsonNode> items = tenant.items("projects");
    if (tooMany(items.size(), tenant.pointer("projects"))) {
      return projects;
    }
    var slugs = new HashSet<String>();
    for (int i = 0; i < items.size(); i++) {
      Declared.Project project = project(items.get(i), tenant.pointer("projects") + "/" + i);
      if (project == null) {
        continue;
      }
      if (!slugs.add(project.slug())) {
        violations.add(project.at(), "'" + project.slug() + "' is listed twice");
      }
      projects.add(project);
    }
    return projects;
  }

  private Declared.@Nullable Project project(JsonNode item, String at) {
    if (item.isTextual()) {
      String slug = item.textValue();
      Slugs.projectRefusal(slug).ifPresent(why -> violations.add(at, why));
      return new Declared.Project(at, slug, null, null, null);
    }
    Fields fields = Fields.open(item, at, violations);
    if (fields == null) {
      return null;
    }
    fields.only(PROJECT_FIELDS);
    String slug = fields.requiredText("slug");
    if (slug == null) {
      return null;
    }
    String name = fields.text("name");
    String costCenter = fields.text("costCenter");
    Map<String, String> labels = fields.texts("labels");
    new ProjectSpec(slug, name == null ? slug : name, costCenter, labels).check(at, violations);
    return new Declared.Project(at, slug, name, costCenter, fields.has("labels") ? labels : null);
  }

  private List<Declared.Member> members(Fields tenant) {
    var members = new ArrayList<Declared.Member>();
    List<JsonNode> items = tenant.items("members");
    if (tooMany(items.size(), tenant.pointer("members"))) {
      return members;
    }
    var subjects = new HashSet<String>();
    for (int i = 0; i < items.size(); i++) {
      Declared.Member member = member(items.get(i), tenant.pointer("members") + "/" + i);
      if (member == null) {
        continue;
      }
      if (!subjects.add(member.subject())) {
        violations.add(member.at() + "/subject", "'" + member.subject() + "' is listed twice");
      }
      members.add(member);
    }
    return members;
  }

  private Declared.@Nullable Member member(JsonNode item, String at) {
    Fields fields = Fields.open(item, at, violations);
    if (fields == null) {
      return null;
    }
    fields.only(MEMBER_FIELDS);
    String subject = fields.requiredText("subject");
    String username = fields.requiredText("username");
    Set<MemberRole> roles = fields.setOf("roles", MemberRole.class);
    var projectRoles = new LinkedHashMap<String, Set<MemberRole>>();
    Fields byProject = fields.object("projectRoles");
    if (byProject != null) {
      byProject
          .names()
          .forEach(slug -> projectRoles.put(slug, byProject.setOf(slug, MemberRole.class)));
    }
    if (roles.isEmpty() && projectRoles.values().stream().allMatch(Set::isEmpty)) {
      violations.add(at + "/roles", "expected at least one role");
    }
    if (subject == null || username == null) {
      return null;
    }
    if (!Texts.isPrintable(subject, MAX_SUBJECT_LENGTH)) {
      violations.add(
          at + "/subject", "expected 1 to " + MAX_SUBJECT_LENGTH + " printable characters");
    }
    TenantRules.checkName(username, at + "/username", violations);
    return new Declared.Member(at, subject, username, roles, projectRoles);
  }

  private boolean tooMany(int size, String at) {
    if (size > MAX_PER_TENANT) {
      violations.add(at, "expected at most " + MAX_PER_TENANT);
      return true;
    }
    return false;
  }

  private void refuseDuplicates(List<Declared> declared) {
    var first = new LinkedHashMap<String, String>();
    for (Declared tenant : declared) {
      String slug = tenant.spec().slug();
      String before = slug.isEmpty() ? null : first.putIfAbsent(slug, tenant.at());
      if (before != null) {
        violations.add(tenant.at() + "/slug", "'" + slug + "' stands at " + before + " already");
      }
    }
  }

  /** A number beyond int is out of every range here, and stays so. */
  private static int clamp(long value) {
    return Math.toIntExact(Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }
}
