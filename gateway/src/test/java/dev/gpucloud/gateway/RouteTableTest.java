package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
  @ParameterizedTest
  @CsvSource({
    "/api/v1/me, TENANT",
    "/api/v1/admin/tenants, TENANT",
    "/api/v1/admin/quota-requests/qrq_1/decide, TENANT",
    "/api/v1/admin/grant-calls/gcl_1/propose, TENANT",
    "/api/v1/admin/grant-awards/gaw_1, TENANT",
    "/api/v1/admin/grant-applications/gap_1/link, TENANT",
    "/api/v1/grant-calls/gcl_1/applications/gap_1/reviews, TENANT",
    "/api/v1/admin/imports/tenants, TENANT",
    "/api/v1/admin/imports/fleet, INVENTORY",
    "/api/v1/admin/hosts/hst_1, INVENTORY",
    "/api/v1/tenants, TENANT",
    "/api/v1/tenants/sk-hynix/members/abc, TENANT",
    "/api/v1/tenants/sk-hynix/quota-usage, INVENTORY",
    "/api/v1/tenants/sk-hynix/usage, BILLING",
    "/api/v1/tenants/sk-hynix/invoices, BILLING",
    "/api/v1/tenants/sk-hynix/invoices/inv_1, BILLING",
    "/api/v1/tenants/sk-hynix/credit-balances, BILLING",
    "/api/v1/tenants/sk-hynix/spend-budgets, BILLING",
    "/api/v1/tenants/sk-hynix/spend-budgets/sbg_1, BILLING",
    "/api/v1/instance-types, INVENTORY",
    "/api/v1/instance-types/b200.8x, INVENTORY",
    "/api/v1/capacity, INVENTORY",
    "/api/v1/operations/op_1, INVENTORY",
    "/api/v1/projects/sk-hynix.fab-digital-twin/instances, INVENTORY",
    "/api/v1/projects/sk-hynix.fab-digital-twin/instances/ins_1/stop, INVENTORY",
    "/api/v1/projects/prj_1/usage, BILLING",
    "/api/v1/prices, BILLING",
    "/api/v1/finance/imports/prices, BILLING",
    "/api/v1/finance/invoices/inv_1/issue, BILLING"
  })
  void findsTheOwnerOfAPath(String path, Upstream owner) {
    assertThat(RouteTable.find(path)).map(Route::upstream).contains(owner);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/me",
        "/api/v1/me/",
        "/api/v1/me/x",
        "/api/v1/internal/v1/metering/positions",
        "/internal/v1/metering/positions",
        "/q/metrics",
        "/api/v1/q/health",
        "/api/v1/admin",
        "/api/v1/admin/imports/other",
        "/api/v1/projects/p",
        "/api/v1/operations",
        "/api/v1/META"
      })
  void knowsNothingElse(String path) {
    assertThat(RouteTable.find(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/../q/metrics",
        "/api/v1/tenants/%2e%2e/x",
        "/api/v1/tenants/a%2Fb",
        "/api/v1//me",
        "/api/v1/me;x=1",
        "/api/v1/./me",
        "/api/v1/me/..",
        "/api/v1/a\\b",
        "/api/v1/%00",
        "/api/v1/%252e",
        "/api/v1/tenants/%74en_1",
        "/api/v1/tenants/sk%2Dhynix",
        "/api/v1/projects/sk-hynix%5Fa",
        "/api/v1/tenants/a%5ab"
      })
  void distrustsPathsThatTwoReadersMayReadDifferently(String path) {
    assertThat(RouteTable.isAmbiguous(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/instance-types/b200.8x",
        "/api/v1/projects/sk-hynix.fab-digital-twin/instances",
        "/api/v1/tenants/a%20b"
      })
  void acceptsPlainPaths(String path) {
    assertThat(RouteTable.isAmbiguous(path)).isFalse();
  }

  @org.junit.jupiter.api.Test
  void onlyImportsMayBeLarge() {
    assertThat(RouteTable.ROUTES.stream().filter(Route::isImport).map(Route::pattern))
        .containsExactly("admin/imports/tenants", "admin/imports/fleet", "finance/imports/prices");
  }
}
