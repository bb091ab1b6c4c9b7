package dev.gpucloud.kit.access;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Allows a resource method to members of the tenant in its path ({@code {tenant}} or {@code
 * {project}}) who hold one of the roles. Who holds no role there gets 404, who holds others 403.
 * Stands beside {@code @Authenticated}.
 */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface TenantAccess {
  /** Any one of these suffices. */
  TenantRole[] value();
}
