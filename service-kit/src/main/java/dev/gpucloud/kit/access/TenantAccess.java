package dev.gpucloud.kit.access;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Allows a resource method to members of the tenant in its path who hold one of the roles. A path
 * with {@code {project}}, or with {@code {projectSlugOrId}} below {@code {tenant}}, counts the
 * roles at that project too. Who holds no role there gets 404, who holds others, or roles at
 * projects of the tenant alone, 403. Stands beside {@code @Authenticated}.
 */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface TenantAccess {
  /** Any one of these suffices. */
  TenantRole[] value();

  /** Whether roles at the project in the path do not count, only those at its tenant. */
  boolean tenantWide() default false;

  /** Whether people pass too who hold a role only at some project of the tenant. */
  boolean projectMembers() default false;
}
