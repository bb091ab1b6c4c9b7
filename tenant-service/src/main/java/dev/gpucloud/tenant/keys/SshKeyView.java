package dev.gpucloud.tenant.keys;

import dev.gpucloud.contracts.id.SshKeyId;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A public key that is kept here. */
@Schema(name = "RegisteredSshKey", description = "A public SSH key of a person or a project.")
record SshKeyView(
    @Schema(implementation = String.class) SshKeyId id,
    @Schema(examples = "laptop") String name,
    @Schema(examples = "ssh-ed25519") String type,
    @Schema(examples = "256") int bits,
    @Schema(
            examples = "SHA256:0KDJ9kYB8iHqTt5qXnHuZ1Fq7M0c6C8bB8hT3GqYw2E",
            description = "As ssh-keygen -l shows it.")
        String fingerprint,
    @Schema(examples = "kim@lab") String comment,
    @Schema(description = "The key as one line.") String publicKey,
    @Schema(description = "Subject of who registered it.") String createdBy,
    Instant createdAt) {}
