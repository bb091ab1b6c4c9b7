package dev.gpucloud.kit.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteNamesTest {
  @ParameterizedTest
  @CsvSource({
    "POST /api/v1/tenants/{tenant}/projects,",
    "POST /api/v1/admin/hosts/{host}/cordon, host",
    "PUT /api/v1/tenants/{tenant}/members/{subject}, subject",
    "GET /api/v1/admin/tenants,"
  })
  void knowsTheParameterThatNamesTheTarget(String route, String parameter) {
    assertThat(RouteNames.targetParameter(route).orElse(null)).isEqualTo(parameter);
  }

  @ParameterizedTest
  @CsvSource({
    "POST /api/v1/admin/tenants, admin.tenants.create, tenants, CHANGE",
    "POST /api/v1/tenants/{tenant}/projects, tenants.projects.create, projects, CHANGE",
    "POST /api/v1/admin/hosts/{host}/cordon, admin.hosts.cordon, hosts, CHANGE",
    "PUT /api/v1/tenants/{tenant}/members/{subject}, tenants.members.set, members, SECURITY",
    "DELETE /api/v1/projects/{project}/volumes/{volume}, projects.volumes.delete, volumes, CHANGE",
    "POST /api/v1/admin/imports/fleet, admin.imports.fleet.create, fleet, CHANGE",
    "PATCH /api/v1/tenants/{tenant}/api-keys/{key}, tenants.api-keys.change, api-keys, SECURITY",
    "GET /api/v1/finance/invoices, finance.invoices.read, invoices, CHANGE",
    "* /many, many.*, many, CHANGE",
    "'GET ', .read, service, CHANGE"
  })
  void namesAnActByItsRoute(String route, String action, String target, AuditCategory category) {
    assertThat(RouteNames.action(route)).isEqualTo(action);
    assertThat(RouteNames.targetType(route)).isEqualTo(target);
    assertThat(RouteNames.category(route)).isEqualTo(category);
  }
}
