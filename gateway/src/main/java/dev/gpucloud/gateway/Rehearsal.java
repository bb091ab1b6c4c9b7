package dev.gpucloud.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/**
 * A gateway that serves itself for a moment, with an identity provider and services of its own, and
 * stops: the run that its AOT cache is made of (JEP 514, 515). Nothing outside of this process is
 * asked.
 */
public final class Rehearsal {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int REQUESTS = 400;
  private static final String REALM = "/realms/gpucloud";

  private final HttpServer world;
  private final RsaJsonWebKey key;
  private final String address;
  private final String gateway;

  private Rehearsal() throws IOException, JoseException {
    world = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    key = RsaJwkGenerator.generateJwk(2048);
    key.setKeyId("rehearsal");
    address = "http://127.0.0.1:" + world.getAddress().getPort();
    gateway = "http://127.0.0.1:" + freePort();
  }

  public static void main(String... args) throws Exception {
    new Rehearsal().run();
  }

  private void run() throws Exception {
    world.createContext("/", this::answer);
    world.start();
    settings().forEach(System::setProperty);
    Thread serving = new Thread(Main::main, "gateway");
    serving.start();
    try {
      send();
    } finally {
      Quarkus.asyncExit();
      serving.join();
      world.stop(0);
    }
  }

  private Map<String, String> settings() {
    return Map.of(
        "quarkus.http.host",
        "127.0.0.1",
        "quarkus.http.port",
        Integer.toString(URI.create(gateway).getPort()),
        "quarkus.log.level",
        "WARN",
        "gpucloud.oidc.issuer",
        address + REALM,
        "gpucloud.tenant.url",
        address,
        "gpucloud.inventory.url",
        address,
        "gpucloud.billing.url",
        address,
        "gpucloud.gateway.limits.window",
        "PT0.01S");
  }

  private void send() throws Exception {
    List<String> headers = List.of(token(), "nonsense");
    try (HttpClient client = HttpClient.newHttpClient()) {
      long until = System.nanoTime() + PATIENCE.toNanos();
      int answered = 0;
      while (answered < REQUESTS) {
        if (System.nanoTime() > until) {
          throw new IOException("the gateway answered " + answered + " requests in time");
        }
        String token = answered % 20 == 19 ? headers.getLast() : headers.getFirst();
        try {
          client.send(request(token), BodyHandlers.ofString());
          answered++;
        } catch (IOException notYet) {
          Thread.sleep(20);
        }
      }
    }
  }

  private HttpRequest request(String token) {
    return HttpRequest.newBuilder(URI.create(gateway + "/api/v1/projects/a.b/instances"))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Bearer " + token)
        .build();
  }

  private String token() throws JoseException {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(address + REALM);
    claims.setAudience("gpucloud-api");
    claims.setSubject("rehearsal");
    claims.setStringClaim("typ", "Bearer");
    claims.setIssuedAtToNow();
    claims.setExpirationTimeMinutesInTheFuture(10);
    JsonWebSignature signed = new JsonWebSignature();
    signed.setPayload(claims.toJson());
    signed.setKey(key.getPrivateKey());
    signed.setKeyIdHeaderValue(key.getKeyId());
    signed.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    return signed.getCompactSerialization();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body =
        path.endsWith("/openid-configuration")
            ? "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/certs\"}".formatted(address + REALM)
            : path.endsWith("/certs") ? new JsonWebKeySet(key).toJson() : "{\"items\":[]}";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
