package dev.gpucloud.inventory.setup;

import dev.gpucloud.contracts.event.RunSetup.IngressRule;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.ssh.SshPublicKey;
import dev.gpucloud.inventory.instance.InstanceSetup;
import dev.gpucloud.inventory.instance.InstanceSetup.NewVolume;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a tenant gives its instance; every violation is named at once. */
public final class Setups {
  /** Most public keys of an instance. */
  public static final int MOST_KEYS = 16;

  /** Most bytes of user data. */
  public static final int MOST_USER_DATA_BYTES = 49_152;

  /** Most rules of an allow-list. */
  public static final int MOST_RULES = 64;

  private final List<Violation> violations = new ArrayList<>();

  private Setups() {}

  private record Violation(String pointer, String detail) {}

  /** Checks all of it. */
  public static InstanceSetup read(
      @Nullable List<String> keys,
      @Nullable String userData,
      @Nullable String userDataBase64,
      @Nullable List<IngressRequest> ingress) {
    return read(keys, userData, userDataBase64, ingress, List.of());
  }

  /** Checks all of it; the volumes were checked where they were asked for. */
  public static InstanceSetup read(
      @Nullable List<String> keys,
      @Nullable String userData,
      @Nullable String userDataBase64,
      @Nullable List<IngressRequest> ingress,
      List<NewVolume> volumes) {
    Setups reading = new Setups();
    InstanceSetup setup =
        new InstanceSetup(
            reading.keys(keys == null ? List.of() : keys),
            reading.userData(userData, userDataBase64),
            reading.rules(ingress == null ? List.of() : ingress, "/ingress"),
            volumes);
    reading.refuse();
    return setup;
  }

  /** Checks an allow-list alone; pointers begin at {@code at}. */
  static List<IngressRule> rules(List<IngressRequest> ingress) {
    Setups reading = new Setups();
    List<IngressRule> rules = reading.rules(ingress, "/rules");
    reading.refuse();
    return rules;
  }

  private List<String> keys(List<String> lines) {
    if (lines.size() > MOST_KEYS) {
      violations.add(new Violation("/sshKeys", "at most " + MOST_KEYS + " keys"));
      return List.of();
    }
    List<String> keys = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int n = 0; n < lines.size(); n++) {
      String at = "/sshKeys/" + n;
      switch (SshPublicKey.read(lines.get(n))) {
        case SshPublicKey.Reading.Refused refused ->
            violations.add(new Violation(at, refused.why()));
        case SshPublicKey.Reading.Key(SshPublicKey key) -> {
          if (seen.add(key.fingerprint())) {
            keys.add(lines.get(n).strip());
          } else {
            violations.add(new Violation(at, "is there twice"));
          }
        }
      }
    }
    return keys;
  }

  private @Nullable String userData(@Nullable String text, @Nullable String base64) {
    if (text != null && base64 != null) {
      violations.add(new Violation("/userDataBase64", "give user data as text or as base64"));
      return null;
    }
    byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    String pointer = "/userData";
    if (base64 != null) {
      pointer = "/userDataBase64";
      try {
        bytes = Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        violations.add(new Violation(pointer, "must be base64"));
      }
    }
    if (bytes.length > MOST_USER_DATA_BYTES) {
      violations.add(new Violation(pointer, "at most " + MOST_USER_DATA_BYTES + " bytes"));
      return null;
    }
    return bytes.length == 0 ? null : Base64.getEncoder().encodeToString(bytes);
  }

  private List<IngressRule> rules(List<IngressRequest> asked, String at) {
    if (asked.size() > MOST_RULES) {
      violations.add(new Violation(at, "at most " + MOST_RULES + " rules"));
      return List.of();
    }
    List<IngressRule> rules = new ArrayList<>();
    for (int n = 0; n < asked.size(); n++) {
      IngressRule rule = asked.get(n).rule();
      if (rule.toPort() < rule.fromPort()) {
        violations.add(new Violation(at + "/" + n + "/toPort", "must not be below fromPort"));
      }
      if (Cidr.parse(rule.cidr()).isEmpty()) {
        violations.add(
            new Violation(
                at + "/" + n + "/cidr",
                "must be an IPv4 range such as 203.0.113.0/24 with no bits behind its prefix"));
      }
      rules.add(rule);
    }
    return rules;
  }

  private void refuse() {
    if (violations.isEmpty()) {
      return;
    }
    ProblemException problem =
        ProblemType.VALIDATION_FAILED.because("What the instance is given is not valid.");
    for (Violation violation : violations) {
      problem = problem.at(violation.pointer(), violation.detail());
    }
    throw problem;
  }
}
