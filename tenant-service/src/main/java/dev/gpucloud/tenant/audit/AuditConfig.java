package dev.gpucloud.tenant.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The audit log: checkpoints, how long what entries say is kept, and limits. */
@ConfigMapping(prefix = "gpucloud.audit-log")
interface AuditConfig {
  /** Ed25519 private key that signs checkpoints, PKCS 8 in base64. Secret. */
  Optional<String> signingKey();

  /** File of that key; made with a new key at the first start outside the prod profile. */
  @WithDefault("audit/signing-key.p8")
  Path signingKeyFile();

  /** File to which every checkpoint is appended, one JSON line each; keep it elsewhere. */
  @WithDefault("audit/checkpoints.jsonl")
  Path checkpointFile();

  /** Address that every checkpoint is posted to. */
  Optional<URI> checkpointWebhook();

  /** How often a checkpoint is signed when there is news. */
  @WithDefault("60s")
  String checkpointInterval();

  /** How long what entries about access say is kept: members, keys, roles. */
  @WithDefault("P1825D")
  Duration keepSecurity();

  /** How long what entries about other changes say is kept. */
  @WithDefault("P1825D")
  Duration keepChange();

  /** How long what entries about denied requests say is kept. */
  @WithDefault("P180D")
  Duration keepDenial();

  /** How long what entries about reads of platform staff say is kept. */
  @WithDefault("P365D")
  Duration keepRead();

  /** Most entries in one export; ask for the rest by {@code from}. */
  @WithDefault("1000000")
  long maxExport();
}
