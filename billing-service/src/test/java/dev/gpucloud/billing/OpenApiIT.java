package dev.gpucloud.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.fixture.FakeInventory;
import dev.gpucloud.testsupport.ServiceStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The committed document is the contract. When the API changes on purpose, run this test with
 * {@code -Dgpucloud.docs.write=true} and commit what it writes.
 */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "billing"))
@QuarkusTestResource(FakeInventory.class)
class OpenApiIT {
  private static final Path COMMITTED =
      Path.of(System.getProperty("gpucloud.root"), "docs/openapi/billing-service.yaml");

  @Test
  void servesExactlyTheCommittedContract() throws IOException {
    String served = given().get("/q/openapi?format=yaml").asString();
    if (Boolean.getBoolean("gpucloud.docs.write")) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, served);
    }
    assertThat(served).isEqualTo(Files.readString(COMMITTED));
  }
}
