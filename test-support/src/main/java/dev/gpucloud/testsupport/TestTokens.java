package dev.gpucloud.testsupport;

import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Access tokens as Keycloak would issue them, signed by the key the service under test trusts. */
public final class TestTokens {
  public static final String ISSUER = "https://issuer.test/realms/gpucloud";
  private static final String AUDIENCE = "gpucloud-api";
  private static final String KEY = "testsupport.private-key";
  private static final String OWN_KEY = "testsupport.own-private-key";

  /** Issuer of the tokens that tenant-service makes of API keys. */
  public static final String OWN_ISSUER = "urn:gpucloud:api-keys";

  private TestTokens() {}

  /** A person with platform roles (none for a tenant's member); valid for ten minutes. */
  public static String user(String subject, String username, String... platformRoles) {
    return token(
        subject, username, AUDIENCE, Instant.now().plus(Duration.ofMinutes(10)), platformRoles);
  }

  /** What a token made of an API key says; projects and roles are separated by spaces. */
  public record KeyClaims(
      String subject, String keyId, String tenant, String projects, String roles, String actions) {
    /** A key that allows every action. */
    public KeyClaims(String subject, String keyId, String tenant, String projects, String roles) {
      this(subject, keyId, tenant, projects, roles, "");
    }
  }

  /** A token as tenant-service makes it of an API key. */
  public static String ofApiKey(KeyClaims claims) {
    return ofApiKey(claims, OWN_ISSUER, privateKey(OWN_KEY));
  }

  /** Claims of our own issuer under the identity provider's key, which must not suffice. */
  public static String ofApiKeyByTheWrongIssuer(KeyClaims claims) {
    return ofApiKey(claims, OWN_ISSUER, privateKey(KEY));
  }

  /** The identity provider's name and a platform role under our own key, which must not suffice. */
  public static String userByTheWrongIssuer(String subject, String role) {
    return sign(
        subject,
        subject,
        AUDIENCE,
        Instant.now().plus(Duration.ofMinutes(1)),
        privateKey(OWN_KEY),
        role);
  }

  private static String ofApiKey(KeyClaims claims, String issuer, PrivateKey key) {
    return Jwt.issuer(issuer)
        .subject(claims.subject())
        .audience(AUDIENCE)
        .claim("preferred_username", claims.subject())
        .claim("keyId", claims.keyId())
        .claim("tenant", claims.tenant())
        .claim("projects", claims.projects())
        .claim("roles", claims.roles())
        .claim("actions", claims.actions())
        .claim("realm_access", Map.of("roles", List.of("platform-admin")))
        .claim("groups", List.of("platform-admin"))
        .issuedAt(Instant.now())
        .expiresAt(Instant.now().plus(Duration.ofMinutes(10))) // for a slow machine's longest test
        .sign(key);
  }

  /** A person whose e-mail address the identity provider has verified, or has not. */
  public static String withEmail(String subject, String email, boolean verified) {
    return claims(subject, subject, AUDIENCE, Instant.now().plus(Duration.ofMinutes(10)))
        .claim("email", email)
        .claim("email_verified", verified)
        .sign(privateKey(KEY));
  }

  /** A token that expired an hour ago. */
  public static String expired(String subject) {
    return token(subject, subject, AUDIENCE, Instant.now().minus(Duration.ofHours(1)));
  }

  /** A token meant for another audience. */
  public static String forAudience(String subject, String audience) {
    return token(subject, subject, audience, Instant.now().plus(Duration.ofMinutes(10)));
  }

  /** A token with a valid form, signed by a key nobody trusts. */
  public static String forged(String subject) {
    return sign(
        subject,
        subject,
        AUDIENCE,
        Instant.now().plus(Duration.ofMinutes(10)),
        newPair().getPrivate());
  }

  private static String token(
      String subject, String username, String audience, Instant expires, String... roles) {
    return sign(subject, username, audience, expires, privateKey(KEY), roles);
  }

  private static String sign(
      String subject,
      String username,
      String audience,
      Instant expires,
      PrivateKey key,
      String... roles) {
    return claims(subject, username, audience, expires, roles).sign(key);
  }

  private static JwtClaimsBuilder claims(
      String subject, String username, String audience, Instant expires, String... roles) {
    return Jwt.issuer(ISSUER)
        .subject(subject)
        .audience(audience)
        .claim("preferred_username", username)
        .claim("realm_access", Map.of("roles", List.of(roles)))
        .issuedAt(expires.minus(Duration.ofHours(2)))
        .expiresAt(expires);
  }

  /** Makes the key of this test run and answers its public half for the service's configuration. */
  static String newKey() {
    return newKey(KEY);
  }

  /** As {@link #newKey()} for tokens made of API keys. */
  static String newOwnKey() {
    return newKey(OWN_KEY);
  }

  private static String newKey(String property) {
    KeyPair pair = newPair();
    System.setProperty(
        property, Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  private static KeyPair newPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PrivateKey privateKey(String property) {
    String key = System.getProperty(property);
    if (key == null) {
      throw new IllegalStateException("TestTokens needs the ServiceStack test resource");
    }
    try {
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
