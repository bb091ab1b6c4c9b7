package dev.gpucloud.tenant.notifications;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.notifications.engine.Recipients.Concerned;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that people must know.
 *
 * @param tenant whose people are told; null for a person without a tenant
 * @param resource id of what it is about
 * @param project whose people are told too
 * @param once tells it apart from all others, so that it is told once however often it is found
 * @param token a secret for the mail alone, kept sealed until that is sent
 */
public record Notice(
    NotificationKind kind,
    @Nullable TenantId tenant,
    String resource,
    Instant at,
    Map<String, String> values,
    Concerned concerned,
    @Nullable ProjectId project,
    @Nullable String once,
    @Nullable String token) {

  /** One for a tenant's people. */
  public static Notice of(
      NotificationKind kind, @Nullable TenantId tenant, String resource, Instant at) {
    return new Notice(kind, tenant, resource, at, Map.of(), Concerned.NOBODY, null, null, null);
  }

  /** With a value for the text; null is none. */
  public Notice with(String name, @Nullable Object value) {
    if (!kind.names().contains(name)) {
      throw new IllegalArgumentException(kind + " has no value " + name);
    }
    if (value == null) {
      return this;
    }
    var more = new LinkedHashMap<>(values);
    more.put(name, value.toString());
    return new Notice(kind, tenant, resource, at, more, concerned, project, once, token);
  }

  /** Concerning a person. */
  public Notice person(String subject) {
    return new Notice(
        kind, tenant, resource, at, values, new Concerned(subject, null), project, once, token);
  }

  /** To an invited address, with what it accepts with. */
  public Notice invited(String email, String secret) {
    return new Notice(
        kind, tenant, resource, at, values, new Concerned(null, email), project, once, secret);
  }

  /** To a project's people too. */
  public Notice project(ProjectId of) {
    return new Notice(kind, tenant, resource, at, values, concerned, of, once, token);
  }

  /** Told once, whoever finds it and however often. */
  public Notice once(String key) {
    return new Notice(kind, tenant, resource, at, values, concerned, project, key, token);
  }

  /** Never in a log. */
  @Override
  public String toString() {
    return kind + " of " + resource;
  }
}
