package dev.gpucloud.tenant.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.Pointers;
import dev.gpucloud.tenant.engine.Violations;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object at one pointer. A value of the wrong type is reported and reads as
 * null, so that reading goes on and finds the rest.
 */
public final class Fields {
  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  private final JsonNode object;
  private final String at;
  private final Violations violations;

  private Fields(JsonNode object, String at, Violations violations) {
    this.object = object;
    this.at = at;
    this.violations = violations;
  }

  /** Opens the object at a pointer, or reports that there is none. */
  public static @Nullable Fields open(JsonNode node, String at, Violations violations) {
    if (!node.isObject()) {
      violations.add(at, "expected an object");
      return null;
    }
    return new Fields(node, at, violations);
  }

  /** The pointer of the object itself. */
  public String at() {
    return at;
  }

  /** The pointer of a field. */
  public String pointer(String name) {
    return at + "/" + Pointers.escape(name);
  }

  /** Reports every field that is not named here. */
  public Fields only(Set<String> known) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                violations.add(pointer(name), "unknown field; known are " + sorted(known));
              }
            });
    return this;
  }

  /**
   * Refuses the whole request for a field that is not named here.
   *
   * @throws dev.gpucloud.contracts.problem.ProblemException UNKNOWN_FIELD
   */
  public Fields refuseUnknown(Set<String> known) {
    var unknown = new Violations();
    new Fields(object, at, unknown).only(known);
    Refusals.throwIfAny(ProblemType.UNKNOWN_FIELD, unknown);
    return this;
  }

  public boolean has(String name) {
    return object.has(name);
  }

  /** Whether the field is there and null. */
  public boolean isNull(String name) {
    return object.path(name).isNull();
  }

  public @Nullable String requiredText(String name) {
    if (isAbsent(name)) {
      violations.add(pointer(name), "is required");
      return null;
    }
    return text(name);
  }

  public @Nullable String text(String name) {
    JsonNode node = object.path(name);
    if (node.isTextual() || isAbsent(name)) {
      return node.textValue();
    }
    violations.add(pointer(name), "expected a text");
    return null;
  }

  public @Nullable Long integer(String name) {
    JsonNode node = object.path(name);
    if (isAbsent(name)) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    violations.add(pointer(name), "expected a whole number");
    return null;
  }

  public @Nullable LocalDate date(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      violations.add(pointer(name), "expected a date such as 2027-03-31");
      return null;
    }
  }

  /** An RFC 3339 time; a number is none, because nobody sees its unit. */
  public @Nullable Instant instant(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      Instant at = OffsetDateTime.parse(text).toInstant();
      if (!at.isBefore(EARLIEST) && at.isBefore(LATEST)) {
        return at;
      }
    } catch (DateTimeParseException e) {
      // reported below
    }
    violations.add(pointer(name), "expected an RFC 3339 time such as 2026-11-02T00:00:00Z");
    return null;
  }

  public <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
    String text = text(name);
    return text == null ? null : constant(text, pointer(name), type);
  }

  /** A list of distinct names of an enum; empty when the field is absent. */
  public <E extends Enum<E>> Set<E> setOf(String name, Class<E> type) {
    var found = new LinkedHashSet<E>();
    List<JsonNode> items = items(name);
    for (int i = 0; i < items.size(); i++) {
      E constant = constant(items.get(i).asText(), pointer(name) + "/" + i, type);
      if (constant != null) {
        found.add(constant);
      }
    }
    return found;
  }

  /** The elements of an array; none when the field is absent. */
  public List<JsonNode> items(String name) {
    var found = new ArrayList<JsonNode>();
    if (!isAbsent(name)) {
      JsonNode node = object.path(name);
      if (node.isArray()) {
        node.forEach(found::add);
      } else {
        violations.add(pointer(name), "expected a list");
      }
    }
    return found;
  }

  /** The object in a field, or null when the field is absent. */
  public @Nullable Fields object(String name) {
    return isAbsent(name) ? null : open(object.path(name), pointer(name), violations);
  }

  /** A map of texts in a field; empty when the field is absent. */
  public Map<String, String> texts(String name) {
    var found = new LinkedHashMap<String, String>();
    Fields map = object(name);
    if (map != null) {
      map.names()
          .forEach(
              key -> {
                String value = map.requiredText(key);
                if (value != null) {
                  found.put(key, value);
                }
              });
    }
    return found;
  }

  /** The names of the fields there are, in the order of the document. */
  public List<String> names() {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private boolean isAbsent(String name) {
    JsonNode node = object.path(name);
    return node.isMissingNode() || node.isNull();
  }

  private <E extends Enum<E>> @Nullable E constant(String text, String pointer, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text)) {
        return constant;
      }
    }
    violations.add(pointer, "expected one of " + Arrays.toString(type.getEnumConstants()));
    return null;
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }
}
