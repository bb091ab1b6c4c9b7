package dev.gpucloud.tenant.notifications.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.notifications.engine.Recipients.Address;
import dev.gpucloud.tenant.notifications.engine.Recipients.Concerned;
import dev.gpucloud.tenant.notifications.engine.Recipients.Hook;
import dev.gpucloud.tenant.notifications.engine.Recipients.Member;
import dev.gpucloud.tenant.notifications.engine.Recipients.People;
import dev.gpucloud.tenant.notifications.engine.Recipients.Person;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecipientsTest {
  private static final People PEOPLE =
      new People(
          List.of(
              new Member("owner", Set.of("OWNER")),
              new Member("both", Set.of("OWNER", "BILLING_VIEWER")),
              new Member("billing", Set.of("BILLING_VIEWER")),
              new Member("operator", Set.of("OPERATOR")),
              new Member("viewer", Set.of("VIEWER")),
              new Member("sac_1", Set.of("OPERATOR"))),
          List.of(
              new Member("lead", Set.of("OWNER")),
              new Member("owner", Set.of("OPERATOR")),
              new Member("guest", Set.of("VIEWER")),
              new Member("sac_2", Set.of("OPERATOR"))),
          "ap@example.com",
          List.of("whk_1"),
          List.of("platform@cloud.example"));

  @Test
  void tellsOwnersAndWhoPaysOfASuspensionEachOnce() {
    assertThat(Recipients.of(NotificationKind.TENANT_SUSPENDED, Concerned.NOBODY, PEOPLE))
        .containsExactly(
            new Person("owner"),
            new Person("both"),
            new Person("billing"),
            new Address("ap@example.com"),
            new Hook("whk_1"));
  }

  @Test
  void tellsWhoRunsInstancesOfMaintenanceAndNoServiceAccount() {
    assertThat(
            Recipients.of(
                NotificationKind.INSTANCE_MAINTENANCE_SCHEDULED, Concerned.NOBODY, PEOPLE))
        .containsExactly(
            new Person("owner"),
            new Person("both"),
            new Person("operator"),
            new Person("lead"),
            new Hook("whk_1"));
  }

  @Test
  void tellsThePersonConcernedOrTheOwnersForAServiceAccount() {
    assertThat(
            Recipients.of(NotificationKind.API_KEY_EXPIRING, new Concerned("viewer", null), PEOPLE))
        .containsExactly(new Person("viewer"), new Hook("whk_1"));
    assertThat(
            Recipients.of(NotificationKind.API_KEY_EXPIRING, new Concerned("sac_1", null), PEOPLE))
        .containsExactly(new Person("owner"), new Person("both"), new Hook("whk_1"));
  }

  @Test
  void tellsTheInvitedAddressAndNobodyElseByMail() {
    assertThat(
            Recipients.of(
                NotificationKind.INVITATION_SENT, new Concerned(null, "lee@example.com"), PEOPLE))
        .containsExactly(new Address("lee@example.com"), new Hook("whk_1"));
  }

  @Test
  void tellsWhoRunsTheCloudOfAnApplicationAndNobodyElseByMail() {
    assertThat(
            Recipients.of(
                NotificationKind.APPLICATION_SUBMITTED, new Concerned("kim", null), PEOPLE))
        .containsExactly(new Address("platform@cloud.example"), new Hook("whk_1"));
  }

  @Test
  void tellsAnApplicantWhoHasNoTenantYet() {
    assertThat(
            Recipients.of(
                NotificationKind.APPLICATION_REJECTED, new Concerned("kim", null), People.NONE))
        .containsExactly(new Person("kim"));
  }
}
