package dev.gpucloud.kit.trial;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.util.UUID;

/** A tenant-owned row of the trial service. */
@Entity(name = "note")
public class Note {
  @Id UUID id;

  @Column(name = "tenant_id")
  UUID tenantId;

  String text;
  @Version long version;
}
