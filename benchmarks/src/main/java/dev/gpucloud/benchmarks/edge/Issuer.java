package dev.gpucloud.benchmarks.edge;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;

/** Signs access tokens, and lays out as files what an identity provider says of itself. */
final class Issuer {
  private static final int KEY_BITS = 2048;
  private static final long LIFE_SECONDS = 6 * 3600;

  private final String address;
  private final KeyPair pair;

  Issuer(String address) throws GeneralSecurityException {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(KEY_BITS);
    this.address = address;
    this.pair = keys.generateKeyPair();
  }

  /** Writes discovery and keys below the folder that is served as the root of the address. */
  void publish(Path root) throws IOException {
    Path realm = root.resolve(address.replaceFirst("^http://[^/]+/", ""));
    Files.createDirectories(realm.resolve(".well-known"));
    Files.writeString(
        realm.resolve(".well-known/openid-configuration"),
        """
        {"issuer":"%1$s","jwks_uri":"%1$s/certs","authorization_endpoint":"%1$s/auth",\
        "token_endpoint":"%1$s/token","response_types_supported":["code"],\
        "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}\
        """
            .formatted(address));
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    Files.writeString(
        realm.resolve("certs"),
        """
        {"keys":[{"kty":"RSA","kid":"k","use":"sig","alg":"RS256","n":"%s","e":"%s"}]}\
        """
            .formatted(number(key.getModulus()), number(key.getPublicExponent())));
  }

  /** A token of this subject that lives for hours. */
  String token(String subject) throws GeneralSecurityException {
    long now = Instant.now().getEpochSecond();
    String signed =
        text("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k\"}")
            + "."
            + text(
                """
                {"iss":"%s","aud":"gpucloud-api","sub":"%2$s","preferred_username":"%2$s",\
                "typ":"Bearer","iat":%3$d,"exp":%4$d,"realm_access":{"roles":[]}}\
                """
                    .formatted(address, subject, now, now + LIFE_SECONDS));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(pair.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + encode(signature.sign());
  }

  private static String text(String json) {
    return encode(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String number(BigInteger value) {
    byte[] bytes = value.toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    return encode(java.util.Arrays.copyOfRange(bytes, from, bytes.length));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
