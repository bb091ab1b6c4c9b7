package dev.gpucloud.testsupport.access;

import dev.gpucloud.testsupport.TestTokens;
import dev.gpucloud.testsupport.TestTokens.KeyClaims;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The people of two tenants and their API keys, and the token each sends.
 *
 * @param tenant id of the tenant that paths name, with its prefix
 * @param foreign id of the other one
 * @param member subject of the tenant's member with a role, written as in the tables
 * @param foreignOwner subject of the other tenant's owner
 * @param keys makes the tokens of API keys
 */
public record Cast(
    String tenant, String foreign, UnaryOperator<String> member, String foreignOwner, Keys keys) {
  private static final String KEY = "key_00000000-0000-7000-8000-00000000000a";
  private static final String OTHER_PROJECT = "prj_00000000-0000-7000-8000-00000000000b";
  private static final String EVERY_ROLE = "OWNER OPERATOR VIEWER BILLING_VIEWER";

  /** A key to be exchanged for a token; roles are in capitals and separated by spaces. */
  public record Key(String subject, String tenant, boolean otherProject, String roles) {}

  /** Exchanges keys. */
  @FunctionalInterface
  public interface Keys {
    String token(Key key);
  }

  /** Tokens as tenant-service would make them, for services that trust the test's key. */
  public static Keys signed() {
    return key ->
        TestTokens.ofApiKey(
            new KeyClaims(
                key.subject(),
                KEY,
                key.tenant(),
                key.otherProject() ? OTHER_PROJECT : "",
                key.roles()));
  }

  /** The persona's access token. */
  public String token(Persona persona) {
    return switch (persona) {
      case OWNER, OPERATOR, VIEWER, BILLING_VIEWER, PROJECT_OWNER ->
          user(member.apply(persona.role()));
      case FOREIGN_OWNER -> user(foreignOwner);
      case STRANGER -> user("nobodys-member");
      case PLATFORM_ADMIN, FINANCE, FINANCE_APPROVER, AUDITOR, SERVICE ->
          TestTokens.user("access-" + persona.role(), persona.role(), persona.role());
      case OWNER_KEY, OPERATOR_KEY, VIEWER_KEY, BILLING_VIEWER_KEY ->
          key(owner(), tenant, false, persona.role().toUpperCase(Locale.ROOT).replace('-', '_'));
      case OTHER_PROJECT_KEY -> key(owner(), tenant, true, EVERY_ROLE);
      case FOREIGN_KEY -> key(foreignOwner, foreign, false, EVERY_ROLE);
    };
  }

  private String owner() {
    return member.apply("owner");
  }

  private static String user(String subject) {
    return TestTokens.user(subject, subject);
  }

  private String key(String subject, String at, boolean otherProject, String roles) {
    return keys.token(new Key(subject, at, otherProject, roles));
  }
}
