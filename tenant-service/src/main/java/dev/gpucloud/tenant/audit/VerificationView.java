package dev.gpucloud.tenant.audit;

import dev.gpucloud.tenant.audit.engine.ChainCheck;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What walking the chain came to. */
@Schema(name = "AuditVerification")
public record VerificationView(
    @Schema(description = "Whether everything holds.") boolean intact,
    long entries,
    long checkpoints,
    @Schema(description = "Hash of the last entry.") String headHash,
    List<ChainCheck.Finding> findings) {}
