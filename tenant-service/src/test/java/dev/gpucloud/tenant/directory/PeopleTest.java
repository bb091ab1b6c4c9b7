package dev.gpucloud.tenant.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.directory.People.Person;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Users as Keycloak's admin API shows them. */
class PeopleTest {
  @Test
  void readsAddressAndLocaleOfAUser() {
    assertThat(
            person(
                """
                {"id": "a", "enabled": true, "emailVerified": true, "email": "lee@example.com",
                 "attributes": {"locale": ["ko"]}}"""))
        .contains(new Person("lee@example.com", Optional.of("ko")));
    assertThat(
            person("{\"enabled\": true, \"emailVerified\": true, \"email\": \"lee@example.com\"}"))
        .contains(new Person("lee@example.com", Optional.empty()));
  }

  @Test
  void reachesNobodyAtAnAddressThatIsNotVerifiedOrWhoMayNotLogIn() {
    assertThat(
            person("{\"enabled\": true, \"emailVerified\": false, \"email\": \"l@example.com\"}"))
        .isEmpty();
    assertThat(
            person("{\"enabled\": false, \"emailVerified\": true, \"email\": \"l@example.com\"}"))
        .isEmpty();
    assertThat(person("{\"enabled\": true, \"emailVerified\": true}")).isEmpty();
  }

  private static Optional<Person> person(String json) {
    return People.person(new JsonObject(json));
  }
}
