package dev.gpucloud.tenant.audit;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A public key that checkpoints are verified with. */
@Schema(name = "AuditKey")
public record AuditKeyView(
    @Schema(description = "Start of the key's SHA-256.") String keyId,
    @Schema(examples = "Ed25519") String algorithm,
    @Schema(description = "X.509 form in base64.") String publicKey) {}
