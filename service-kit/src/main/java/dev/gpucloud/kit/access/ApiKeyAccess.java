package dev.gpucloud.kit.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says whether a resource method answers callers with an API key. Without it only methods do whose
 * {@link TenantAccess} admits another role than {@code OWNER}: who runs a tenant is a person, so
 * that a stolen key cannot make itself a successor. A method's annotation counts before its
 * class's.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface ApiKeyAccess {
  /** False closes a method that would be open. */
  boolean value() default true;
}
