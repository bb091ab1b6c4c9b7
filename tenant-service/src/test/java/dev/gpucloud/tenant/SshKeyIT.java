package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static dev.gpucloud.tenant.fixture.Api.refused;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.response.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@TenantService
class SshKeyIT {
  private static final String ED25519 =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFAdUmUVSJsHZ/h2ud0c16TvKT5zKLFt/zd9tbJYo+HN";
  private static final String SHORT_RSA =
      "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDZI1BgiNa+iMTy/y29MG7wIYkVOYbRqbGVdQsJqyHMAG7YBO7RoKQ6zhyoN0RxVHfpvz7SmmjKWrs5bNj+q66SomjlokvUvzroTAmApZa/av0auuX3CPXxffLc/Ac6pO/vDyhmTQqrVrAk2blXzrPb6X7UHmHUomTE75cDVJTGaw==";

  @Test
  void keepsAPersonsKeys() {
    String person = slug("keeper");

    Response kept = register(person, "{'publicKey': '" + ED25519 + " kim@lab'}");

    assertThat(kept.statusCode()).describedAs(kept.asString()).isEqualTo(201);
    assertThat(kept.jsonPath().getString("name")).isEqualTo("kim@lab");
    assertThat(kept.jsonPath().getString("type")).isEqualTo("ssh-ed25519");
    assertThat(kept.jsonPath().getInt("bits")).isEqualTo(256);
    assertThat(kept.jsonPath().getString("fingerprint")).startsWith("SHA256:").hasSize(50);
    String id = kept.jsonPath().getString("id");
    assertThat(kept.header("Location")).isEqualTo("/api/v1/me/ssh-keys/" + id);
    assertThat(as(person).get("/me/ssh-keys").jsonPath().getList("items.id")).containsExactly(id);
    assertThat(as(slug("other")).get("/me/ssh-keys").jsonPath().getList("items")).isEmpty();
    refused(as("thief").delete("/me/ssh-keys/" + id), 404, "NOT_FOUND");
    assertThat(as(person).delete("/me/ssh-keys/" + id).statusCode()).isEqualTo(204);
    refused(as(person).delete("/me/ssh-keys/" + id), 404, "NOT_FOUND");
    assertThat(as(person).get("/me/ssh-keys").jsonPath().getList("items")).isEmpty();
  }

  @Test
  void keepsAKeyOncePerOwner() {
    String person = slug("unique");
    register(person, "{'name': 'laptop', 'publicKey': '" + ED25519 + "'}");
    Response again =
        refused(
            register(person, "{'name': 'phone', 'publicKey': '" + ED25519 + " other'}"),
            409,
            "ALREADY_EXISTS");
    assertThat(again.jsonPath().getList("errors.pointer")).containsExactly("/publicKey");
    assertThat(again.jsonPath().getString("detail"))
        .isEqualTo("The key is registered already, as 'laptop'.");
    String other = slug("unique");
    List<Integer> statuses =
        IntStream.range(0, 4)
            .mapToObj(
                n ->
                    CompletableFuture.supplyAsync(
                        () ->
                            register(
                                    other,
                                    "{'name': 'n%d', 'publicKey': '%s'}".formatted(n, ED25519))
                                .statusCode()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .sorted()
            .toList();
    assertThat(statuses).containsExactly(201, 409, 409, 409);
  }

  @Test
  void keepsTheKeysOfAProjectForAllWhoWorkOnIt() {
    Tenant tenant = openTenant("pkeys");
    String path = "/tenants/" + tenant.slug() + "/projects/training/ssh-keys";
    Response kept =
        json(withKey(tenant.as("operator")), "{'name': 'ci', 'publicKey': '" + ED25519 + "'}")
            .post(path);
    assertThat(kept.statusCode()).describedAs(kept.asString()).isEqualTo(201);
    assertThat(kept.jsonPath().getString("createdBy")).isEqualTo(tenant.slug() + "-operator");
    String id = kept.jsonPath().getString("id");
    assertThat(tenant.as("viewer").get(path).jsonPath().getList("items.name"))
        .containsExactly("ci");
    Tenant other = openTenant("pkeys-other");
    String foreign = "/tenants/" + other.slug() + "/projects/training/ssh-keys";
    assertThat(other.as("owner").get(foreign).jsonPath().getList("items")).isEmpty();
    refused(other.as("owner").delete(foreign + "/" + id), 404, "NOT_FOUND");
    refused(other.as("owner").get(path), 404, "NOT_FOUND");
    refused(
        tenant.as("owner").get("/tenants/" + tenant.slug() + "/projects/none/ssh-keys"),
        404,
        "NOT_FOUND");
    assertThat(tenant.as("owner").delete(path + "/" + id).statusCode()).isEqualTo(204);
  }

  @Test
  void refusesKeysThatAreNoneOrTooShort() {
    String person = slug("weak");
    Response weak =
        refused(register(person, "{'publicKey': '" + SHORT_RSA + "'}"), 400, "VALIDATION_FAILED");
    assertThat(weak.jsonPath().getList("errors.pointer")).containsExactly("/publicKey");
    assertThat(weak.jsonPath().getString("errors[0].detail"))
        .startsWith("an RSA key needs 2048 to 16384 bits, this one has 1024");
    refused(register(person, "{'publicKey': 'hello'}"), 400, "VALIDATION_FAILED");
    refused(register(person, "{'name': 'x'}"), 400, "VALIDATION_FAILED");
    refused(register(person, "{'key': 'x'}"), 400, "UNKNOWN_FIELD");
    refused(
        json(as(person), "{'publicKey': '" + ED25519 + "'}").post("/me/ssh-keys"),
        400,
        "IDEMPOTENCY_KEY_REQUIRED");
  }

  private static Response register(String person, String body) {
    return json(withKey(as(person)), body).post("/me/ssh-keys");
  }
}
