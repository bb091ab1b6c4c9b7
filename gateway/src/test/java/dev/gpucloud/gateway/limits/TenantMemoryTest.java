package dev.gpucloud.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.limits.TenantMemory.Place;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantMemoryTest {
  @ParameterizedTest
  @CsvSource({
    "/api/v1/tenants/acme, tenants/acme",
    "/api/v1/tenants/acme/members/kim, tenants/acme",
    "/api/v1/projects/acme.train/instances, projects/acme.train",
    "/api/v1/projects/acme.train, projects/acme.train"
  })
  void findsThePlaceOfAPath(String path, String place) {
    assertThat(Place.of("kim", path)).contains(new Place("kim", place));
  }

  @ParameterizedTest
  @CsvSource({"/api/v1/me", "/api/v1/tenants", "/api/v1/admin/tenants/acme", "/api/v1/prices/a/b"})
  void findsNoneWhereThePathNamesNone(String path) {
    assertThat(Place.of("kim", path)).isEmpty();
  }

  @Test
  void whatACallerLearnedSaysNothingToAnother() {
    TenantMemory memory = new TenantMemory(10);
    memory.learn(new Place("kim", "tenants/acme"), "ten_1");

    assertThat(memory.tenantOf(new Place("kim", "tenants/acme"))).isEqualTo("ten_1");
    assertThat(memory.tenantOf(new Place("lee", "tenants/acme"))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/tenants/acme, READ",
    "HEAD, /api/v1/tenants/acme, READ",
    "POST, /api/v1/projects/a.b/instances, WRITE",
    "DELETE, /api/v1/projects/a.b/instances/i, WRITE",
    "POST, /api/v1/admin/imports/fleet, HEAVY",
    "GET, /api/v1/admin/audit/export, HEAVY",
    "GET, /api/v1/tenants/acme/invoices/i/pdf, HEAVY",
    "GET, /api/v1/finance/exports/events, HEAVY"
  })
  void classesFollowMethodAndPath(String method, String path, RouteClass expected) {
    assertThat(RouteClass.of(HttpMethod.valueOf(method), path)).isEqualTo(expected);
  }
}
