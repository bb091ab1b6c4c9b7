package dev.gpucloud.tenant.tenants;

import dev.gpucloud.kit.access.Caller;

/** Who did something: a person by subject and name, or the service itself. */
public record Actor(String subject, String name) {
  public static final Actor SYSTEM = new Actor("system", "system");

  /** The person behind the current request. */
  public static Actor of(Caller caller) {
    return new Actor(caller.subject(), caller.username());
  }
}
