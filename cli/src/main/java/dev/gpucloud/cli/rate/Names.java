package dev.gpucloud.cli.rate;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ids as files write them. The product's own (prefix and UUID) are kept; any other text names a
 * thing just as well, and is shown again as it was written.
 */
final class Names {
  private static final Pattern OWN =
      Pattern.compile("(?:[a-z]+_)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  private final Map<UUID, String> written = new HashMap<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, TenantId> tenantsBySlug = new HashMap<>();
  private final Map<String, ProjectId> projectsBySlug = new HashMap<>();
  private final Set<TenantId> declared = new HashSet<>();

  /**
   * Puts the ids of a kind in the order of their texts, so that ties end as a reader expects; to be
   * called before the first of them is asked for.
   */
  void inOrder(String kind, Collection<String> texts) {
    int place = 0;
    for (String text : new TreeSet<>(texts)) {
      places.put(kind + ":" + text, ++place);
    }
  }

  UUID id(String kind, String text) {
    Matcher own = OWN.matcher(text.toLowerCase(Locale.ROOT));
    UUID id =
        own.matches() ? UUID.fromString(own.group(1)) : ordered(kind, text, kind + ":" + text);
    written.putIfAbsent(id, text);
    return id;
  }

  private UUID ordered(String kind, String text, String unique) {
    UUID hash = UUID.nameUUIDFromBytes(unique.getBytes(StandardCharsets.UTF_8));
    Integer place = places.get(kind + ":" + text);
    return place == null ? hash : new UUID(place, hash.getLeastSignificantBits());
  }

  /** A credit of an account; of two that are alike in all else the one named first goes first. */
  UUID credit(String text, int place) {
    UUID id = id("credit", text);
    if (OWN.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
      return id;
    }
    UUID placed = new UUID(place, id.getLeastSignificantBits());
    written.putIfAbsent(placed, text);
    return placed;
  }

  /** The id as it was written. */
  String of(UUID id) {
    return written.getOrDefault(id, id.toString());
  }

  RunId run(String text) {
    return new RunId(id("run", text));
  }

  InstanceId instance(String text) {
    return new InstanceId(id("instance", text));
  }

  /** A project by id or slug; a slug is one of its tenant's, and means the id it came with. */
  ProjectId project(TenantId tenant, @Nullable String id, @Nullable String slug) {
    String key = tenant + "/" + slug;
    if (id != null) {
      ProjectId project = new ProjectId(id("project", id));
      if (slug != null) {
        projectsBySlug.putIfAbsent(key, project);
      }
      return project;
    }
    return projectsBySlug.computeIfAbsent(
        key, k -> new ProjectId(ordered("project", String.valueOf(slug), "project:" + k)));
  }

  boolean isDeclared(TenantId tenant) {
    return declared.contains(tenant);
  }

  /** A tenant that the price book declares by slug, by id, or by both. */
  TenantId declare(@Nullable String id, @Nullable String slug) {
    String name = id == null ? slug : id;
    TenantId tenant = new TenantId(id("tenant", Objects.requireNonNull(name)));
    declared.add(tenant);
    if (slug != null) {
      tenantsBySlug.put(slug, tenant);
      written.put(tenant.value(), slug);
    }
    return tenant;
  }

  /** The tenant of an event; a slug that the price book knows goes before an id. */
  @Nullable TenantId tenant(@Nullable String id, @Nullable String slug) {
    if (slug != null && tenantsBySlug.containsKey(slug)) {
      return tenantsBySlug.get(slug);
    }
    String name = id == null ? slug : id;
    return name == null ? null : new TenantId(id("tenant", name));
  }
}
