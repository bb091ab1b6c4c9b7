package dev.gpucloud.tenant.engine;

import org.jspecify.annotations.Nullable;

/** Whom the platform writes to: about invoices, about outages, and about incidents. */
public record Contacts(
    @Nullable Contact billing, @Nullable Contact technical, @Nullable Contact security) {
  public static final Contacts NONE = new Contacts(null, null, null);

  /** Adds what is wrong with those that are given. */
  public void check(String at, Violations violations) {
    check(billing, at + "/billing", violations);
    check(technical, at + "/technical", violations);
    check(security, at + "/security", violations);
  }

  private static void check(@Nullable Contact contact, String at, Violations violations) {
    if (contact != null) {
      contact.check(at, violations);
    }
  }
}
