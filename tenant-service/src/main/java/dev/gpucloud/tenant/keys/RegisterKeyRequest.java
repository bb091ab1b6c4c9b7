package dev.gpucloud.tenant.keys;

import dev.gpucloud.contracts.ssh.SshPublicKey;
import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A public key to keep. */
@Schema(
    name = "RegisterSshKey",
    examples =
        """
        {
          "name": "laptop",
          "publicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjkxFNOtGcWLWLCpGlCk kim"
        }""")
record RegisterKeyRequest(
    @Schema(
            examples = "laptop",
            maxLength = 120,
            description = "Unique among the owner's keys; the comment by default.")
        @Nullable String name,
    @Schema(
            required = true,
            maxLength = 8192,
            examples =
                "ssh-ed25519"
                    + " AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjkxFNOtGcWLWLCpGlCk kim",
            description =
                "One line in OpenSSH's form: ed25519, ecdsa on nistp256, nistp384 or nistp521, rsa of"
                    + " 2048 bits or more, or one of a hardware token.")
        @Nullable String publicKey) {
  private static final int MAX_NAME_LENGTH = 120;
  private static final int MAX_KEY_LENGTH = 8192;

  /** A key with the name it is kept under. */
  record Named(String name, SshPublicKey key) {}

  Named named() {
    var violations = new Violations();
    SshPublicKey key = key(violations);
    String shown =
        name != null ? name.strip() : key == null || key.comment().isEmpty() ? null : key.comment();
    if (shown != null && !Texts.isPrintable(shown, MAX_NAME_LENGTH)) {
      violations.add("/name", "expected 1 to " + MAX_NAME_LENGTH + " printable characters");
    }
    Refusals.throwIfAny(violations);
    SshPublicKey read = Objects.requireNonNull(key);
    return new Named(shown == null ? read.fingerprint() : shown, read);
  }

  private @Nullable SshPublicKey key(Violations violations) {
    if (publicKey == null) {
      violations.add("/publicKey", "is required");
      return null;
    }
    if (publicKey.length() > MAX_KEY_LENGTH) {
      violations.add("/publicKey", "expected at most " + MAX_KEY_LENGTH + " characters");
      return null;
    }
    return switch (SshPublicKey.read(publicKey)) {
      case SshPublicKey.Reading.Key(SshPublicKey key) -> key;
      case SshPublicKey.Reading.Refused(String why) -> {
        violations.add("/publicKey", why);
        yield null;
      }
    };
  }
}
