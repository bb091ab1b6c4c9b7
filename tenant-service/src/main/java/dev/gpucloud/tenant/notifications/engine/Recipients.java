package dev.gpucloud.tenant.notifications.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds who is told of something: each once, whatever the roles that they are told for. */
public final class Recipients {
  private static final String SERVICE_ACCOUNT = "sac_";

  private Recipients() {}

  /** A way to somebody. */
  public sealed interface Recipient {}

  /** A person, whose address is looked up when the mail is sent. */
  public record Person(String subject) implements Recipient {}

  /** An e-mail address. */
  public record Address(String email) implements Recipient {}

  /** A webhook of the tenant, by its id. */
  public record Hook(String id) implements Recipient {}

  /**
   * Who there is.
   *
   * @param members of the tenant, with their roles there
   * @param projectMembers of the project concerned, with their roles there
   * @param billingContact the address that the tenant gave for bills
   * @param hooks that want this kind
   * @param platform addresses of whoever runs the cloud
   */
  public record People(
      List<Member> members,
      List<Member> projectMembers,
      @Nullable String billingContact,
      List<String> hooks,
      List<String> platform) {
    public static final People NONE = new People(List.of(), List.of(), null, List.of(), List.of());

    /** The same, with those who run the cloud. */
    public People platform(List<String> addresses) {
      return new People(members, projectMembers, billingContact, hooks, addresses);
    }
  }

  /** A member and the names of their roles. */
  public record Member(String subject, Set<String> roles) {
    boolean isPerson() {
      return !subject.startsWith(SERVICE_ACCOUNT);
    }
  }

  /**
   * Whom it concerns.
   *
   * @param person subject of the person concerned
   * @param address the address invited
   */
  public record Concerned(@Nullable String person, @Nullable String address) {
    public static final Concerned NOBODY = new Concerned(null, null);
  }

  /** All ways to all who are told, in a fixed order. */
  public static List<Recipient> of(NotificationKind kind, Concerned concerned, People people) {
    Set<Recipient> found = new LinkedHashSet<>();
    for (Audience audience : Audience.values()) {
      if (kind.audience().contains(audience)) {
        add(audience, concerned, people, found);
      }
    }
    people.hooks().forEach(hook -> found.add(new Hook(hook)));
    return new ArrayList<>(found);
  }

  private static void add(
      Audience audience, Concerned concerned, People people, Set<Recipient> found) {
    switch (audience) {
      case OWNERS -> add(people.members(), Set.of("OWNER"), found);
      case BILLING -> {
        add(people.members(), Set.of("BILLING_VIEWER"), found);
        if (people.billingContact() != null) {
          found.add(new Address(people.billingContact()));
        }
      }
      case OPERATORS -> {
        add(people.members(), Set.of("OPERATOR"), found);
        add(people.projectMembers(), Set.of("OWNER", "OPERATOR"), found);
      }
      case PERSON -> {
        String person = concerned.person();
        if (person != null && person.startsWith(SERVICE_ACCOUNT)) {
          add(people.members(), Set.of("OWNER"), found);
        } else if (person != null) {
          found.add(new Person(person));
        }
      }
      case INVITED -> {
        if (concerned.address() != null) {
          found.add(new Address(concerned.address()));
        }
      }
      case PLATFORM -> people.platform().forEach(address -> found.add(new Address(address)));
    }
  }

  private static void add(List<Member> members, Set<String> roles, Set<Recipient> found) {
    members.stream()
        .filter(Member::isPerson)
        .filter(member -> member.roles().stream().anyMatch(roles::contains))
        .forEach(member -> found.add(new Person(member.subject())));
  }
}
