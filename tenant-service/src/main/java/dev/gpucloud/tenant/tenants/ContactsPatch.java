package dev.gpucloud.tenant.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.Contact;
import dev.gpucloud.tenant.engine.Contacts;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Fields;
import dev.gpucloud.tenant.request.Refusals;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A merge patch (RFC 7396) of whom to reach: what is absent stays, null takes a contact away, and a
 * contact that is given replaces the one there was as a whole.
 */
public final class ContactsPatch {
  private static final Set<String> FIELDS = Set.of("billing", "technical", "security");
  private static final Set<String> CONTACT_FIELDS = Set.of("name", "email", "phone");

  /** The documented shape of what members may patch. */
  @Schema(
      name = "PatchTenant",
      examples =
          """
          {
            "contacts": {"technical": {"name": "Kim Jisoo", "email": "kim.jisoo@example.com", "phone": "+82 2 0000 0000"}}
          }""",
      description = "What is absent stays; null takes a contact away; a contact is replaced whole.")
  record Shape(@Nullable Contacts contacts) {}

  private final boolean hasBilling;
  private final boolean hasTechnical;
  private final boolean hasSecurity;
  private final Contacts given;

  private ContactsPatch(Fields fields, Violations violations) {
    fields.only(FIELDS);
    hasBilling = fields.has("billing");
    hasTechnical = fields.has("technical");
    hasSecurity = fields.has("security");
    given =
        new Contacts(
            contact(fields.object("billing")),
            contact(fields.object("technical")),
            contact(fields.object("security")));
    given.check(fields.at(), violations);
  }

  /** Reads the contacts of a body, with what is wrong added; they stay when it has none. */
  public static @Nullable ContactsPatch read(Fields body, Violations violations) {
    if (!body.has("contacts")) {
      return null;
    }
    Fields fields = body.object("contacts");
    if (fields == null) {
      if (body.isNull("contacts")) {
        violations.add(
            body.pointer("contacts"),
            "cannot be null; name the contact to take away, such as {\"technical\": null}, or leave"
                + " contacts out to keep all");
      }
      return null;
    }
    return new ContactsPatch(fields, violations);
  }

  /** A body that may say nothing but contacts. */
  static ContactsPatch alone(@Nullable JsonNode body) {
    var violations = new Violations();
    Fields fields = body == null ? null : Fields.open(body, "", violations);
    if (fields == null) {
      throw ProblemType.VALIDATION_FAILED
          .because("A patch is a JSON object.")
          .at("", "expected an object");
    }
    fields.refuseUnknown(Set.of("contacts"));
    ContactsPatch patch = read(fields, violations);
    if (patch == null && violations.isEmpty()) {
      violations.add("/contacts", "is required");
    }
    Refusals.throwIfAny(violations);
    return Objects.requireNonNull(patch);
  }

  /** The contacts after the patch. */
  public Contacts on(Contacts before) {
    return new Contacts(
        hasBilling ? given.billing() : before.billing(),
        hasTechnical ? given.technical() : before.technical(),
        hasSecurity ? given.security() : before.security());
  }

  private static @Nullable Contact contact(@Nullable Fields fields) {
    if (fields == null) {
      return null;
    }
    fields.only(CONTACT_FIELDS);
    String email = fields.requiredText("email");
    return new Contact(
        fields.text("name"), email == null ? "missing@example.com" : email, fields.text("phone"));
  }
}
