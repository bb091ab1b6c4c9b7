package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.FakeWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Test;

/** Tokens that say themselves how they are to be judged, and tokens of clocks that go wrong. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
class ForgedTokenIT extends EdgeCase {

  /** What is public would be the secret if the token chose the algorithm. */
  @Test
  void thePublicKeyIsNoSecret() throws Exception {
    RSAPublicKey known = publicKey();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(known.getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    for (byte[] secret :
        List.of(
            known.getEncoded(),
            pem.getBytes(StandardCharsets.US_ASCII),
            pem.strip().getBytes(StandardCharsets.US_ASCII),
            known.getModulus().toByteArray())) {
      refused(signed(AlgorithmIdentifiers.HMAC_SHA256, new HmacKey(secret), Map.of()));
    }
  }

  @Test
  void aKeyThatTheTokenBringsIsNotBelieved() throws Exception {
    RsaJsonWebKey own = RsaJwkGenerator.generateJwk(2048);
    own.setKeyId(FakeWorld.KEY_ID);
    for (Map<String, Object> header :
        List.<Map<String, Object>>of(
            Map.of("jwk", own.toParams(org.jose4j.jwk.JsonWebKey.OutputControlLevel.PUBLIC_ONLY)),
            Map.of("jku", "http://127.0.0.1:1/certs"),
            Map.of("x5u", "http://127.0.0.1:1/certs"),
            Map.of("kid", "../../dev/null"),
            Map.of("kid", "' or 1=1 --"))) {
      refused(signed(AlgorithmIdentifiers.RSA_USING_SHA256, own.getPrivateKey(), header));
    }
  }

  @Test
  void otherAlgorithmsOfTheSameKeyAreNotTaken() throws Exception {
    refused(signed(AlgorithmIdentifiers.RSA_USING_SHA512, key, Map.of()));
    refused(signed(AlgorithmIdentifiers.RSA_PSS_USING_SHA256, key, Map.of()));
  }

  @Test
  void aClockThatIsALittleWrongIsForgivenAndNoMore() throws Exception {
    Instant now = Instant.now();
    assertThat(status(lasting(now.minusSeconds(600), null, now.minusSeconds(2)))).isEqualTo(200);
    assertThat(status(lasting(now.minusSeconds(600), null, now.minusSeconds(15)))).isEqualTo(401);
    assertThat(status(lasting(now, now.plusSeconds(2), now.plusSeconds(600)))).isEqualTo(200);
    assertThat(status(lasting(now, now.plusSeconds(60), now.plusSeconds(600)))).isEqualTo(401);
  }

  private String lasting(Instant issued, Instant notBefore, Instant expiry) throws Exception {
    JwtClaims claims = claims(issued, expiry);
    if (notBefore != null) {
      claims.setNotBefore(NumericDate.fromSeconds(notBefore.getEpochSecond()));
    }
    return signed(AlgorithmIdentifiers.RSA_USING_SHA256, key, Map.of(), claims);
  }

  private void refused(String token) throws Exception {
    assertProblem(send(bearer("/api/v1/me", token)), 401, "UNAUTHENTICATED");
    wrong.pardon();
  }

  private int status(String token) throws Exception {
    wrong.pardon();
    return send(bearer("/api/v1/me", token)).statusCode();
  }

  private JwtClaims claims(Instant issued, Instant expiry) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(issuer);
    claims.setAudience("gpucloud-api");
    claims.setSubject("user-1");
    claims.setIssuedAt(NumericDate.fromSeconds(issued.getEpochSecond()));
    claims.setExpirationTime(NumericDate.fromSeconds(expiry.getEpochSecond()));
    return claims;
  }

  private String signed(String algorithm, Key with, Map<String, Object> header) throws Exception {
    return signed(algorithm, with, header, claims(Instant.now(), inAnHour()));
  }

  private static String signed(
      String algorithm, Key with, Map<String, Object> header, JwtClaims claims) throws Exception {
    JsonWebSignature jws = new JsonWebSignature();
    jws.setDoKeyValidation(false);
    jws.setKeyIdHeaderValue(FakeWorld.KEY_ID);
    header.forEach(jws.getHeaders()::setObjectHeaderValue);
    jws.setAlgorithmHeaderValue(algorithm);
    jws.setKey(with);
    jws.setPayload(claims.toJson());
    return jws.getCompactSerialization();
  }

  private RSAPublicKey publicKey() throws Exception {
    RSAPrivateCrtKey own = (RSAPrivateCrtKey) key;
    return (RSAPublicKey)
        KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(own.getModulus(), own.getPublicExponent()));
  }
}
