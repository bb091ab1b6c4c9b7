package dev.gpucloud.cli.rate;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
  private final Map<String, TenantId> tenantsBySlug = new HashMap<>();

  UUID id(String kind, String text) {
    Matcher own = OWN.matcher(text.toLowerCase(Locale.ROOT));
    UUID id =
        own.matches()
            ? UUID.fromString(own.group(1))
            : UUID.nameUUIDFromBytes((kind + ":" + text).getBytes(StandardCharsets.UTF_8));
    written.putIfAbsent(id, text);
    return id;
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

  ProjectId project(String text) {
    return new ProjectId(id("project", text));
  }

  /** A tenant that the price book declares by slug, by id, or by both. */
  TenantId declare(@Nullable String id, @Nullable String slug) {
    String name = id == null ? slug : id;
    TenantId tenant = new TenantId(id("tenant", Objects.requireNonNull(name)));
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
